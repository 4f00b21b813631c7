// One run of the command line from start to end, timed from outside.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Seconds by the clock, of all processors (processes that it starts are counted, once they have ended) and to the first line on stdout,
 * with the stages of the run's manifest.
 *
 * @param {string} build - A checkout that is built.
 * @param {readonly string[]} words - The command and its arguments, without --out.
 */
export function timedCommand(build, words) {
  const folder = mkdtempSync(join(tmpdir(), "tokensphere-timed-"));
  try {
    const program = [process.execPath, join(build, "dist/src/cli.js"), ...words, "--out", join(folder, "run")];
    const script = `set -o pipefail; TIMEFORMAT='%R %U %S'; start=$EPOCHREALTIME; time "$@" | { IFS= read -r _; echo "$EPOCHREALTIME $start" >&3; cat > ${folder}/out; }`;
    const { status, stderr, output } = spawnSync("bash", ["-c", script, "bash", ...program], {
      encoding: "utf8",
      stdio: ["ignore", "inherit", "pipe", "pipe"],
    });
    if (status !== 0) throw new Error(`${build}: ${stderr}`);
    const [wall, user, system] = stderr.trim().split("\n").at(-1).split(" ").map(Number);
    const [first, start] = output[3].trim().split(" ").map(Number);
    const { stages } = JSON.parse(readFileSync(join(folder, "run/manifest.json"), "utf8"));
    return { wall, processor: user + system, table: first - start, stages };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

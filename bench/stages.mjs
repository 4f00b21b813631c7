// What `compare` costs, stage by stage, beside another build in the same minutes: processor time is what counts on a machine that others use.
//
//     npm run build && node bench/stages.mjs OTHER_CHECKOUT [--rounds 1] [-- ARGUMENTS OF compare]
//
// Both builds take turns. Without OTHER_CHECKOUT only this one is measured; without arguments it is `npm start`.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

const split = process.argv.indexOf("--", 2);
const own = process.argv.slice(2, split < 0 ? undefined : split);
const given = split < 0 ? [] : process.argv.slice(split + 1);
const { values, positionals } = parseArgs({
  args: own,
  allowPositionals: true,
  options: { rounds: { type: "string", default: "1" } },
});
const builds = [resolve(import.meta.dirname, ".."), ...positionals.map((path) => resolve(path))];

const runs = builds.map(() => []);
for (let round = 0; round < Number(values.rounds); round++) {
  for (const [b, build] of builds.entries()) runs[b].push(measured(build));
}
const best = runs.map((all) => all.reduce((a, b) => (b.processor < a.processor ? b : a)));
const names = [...new Set(best.flatMap(({ stages }) => [...stages.keys()]))];
const [mine, other] = best;
const row = (name, a, b) =>
  `${name.padEnd(22)}${a.toFixed(1).padStart(9)}${b === undefined ? "" : `${b.toFixed(1).padStart(9)}${(a / b).toFixed(2).padStart(8)}`}`;
console.log(
  `${"seconds".padEnd(22)}${"this".padStart(9)}${other ? `${"other".padStart(9)}${"ratio".padStart(8)}` : ""}`,
);
for (const name of names) console.log(row(name, mine.stages.get(name) ?? 0, other && (other.stages.get(name) ?? 0)));
console.log(row("table of measures at", mine.table, other?.table));
console.log(row("wall time, all", mine.wall, other?.wall));
console.log(row("processor time, all", mine.processor, other?.processor));

/** One run of a build: its stages and totals, in seconds. Processes that it starts are counted, once they have ended. */
function measured(build) {
  const folder = mkdtempSync(join(tmpdir(), "tokensphere-stages-"));
  try {
    const program = [
      process.execPath,
      join(build, "dist/src/cli.js"),
      "compare",
      ...given,
      "--out",
      join(folder, "run"),
    ];
    const script = `set -o pipefail; TIMEFORMAT='%R %U %S'; start=$EPOCHREALTIME; time "$@" | { IFS= read -r _; echo "$EPOCHREALTIME $start" >&3; cat > ${folder}/out; }`;
    const { status, stderr, output } = spawnSync("bash", ["-c", script, "bash", ...program], {
      encoding: "utf8",
      stdio: ["ignore", "inherit", "pipe", "pipe"],
    });
    if (status !== 0) throw new Error(`${build}: ${stderr}`);
    const [wall, user, system] = stderr.trim().split("\n").at(-1).split(" ").map(Number);
    const [first, start] = output[3].trim().split(" ").map(Number);
    const { stages } = JSON.parse(readFileSync(join(folder, "run/manifest.json"), "utf8"));
    return {
      wall,
      processor: user + system,
      table: first - start,
      stages: new Map(stages.map(({ stage, seconds }) => [stage, seconds])),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

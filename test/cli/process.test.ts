import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { writeHiddenStates } from "../../models/states/write-hidden-states.ts";
import { uniformCloud } from "../../sim/clouds/uniform-cloud.ts";
import { LOCK } from "../../src/run/rows/run-files.ts";
import { statesOf } from "../fit/simulated-states.ts";
import { javascriptCopy } from "../javascript-copy.ts";
import { SKIPS } from "../skips.ts";

let program: string;
let cwd: string;
beforeAll(async () => {
  program = join(await javascriptCopy(["src/cli.ts"]), "src/cli.js");
  cwd = mkdtempSync(join(tmpdir(), "tokensphere-process-"));
  const layers = [1, 2, 3].map((seed) => Float32Array.from(uniformCloud(8, 3, randomSource(seed)).x));
  await writeHiddenStates(join(cwd, "states.safetensors"), [statesOf(layers, 8, 3)]);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const start = (line: string) =>
  spawn(process.execPath, [program, ...line.split(" ")], { cwd, stdio: ["ignore", "pipe", "pipe"] });

/** State and parent of a process; `null` where there is none. */
function processOf(pid: number | string): { readonly state: string; readonly parent: number } | null {
  try {
    const [, state, parent] = /\) (\S) (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
    return { state, parent: Number(parent) };
  } catch {
    return null;
  }
}

const childrenOf = (pid: number | string) =>
  readdirSync("/proc").filter((name) => /^\d+$/.test(name) && processOf(name)?.parent === Number(pid));

/** Waits for what is to come, fifty seconds at most. */
async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo() && tries < 1000; tries++) await setTimeout(50);
  expect(isSo()).toBe(true);
}

/** One that has ended but that nobody waited for is a zombie. */
const isAlive = (pid: string) => (processOf(pid)?.state ?? "Z") !== "Z";

describe("a reader that closes early", () => {
  it("is no failure, and the run is written whole", async () => {
    const child = start("probe states.safetensors --out o");
    child.stdout.destroy();
    const [code] = await once(child, "exit");
    expect(code).toBe(0);
    expect(readdirSync(join(cwd, "o"))).toEqual(
      expect.arrayContaining(["metrics.csv", "manifest.json", "report.html"]),
    );
    expect(readdirSync(cwd).filter((name) => name.includes("draft"))).toEqual([]);
  });
});

describe.skipIf(SKIPS.full.skipped)("a full disk behind standard output", () => {
  it.each(["theory growth --beta 1 --d 3", "--help"])("is told in one line, with exit code 5: %s", async (line) => {
    const full = openSync("/dev/full", "w");
    const child = spawn(process.execPath, [program, ...line.split(" ")], { cwd, stdio: ["ignore", full, "pipe"] });
    closeSync(full);
    const [said, [code]] = await Promise.all([text(child.stderr!), once(child, "close")]);
    expect({ code, said }).toEqual({
      code: 5,
      said: "error: cannot write to standard output: ENOSPC. check the space left\n",
    });
  });
});

// Where processes are looked up as there.
describe.skipIf(SKIPS.linux.skipped)("an interrupted sweep", () => {
  it("leaves no helping process behind", async () => {
    // Busy for seconds between two looks at messages: what nobody ends goes on.
    const busy = "const end = Date.now() + 20; while (Date.now() < end); out.set(x);";
    writeFileSync(
      join(cwd, "busy.mjs"),
      `export default { dynamics: [{ name: "busy", field({ x }, out) { ${busy} } }] };`,
    );
    const grid = "--n 4 --d 3 --betas 1,2 --times 0,9 --seeds 600 --workers 2";
    const child = start(`sweep -q --plugin busy.mjs --dynamics busy ${grid}`);
    const helpersOf = () => childrenOf(child.pid!).flatMap(childrenOf);
    await until(() => helpersOf().length === 2);
    const helpers = helpersOf();
    await setTimeout(1500); // They have loaded the plugin and are at work.
    child.kill("SIGINT");
    const [code] = await once(child, "exit");
    expect(code).toBe(130);
    await until(() => !helpers.some(isAlive));
  });
});

// A library that blocks its thread, or a loop that never ends, without the heat of one.
const ENDLESS = `import { writeFileSync } from "node:fs";
const field = () => {
  writeFileSync(\`at-work.\${process.argv.at(-1)}\`, "");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
};
export default { dynamics: [{ name: "endless", field }] };`;

/** A sweep that has come to its endless work, and has claimed a folder. */
async function endless(out: string) {
  writeFileSync(join(cwd, "endless.mjs"), ENDLESS);
  const grid = "--n 3 --d 2 --betas 1 --times 0,1 --seeds 1 --workers 1";
  const child = start(`sweep -q --plugin endless.mjs --dynamics endless ${grid} --out ${out}`);
  const said: string[] = [];
  child.stderr.on("data", (text) => void said.push(String(text)));
  await until(() => existsSync(join(cwd, `at-work.${out}`)));
  expect(claimed(out)).toBe(true);
  const begin = performance.now();
  const ended = once(child, "close").then(([code]) => ({ code, seconds: (performance.now() - begin) / 1000, said }));
  return { child, ended };
}

const claimed = (out: string) => existsSync(join(cwd, out, LOCK));

describe("work that never ends", () => {
  it("is ended within two seconds by a closed terminal, and leaves nothing half-written", async () => {
    const { child, ended } = await endless("hangup");
    child.kill("SIGHUP");
    const end = await ended;
    expect(end).toMatchObject({ code: 129, said: [] });
    // Two seconds, and as much again for a machine that is busy.
    expect(end.seconds).toBeLessThan(4);
    expect(claimed("hangup")).toBe(false);
  });

  it("is ended at once by a second Ctrl-C; what npm passes on beside the terminal is no second one", async () => {
    const { child, ended } = await endless("twice");
    child.kill("SIGINT");
    await setTimeout(50);
    child.kill("SIGINT");
    await setTimeout(350);
    expect(child.exitCode).toBe(null);
    child.kill("SIGINT");
    const end = await ended;
    expect(end.code).toBe(130);
    // Sooner than what is ended after being asked once.
    expect(end.seconds).toBeLessThan(1.2);
    expect(claimed("twice")).toBe(false);
  });

  it.skipIf(SKIPS.linux.skipped)("does not outlive what watches over it", async () => {
    const { child, ended } = await endless("orphan");
    const [work] = childrenOf(child.pid!);
    child.kill("SIGKILL");
    await Promise.all([ended, until(() => !isAlive(work))]);
  });

  it.skipIf(SKIPS.linux.skipped)("and is ended from outside is said to be so, by its signal", async () => {
    const { child, ended } = await endless("crashed");
    process.kill(Number(childrenOf(child.pid!)[0]), "SIGKILL");
    const { code, said } = await ended;
    expect(code).toBe(137);
    expect(said).toEqual([expect.stringMatching(/^error: the work was ended by SIGKILL\. .*\n$/)]);
    expect(claimed("crashed")).toBe(false);
  });
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { writeHiddenStates } from "../../models/states/write-hidden-states.ts";
import { uniformCloud } from "../../sim/clouds/uniform-cloud.ts";
import { statesOf } from "../fit/simulated-states.ts";
import { javascriptCopy } from "../javascript-copy.ts";
import { SKIPS } from "../skips.ts";

let program: string;
let cwd: string;
beforeAll(async () => {
  program = join(javascriptCopy(["src/cli.ts"]), "src/cli.js");
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

const childrenOf = (pid: number) =>
  readdirSync("/proc").filter((name) => /^\d+$/.test(name) && processOf(name)?.parent === pid);

/** One that has ended but that nobody waited for is a zombie. */
const isAlive = (pid: string) => (processOf(pid)?.state ?? "Z") !== "Z";

describe("a reader that closes early", () => {
  it("is no failure, and the run is written whole", async () => {
    const child = start("compare states.safetensors --bootstrap 0 --time linear --no-updates --out o");
    child.stdout.destroy();
    const [code] = await once(child, "exit");
    expect(code).toBe(0);
    expect(readdirSync(join(cwd, "o"))).toEqual(expect.arrayContaining(["fit.json", "manifest.json", "report.html"]));
    expect(readdirSync(cwd).filter((name) => name.includes("draft"))).toEqual([]);
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
    const child = start(`sweep --plugin busy.mjs --dynamics busy ${grid}`);
    let helpers: string[] = [];
    for (let tries = 0; helpers.length < 2 && tries < 200; tries++) {
      await setTimeout(50);
      helpers = childrenOf(child.pid!);
    }
    expect(helpers).toHaveLength(2);
    await setTimeout(1500); // They have loaded the plugin and are at work.
    child.kill("SIGINT");
    const [code] = await once(child, "exit");
    expect(code).toBe(130);
    for (let tries = 0; helpers.some(isAlive) && tries < 20; tries++) await setTimeout(50);
    expect(helpers.filter(isAlive)).toEqual([]);
  });
});

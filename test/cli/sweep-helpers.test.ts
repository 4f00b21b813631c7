import { execFile } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SweepOptions, sweep } from "../../sim/sweep/sweep.ts";
import { sweepHelpers } from "../../src/workers/sweep-helpers.ts";
import { javascriptCopy } from "../javascript-copy.ts";

const run = promisify(execFile);

/** Three jobs a β. */
const TASK: SweepOptions = { dynamics: "sa", n: 4, d: 2, betas: [1, 3], times: [0, 1, 2, 5], seeds: 600, firstSeed: 7 };

let folder: string;

/** What a helping process needs of the project, in JavaScript and without a look at its types: it cannot run TypeScript. */
beforeAll(() => {
  folder = javascriptCopy(["src/workers/sweep-helpers.ts", "src/workers/sweep-child.ts", "sim/sweep/sweep.ts"]);
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program that knows `sweep`, `sweepHelpers`, `processHelper` and `task`, and reads the JSON it prints. */
async function told(program: string): Promise<unknown> {
  const head = [
    'import { sweep } from "./sim/sweep/sweep.js";',
    'import { processHelper, sweepHelpers } from "./src/workers/sweep-helpers.js";',
    `const task = ${JSON.stringify(TASK)};`,
    "const print = (value) => console.log(JSON.stringify(value));",
  ];
  writeFileSync(join(folder, "program.js"), [...head, program].join("\n"));
  const { stdout } = await run(process.execPath, ["program.js"], { cwd: folder, timeout: 30_000 });
  return JSON.parse(stdout);
}

describe("helping processes", () => {
  it("give the same rows as this process alone, and leave none behind", async () => {
    const found = await told("print(await sweep(task, {}, sweepHelpers(2)));");
    expect(found).toEqual(JSON.parse(JSON.stringify(await sweep(TASK))));
  });

  it("tell failures of the user's as they are", async () => {
    const found = await told(`
      const wrong = (given, signal) => processHelper({ ...given, dynamics: "none" }, signal);
      try { await sweep(task, {}, [wrong, wrong]); } catch ({ kind, message }) { print({ kind, message }); }`);
    expect(found).toMatchObject({ kind: "usage", message: expect.stringContaining("none") });
  });

  it("that are lost are named, with a remedy", async () => {
    const found = await told(`
      process.env.NODE_OPTIONS = "--no-such-flag";
      try { await sweep(task, {}, sweepHelpers(2)); } catch ({ kind, message }) { print({ kind, message }); }`);
    const message = "sweep: a helping process ended (exit code 9). use --workers 1, or fewer seeds";
    expect(found).toEqual({ kind: "environment", message });
  });

  it("stop when they are told to", async () => {
    const found = await told(`
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 300);
      try { await sweep({ ...task, seeds: 1e6, signal: controller.signal }, {}, sweepHelpers(2)); print("done"); }
      catch ({ name }) { print(name); }`);
    expect(found).toBe("AbortError");
  });

  it("are one and the same process where nobody else can help", () => {
    expect(sweepHelpers(1)).toHaveLength(1);
    expect(sweepHelpers(4)).toHaveLength(1);
  });
});

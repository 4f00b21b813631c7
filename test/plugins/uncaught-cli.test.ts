import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { writeHiddenStates } from "../../models/states/write-hidden-states.ts";
import { uniformCloud } from "../../sim/index.ts";
import { statesOf } from "../fit/simulated-states.ts";
import { javascriptCopy } from "../javascript-copy.ts";

let program: string;
let cwd: string;

beforeAll(async () => {
  program = await javascriptCopy(["src/cli.ts", "src/index.ts", "models/index.ts", "probes/index.ts", "sim/index.ts"]);
  cwd = mkdtempSync(join(tmpdir(), "tokensphere-uncaught-"));
  const layers = [1, 2].map((seed) => Float32Array.from(uniformCloud(8, 3, randomSource(seed)).x));
  await writeHiddenStates(join(cwd, "states.safetensors"), [statesOf(layers, 8, 3)]);
}, 60_000);

afterAll(() => rmSync(cwd, { recursive: true, force: true }));

interface Told {
  readonly code: number;
  readonly errors: readonly string[];
}

/** Runs a command line with this plugin. */
function withPlugin(text: string, ...args: string[]): Promise<Told> {
  writeFileSync(join(cwd, "bad.mjs"), text);
  const line = [join(program, "src/cli.js"), ...args, "--plugin", "bad.mjs", "-q"];
  return new Promise((done) => {
    execFile(process.execPath, line, { cwd, timeout: 50_000 }, (error, _out, err) => {
      done({ code: Number(error?.code ?? 0), errors: err.split("\n").filter((one) => one !== "") });
    });
  });
}

const SIMULATED = "simulate --dynamics bad --beta 1 --n 4 --d 2 --times 0,1".split(" ");
const SWEPT = "sweep --dynamics bad --n 4 --d 2 --betas 1 --times 0,1 --seeds 300 --workers 2".split(" ");
const PROBED = ["probe", "states.safetensors", "--out", "probed"];

/** An error that nobody waits for, while the plugin is at work. */
const later = (member: string) => `setTimeout(() => { throw new Error("late\\nand lost"); }, 0); ${member}`;
/** Longer than a timer of 0 ms. */
const busy = "const end = Date.now() + 20; while (Date.now() < end);";

describe("a function of a plugin that throws only later", () => {
  it("in a field: one line and exit code 3", async () => {
    const plugin = 'export default { dynamics: [{ name: "bad", async field() { throw new Error("lost"); } }] };';
    const { code, errors } = await withPlugin(plugin, ...SIMULATED);
    expect({ code, errors }).toEqual({
      code: 3,
      errors: [expect.stringMatching(/^error: dynamics bad \(bad\.mjs\): /)],
    });
  });

  it("in a measure: one line and exit code 3, and nothing is left of the run", async () => {
    const plugin = 'export default { measures: [{ name: "bad", async value() { throw new Error("lost"); } }] };';
    const { code, errors } = await withPlugin(plugin, ...PROBED);
    expect({ code, errors }).toEqual({
      code: 3,
      errors: [expect.stringMatching(/^error: .*measure bad \(bad\.mjs\): /)],
    });
    expect(readdirSync(cwd).sort()).toEqual(["bad.mjs", "states.safetensors"]);
  });
});

describe("an error of a plugin that nobody can catch is told in one line", () => {
  const INTERNAL = "internal error: late and lost. this is a fault of tokensphere; --debug shows where";

  it("while a run is written: nothing is left of it", async () => {
    const plugin = `export default { measures: [{ name: "bad", value() { ${later(`${busy} return 1;`)} } }] };`;
    expect(await withPlugin(plugin, ...PROBED)).toEqual({ code: 1, errors: [INTERNAL] });
    expect(readdirSync(cwd).sort()).toEqual(["bad.mjs", "states.safetensors"]);
  });

  it("as it is loaded, a promise that fails", async () => {
    const plugin = 'Promise.reject(new Error("late\\nand lost")); export default { dynamics: [] };';
    expect(await withPlugin(plugin, ...PROBED)).toEqual({ code: 1, errors: [INTERNAL] });
  });

  it("in a process of a sweep", async () => {
    // A process that is asked has a channel to the one who asks.
    const plugin = `if (process.send) { ${later("await new Promise((done) => setTimeout(done, 50));")} }
      export default { dynamics: [{ name: "bad", field() {} }] };`;
    expect(await withPlugin(plugin, ...SWEPT)).toEqual({ code: 1, errors: [INTERNAL] });
  });
});

describe("a plugin whose import never ends", () => {
  it("is named in one line, exit code 3", async () => {
    const plugin = "await new Promise(() => {}); export default { dynamics: [] };";
    const line = "error: plugin bad.mjs: its top-level await never ends. settle what it waits for";
    expect(await withPlugin(plugin, ...PROBED)).toEqual({ code: 3, errors: [line] });
  });
});

import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { DYNAMICS } from "../../sim/dynamics/dynamics-table.ts";
import { ENGINES } from "../../sim/engines/engine-table.ts";
import { tsit5 } from "../../sim/methods/tsit5.ts";
import { type SweepOptions, sweep } from "../../sim/sweep/sweep.ts";
import { sentTask } from "../../src/workers/send-task.ts";
import { sweepHelpers } from "../../src/workers/sweep-helpers.ts";
import { besideCopy, javascriptCopy } from "../javascript-copy.ts";

const run = promisify(execFile);

/** Three jobs a β. */
const TASK: SweepOptions = { dynamics: "sa", n: 4, d: 2, betas: [1, 3], times: [0, 1, 2, 5], seeds: 600, firstSeed: 7 };

/** A plugin that says in which processes it was loaded. */
const PLUGIN = `
  import { appendFileSync } from "node:fs";
  appendFileSync("pids.txt", process.pid + " ");
  const field = ({ x, n, d, parameters: { pull } }, out) => {
    for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) out[i * d + k] = pull * x[k];
  };
  export default {
    dynamics: [
      { name: "to_the_first", parameters: { pull: { default: 1 } }, field },
      { name: "broken", field: (_, out) => { out.fill(NaN); } },
    ],
  };`;

let folder: string;

/** What a helping process needs of the project, in JavaScript and without a look at its types: it cannot run TypeScript. */
beforeAll(async () => {
  folder = besideCopy(
    await javascriptCopy([
      ...["src/workers/sweep-helpers.ts", "src/workers/sweep-child.ts"],
      ...["sim/sweep/sweep.ts", "sim/sweep/sweep-clusters.ts"],
    ]),
  );
}, 60_000);

/** Runs a program that knows `sweep`, `sweepClusters`, `sweepHelpers`, `processHelper` and `task`, and reads the JSON it prints. */
async function told(program: string): Promise<unknown> {
  const head = [
    'import { sweep } from "../sim/sweep/sweep.js";',
    'import { sweepClusters } from "../sim/sweep/sweep-clusters.js";',
    'import { readFileSync } from "node:fs";',
    'import { loadPlugins } from "../src/plugins/load-plugins.js";',
    'import { processHelper, sweepHelpers } from "../src/workers/sweep-helpers.js";',
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

  it("count the same clusters as this process alone", async () => {
    const found = await told(`
      const own = { ...task, seeds: 20, thresholds: [0.9, 0.99], rtol: 1e-6 };
      const told = async (helpers) => {
        const rows = [];
        await sweepClusters(own, { row: (beta, census) => void rows.push([beta, census]) }, helpers);
        return JSON.stringify(rows);
      };
      print([await told(sweepHelpers(2)) === await told(sweepHelpers(1)), (await told(sweepHelpers(3))).length > 1000]);`);
    expect(found).toEqual([true, true]);
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

  it("load the plugin that a dynamics is from, and compute with it what this process does", async () => {
    writeFileSync(join(folder, "mine.mjs"), PLUGIN);
    const found = await told(`
      const { dynamics: [mine] } = await loadPlugins(["mine.mjs"], ".");
      const own = { ...task, dynamics: mine, params: { pull: 2 } };
      const [apart, here] = [await sweep(own, {}, sweepHelpers(2, { plugins: ["mine.mjs"] })), await sweep(own)];
      const processes = new Set(readFileSync("pids.txt", "utf8").trim().split(" ")).size;
      print({ same: JSON.stringify(apart) === JSON.stringify(here), failed: apart[0].failed, processes });`);
    expect(found).toEqual({ same: true, failed: 0, processes: 3 });
  });

  it("tell what a plugin does wrong in one line that names it and its file", async () => {
    writeFileSync(join(folder, "mine.mjs"), PLUGIN);
    const found = await told(`
      const { dynamics: [, broken] } = await loadPlugins(["mine.mjs"], ".");
      try { await sweep({ ...task, dynamics: broken }, {}, sweepHelpers(2, { plugins: ["mine.mjs"] })); }
      catch ({ kind, message }) { print({ kind, message }); }`);
    const message = "dynamics broken (mine.mjs): field gave NaN at token 0, beta 1. give finite numbers";
    expect(found).toEqual({ kind: "input", message });
  });

  it("leave to this process what has functions and no file", async () => {
    const found = await told(`
      const own = { ...task, dynamics: { name: "rest", field: () => {} } };
      const rows = [await sweep(own, {}, sweepHelpers(2)), await sweep(own)].map((each) => JSON.stringify(each));
      print(rows[0] === rows[1]);`);
    expect(found).toBe(true);
  });

  it("take what is one of ours by its name", () => {
    const task = { ...TASK, ...{ seeds: 1, firstSeed: 0, threshold: 0.9, rtol: 1e-6, atol: 1e-6, threads: 1 } };
    const whole = { ...task, dynamics: DYNAMICS.sa, method: tsit5, engine: ENGINES.ts, precision: "float64" } as const;
    expect(sentTask(whole, ["/mine.mjs"])).toMatchObject({ task: { dynamics: "sa", engine: "ts" }, plugins: [] });
    expect(sentTask({ ...whole, dynamics: { ...DYNAMICS.sa } }, ["/mine.mjs"])).toBeNull();
    expect(sentTask({ ...whole, dynamics: { ...DYNAMICS.sa, origin: "mine.mjs" } }, [])).toBeNull();
    expect(sentTask({ ...whole, engine: { ...ENGINES.ts } }, [])).toBeNull();
  });

  it("are one and the same process where nobody else can help", () => {
    expect(sweepHelpers(1)).toHaveLength(1);
    expect(sweepHelpers(4)).toHaveLength(1);
  });
});

import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { besideCopy, javascriptCopy } from "../javascript-copy.ts";

const run = promisify(execFile);

let folder: string;
beforeAll(async () => {
  folder = besideCopy(
    await javascriptCopy(["src/workers/study-helper.ts", "src/workers/study-child.ts", "src/workers/far-workshop.ts"]),
  );
}, 60_000);

/** Runs a program that knows `helper`, `failure` of a promise and `states`, and reads the JSON it prints. */
async function told(program: string): Promise<unknown> {
  const head = [
    'import { studyHelper } from "../src/workers/study-helper.js";',
    "const helper = studyHelper();",
    "const layer = (layer) => ({ layer, x: Float32Array.from({ length: 12 }, (_, e) => Math.sin(e + layer)) });",
    "const states = { batch: 1, n: 4, d: 3, layers: [0, 1, 2].map(layer), mask: new Uint8Array(4).fill(1), special: null, tokens: null };",
    "const failure = (promise) => promise.then(() => null, ({ kind, message }) => ({ kind, message }));",
    "const print = (value) => console.log(JSON.stringify(value));",
  ];
  writeFileSync(join(folder, "program.js"), [...head, program].join("\n"));
  const { stdout } = await run(process.execPath, ["program.js"], { cwd: folder, timeout: 30_000 });
  return JSON.parse(stdout);
}

describe("the helping process of a study", () => {
  it("answers, also after a part that failed, and tells that part's failure as it was", async () => {
    const [failed, rows] = (await told(`
      const refused = await failure(helper.ask("updates", { batches: [states], options: { families: ["nobody"] } }));
      const rows = await helper.ask("updates", { batches: [states], options: {} });
      await helper.release();
      print([refused, rows.length]);`)) as [{ kind: string; message: string }, number];
    expect(failed).toMatchObject({ kind: "usage", message: expect.stringMatching(/^family: nobody\. use /) });
    expect(rows).toBeGreaterThan(3);
  });

  it("searches and checks families to the last bit as this process does, and those of which it knows nothing are searched here", async () => {
    const [same, asked] = (await told(`
      import { randomSource } from "../models/random.js";
      import { fitFamilies } from "../src/fit/fit.js";
      import { familyOf } from "../src/laws/families.js";
      import { findDynamics } from "../sim/dynamics/dynamics-table.js";
      import { farWorkshop } from "../src/workers/far-workshop.js";
      const random = randomSource(1);
      const rows = Float32Array.from({ length: 60 }, () => random() - 0.5);
      const cloud = (layer) => ({ layer, x: rows.map((x, e) => x + 0.1 * layer * (e % 5 === 0)) });
      const moved = { ...states, n: 12, d: 5, layers: [0, 1, 2, 3].map(cloud), mask: new Uint8Array(12).fill(1) };
      const own = familyOf({ ...findDynamics("sa"), name: "own" });
      const options = { families: ["sa", own, "usa"], bootstrap: 20, betaMin: 0.5, betaMax: 4 };
      const jobs = [];
      const counted = { ...helper, ask: (job, given, progress) => (jobs.push(job), helper.ask(job, given, progress)) };
      const [here, there] = [await fitFamilies([moved], options), await fitFamilies([moved], options, [farWorkshop(counted)])];
      await helper.release();
      print([JSON.stringify(here.result) === JSON.stringify(there.result), jobs]);`)) as [boolean, string[]];
    expect(same).toBe(true);
    expect(asked[0]).toBe("workshop");
    expect(asked.filter((job) => job === "check")).toHaveLength(asked.filter((job) => job === "search").length);
    expect(asked.length).toBeGreaterThanOrEqual(3);
  });

  it("measures rivals as this process does", async () => {
    const same = await told(`
      import { rivalContest } from "../src/comparison/rival-contest.js";
      const clouds = states.layers.map(({ x }) => ({ n: 4, d: 3, x: Float64Array.from(x, (v, e) => v / Math.hypot(...x.slice(3 * Math.floor(e / 3), 3 * Math.floor(e / 3) + 3))) }));
      const text = { n: 4, d: 3, clouds };
      const there = await helper.ask("rivals", [text]);
      await helper.release();
      print(JSON.stringify(there) === JSON.stringify([rivalContest(text)]));`);
    expect(same).toBe(true);
  });

  it("that ends at its work is told, and so is who asks it later: nobody waits for ever", async () => {
    const found = await told(`
      const waiting = failure(helper.ask("updates", { batches: [states], options: {} }));
      await helper.release();
      print([await waiting, await failure(helper.ask("updates", { batches: [], options: {} }))]);`);
    const ended = {
      kind: "environment",
      message: "helping process: it ended (SIGKILL). use fewer or shorter texts",
    };
    expect(found).toEqual([ended, ended]);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TokensphereError } from "../../models/errors.ts";
import {
  defineMeasure,
  definePairMeasure,
  MEASURES,
  PAIR_MEASURES,
  probeCloud,
  probePair,
} from "../../probes/index.ts";
import { asDynamics, DYNAMICS, type Dynamics, defineDynamics, simulate } from "../../sim/index.ts";
import { loadPlugins } from "../../src/plugins/load-plugins.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tokensphere-members-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let written = 0;

function load(text: string) {
  const name = `plugin-${written++}.mjs`;
  writeFileSync(join(folder, name), text);
  return loadPlugins([name], folder);
}

const cloud = { n: 2, d: 2, x: Float64Array.of(1, 0, 0, 1) };

/** What fails, as one line of kind `input`. */
async function lineOf(work: () => unknown): Promise<string> {
  const error: unknown = await (async () => work())().catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: "TokensphereError", kind: "input" });
  const { message } = error as TokensphereError;
  expect(message).not.toContain("\n");
  return message;
}

describe("a whole measure of a plugin", () => {
  const whole = (rows: string, owns = '(row) => row === "bad"') =>
    load(`export default { measures: [{ name: "bad", rows: ${rows}, owns: ${owns} }] };`);
  const row = (given: string) => `() => [{ measure: "bad", value: 1, lo: null, hi: null, floor: null, ${given} }]`;

  it("is measured, with the cloud as it looks to ours", async () => {
    const rows =
      '({ pairs }) => [{ measure: "bad", value: pairs.length, lo: 0, hi: 2, floor: null, more: "is left out" }]';
    const { measures } = await whole(rows);
    expect(probeCloud(cloud, { measures: [...MEASURES, ...measures] }).measures.at(-1)).toEqual({
      ...{ measure: "bad", value: 1, lo: 0, hi: 2, floor: null },
    });
  });

  it("may be an object of a class", async () => {
    const text = `class Bad {
      name = "bad";
      count = 3;
      rows() { return [{ measure: this.name, value: this.count, lo: null, hi: null, floor: null }]; }
      owns(row) { return row === this.name; }
    }
    export default { measures: [new Bad()] };`;
    const { measures } = await load(text);
    expect(probeCloud(cloud, { measures }).measures).toMatchObject([{ measure: "bad", value: 3 }]);
  });

  it.each([
    ["gives no rows", "() => undefined", /: rows gave undefined\. return a list of \{ measure, value/],
    ["throws", '() => { throw new Error("lost\\nat sea"); }', /: rows threw: lost\. mend it/],
    ["throws later", 'async () => { throw new Error("lost"); }', /: rows gave an object\. return a list/],
    ["gives a list of numbers", "() => [1]", /: rows gave a list with a number\. /],
    ["gives NaN", row("value: NaN"), /: rows gave NaN as value of bad\. give a finite number/],
    ["gives no value", row("value: null"), /: rows gave null as value of bad\. leave the row out/],
    ["gives a word", row('hi: "much"'), /: rows gave a string as hi of bad\. /],
    ["leaves the floor out", row("floor: undefined"), /: rows gave undefined as floor of bad\. /],
    ["gives a row without name", row("measure: undefined"), /: rows gave a row whose measure is undefined\. use a/],
    ["gives a name for two columns", row('measure: "a,b"'), /: rows gave a row whose measure is "a,b"\. use a letter/],
  ])("ends in one line where it %s", async (_how, rows, message) => {
    const { measures } = await whole(rows);
    const line = await lineOf(() => probeCloud(cloud, { measures, where: "text 0, layer 1" }));
    expect(line).toMatch(/^text 0, layer 1: measure bad \(plugin-\d+\.mjs\): /);
    expect(line).toMatch(message);
  });

  it.each([
    ["throws", '() => { throw new Error("lost"); }', /owns threw: lost\. mend it/],
    ["throws later", 'async () => { throw new Error("lost"); }', /owns gave an object\. return true or false/],
    ["says nothing", "() => undefined", /owns gave undefined\. return true or false/],
  ])("is refused as it is loaded where its owns %s", async (_how, owns, message) => {
    const line = await lineOf(() => whole("() => []", owns));
    expect(line).toMatch(/^plugin plugin-\d+\.mjs: measure bad \(plugin-\d+\.mjs\): /);
    expect(line).toMatch(message);
  });

  it("is refused where it owns a row of ours", async () => {
    expect(await lineOf(() => whole("() => []", "() => true"))).toMatch(/bad gives a row of this name/);
  });
});

describe("a measure defined in a plugin", () => {
  it("names the file, in faults of its floor too", async () => {
    const text = `import { defineMeasure } from "${join(import.meta.dirname, "../../probes/index.ts")}";
      export default { measures: [defineMeasure({ name: "bad", value: () => 1, floor: () => NaN })] };`;
    const { measures } = await load(text);
    expect(await lineOf(() => probeCloud(cloud, { measures }))).toMatch(
      /^measure bad \(plugin-\d+\.mjs\): floor gave NaN\. /,
    );
  });

  it("ends in one line where its value throws later", async () => {
    const { measures } = await load(
      'export default { measures: [{ name: "bad", async value() { throw new Error("lost"); } }] };',
    );
    expect(await lineOf(() => probeCloud(cloud, { measures }))).toMatch(/value gave an object\. return a finite/);
  });
});

describe("a whole pair measure of a plugin", () => {
  it.each([
    ["gives nothing", "() => undefined", /: between gave undefined\. return a finite number/],
    ["gives infinity", "() => 1 / 0", /: between gave Infinity\. return a finite number/],
    ["throws", '() => { throw new Error("lost"); }', /: between threw: lost\. mend it/],
    ["throws later", 'async () => { throw new Error("lost"); }', /: between gave an object\. return a finite/],
  ])("ends in one line where it %s", async (_how, between, message) => {
    const { pairMeasures } = await load(
      `export default { pairMeasures: [{ name: "bad", anyTokens: true, between: ${between} }] };`,
    );
    expect(pairMeasures[0].anyTokens).toBe(true);
    const line = await lineOf(() => probePair(cloud, cloud, pairMeasures, "text 0, layers 1 and 2"));
    expect(line).toMatch(/^text 0, layers 1 and 2: pair measure bad \(plugin-\d+\.mjs\): /);
    expect(line).toMatch(message);
  });
});

describe("a whole dynamics of a plugin", () => {
  const still = "() => [{ kernel: () => () => {} }]";
  const whole = (members: string) =>
    load(`export default { dynamics: [{
      name: "bad", equation: "0", source: "test", geometry: "sphere", parameters: {}, terms: ${still}, logScale: () => 0,
      rotates: false, permutes: false, contracts: false, ${members}
    }] };`);
  const run = (dynamics: Dynamics, engine = "ts", params = {}) =>
    simulate({ dynamics, params, engine, n: 2, d: 2, systems: [{ beta: 1, x0: cloud.x }], times: [0, 1] });

  it.each([
    ["terms", '() => { throw new Error("lost\\nat sea"); }', /terms threw Error: lost\. mend the terms/],
    ["terms", 'async () => { throw new Error("lost"); }', /terms gave an object\. return a list/],
    ["terms", "() => [{}]", /terms gave a list with a term without kernel\. /],
    ["terms", "() => [{ kernel: () => 1 }]", /kernel gave a number\. return a function/],
    ["terms", "() => [{ kernel: () => () => { null.x; } }]", /kernel threw TypeError: .*\. mend the kernel/],
    ["logScale", "() => NaN", /logScale gave NaN\. return a finite number/],
    ["schedule", "() => 1", /schedule gave a number\. return a function/],
    ["schedule", '() => () => { throw new Error("lost"); }', /schedule threw Error: lost\. mend the schedule/],
    ["pieces", "() => undefined", /pieces gave undefined\. return a list of \{ until, params \}/],
    ["pieces", "() => []", /pieces end at the start\. return a list/],
    ["pieces", "() => [{ until: 1, params: {} }]", /pieces end at 1\. return a list.*Infinity for the last/],
    ["pieces", "() => [{ until: Infinity }]", /pieces gave undefined as params\. /],
  ])("ends in one line where %s is %s", async (key, text, message) => {
    const { dynamics } = await whole(`${key}: ${text}`);
    const line = await lineOf(() => run(dynamics[0]));
    expect(line).toMatch(/^dynamics bad \(plugin-\d+\.mjs\): /);
    expect(line).toMatch(message);
  });

  it.each([
    ["() => undefined", /harmonics gave undefined as weighting\. return softmax or exponential/],
    ['() => ({ weighting: "softmax", masses: [1, 1] })', /harmonics gave an array as masses\. /],
    ['() => ({ weighting: "softmax", times: () => NaN })', /times gave NaN\. return a finite number/],
  ])("ends in one line where harmonics is %s", async (text, message) => {
    const { dynamics } = await whole(`harmonics: ${text}`);
    expect(await lineOf(() => run(dynamics[0], "harmonic"))).toMatch(message);
  });

  it.each([
    ["schedule: 1", /schedule missing or wrong/],
    ['width: "3"', /width missing or wrong/],
    ["parameters: { radius: { default: 1 } }", /parameters\.radius\.check missing or wrong/],
  ])("is refused as it is loaded with %s", async (members, message) => {
    expect(await lineOf(() => whole(members))).toMatch(message);
  });

  it("has the word of its parameters' checks", async () => {
    const check = '(r) => { if (r > 2) throw new Error("too far"); }';
    const { dynamics } = await whole(`parameters: { r: { about: "radius", default: 1, check: ${check} } }`);
    await run(dynamics[0], "ts", { r: 1 });
    expect(await lineOf(() => run(dynamics[0], "ts", { r: 3 }))).toMatch(/check of r threw Error: too far\./);
  });

  it.each(["sa", "usa", "sa_sqrt", "sa_mixln"])(
    "moves tokens as that of ours which it was copied from: %s",
    async (name) => {
      const known = new Map(Object.entries(DYNAMICS)).get(name)!;
      const params = "tau" in known.parameters ? { tau: 0.5 } : {};
      const ends = await Promise.all(
        [known, asDynamics({ ...known, name: "copied" }, "mine.mjs")].map(async (dynamics) => {
          const saved: number[][] = [];
          const x0 = Float64Array.of(1, 0, 0.6, 0.8);
          const systems = [{ beta: 2, x0 }];
          const options = { dynamics, params, n: 2, d: 2, systems, times: [0.3, 1] };
          await simulate(options, { save: (_s, _k, _t, { x }) => void saved.push([...x]) });
          return saved;
        }),
      );
      expect(ends[1]).toEqual(ends[0]);
    },
  );
});

describe("a field", () => {
  const bad = (body: string) =>
    load(`export default { dynamics: [{ name: "bad", parameters: { r: { default: 1 } }, ${body} }] };`);
  const run = (dynamics: Dynamics) =>
    simulate({ dynamics, n: 2, d: 2, systems: [{ beta: 1, x0: cloud.x }], times: [0, 1] });

  it("cannot change its parameters from step to step", async () => {
    const { dynamics } = await bad("field({ parameters }) { parameters.r += 1; }");
    expect(await lineOf(() => run(dynamics[0]))).toMatch(/field threw TypeError: .*read only property 'r'/);
  });

  it("that throws later is told of once", async () => {
    const { dynamics } = await bad('async field() { throw new Error("lost"); }');
    expect(await lineOf(() => run(dynamics[0]))).toMatch(/field gave a promise\. write n × d/);
  });
});

describe("what is defined already", () => {
  it("is given back as it is, ours too", () => {
    const still = defineDynamics({ name: "still", field() {} });
    const one = defineMeasure({ name: "one", value: () => 1 });
    const same = definePairMeasure({ name: "same", value: () => 1 });
    expect(defineDynamics(still)).toBe(still);
    expect(defineMeasure(one)).toBe(one);
    expect(definePairMeasure(same)).toBe(same);
    for (const ours of Object.values(DYNAMICS)) expect(defineDynamics(ours)).toBe(ours);
    for (const ours of MEASURES) expect(defineMeasure(ours)).toBe(ours);
    for (const ours of PAIR_MEASURES) expect(definePairMeasure(ours)).toBe(ours);
  });

  it("is checked once: the copy that is checked is given back too", () => {
    const own = asDynamics({ ...DYNAMICS.sa, name: "own" });
    expect(asDynamics(own)).toBe(own);
    const [whole] = [{ name: "whole", rows: () => [], owns: (row: string) => row === "whole" }].map(defineMeasure);
    expect(defineMeasure(whole)).toBe(whole);
  });
});

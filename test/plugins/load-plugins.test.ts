import { createHash } from "node:crypto";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { probePair } from "../../probes/index.ts";
import { simulate } from "../../sim/index.ts";
import { loadPlugins, pluginRecord } from "../../src/plugins/load-plugins.ts";

const EXAMPLES = resolve(import.meta.dirname, "../../examples/plugins");

/** A folder outside the package, where nothing of it can be found by climbing up. */
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tokensphere-plugins-"));
  for (const name of ["krause.mjs", "linear-cka.mjs"]) copyFileSync(join(EXAMPLES, name), join(folder, name));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let written = 0;

/** A plugin with this text. */
function plugin(text: string, ending = "mjs"): string {
  const name = `plugin-${written++}.${ending}`;
  writeFileSync(join(folder, name), text);
  return name;
}

const load = (...paths: string[]) => loadPlugins(paths, folder);

describe("a plugin", () => {
  it("brings dynamics and measures that the library takes as values", async () => {
    const { dynamics, pairMeasures, files } = await load("krause.mjs", "linear-cka.mjs");
    expect(files).toEqual([join(folder, "krause.mjs"), join(folder, "linear-cka.mjs")]);
    const [krause] = dynamics;
    // Two tokens a right angle apart, beyond the radius, and one near the first: the near two meet, the third stays.
    const x0 = Float64Array.of(1, 0, Math.cos(0.4), Math.sin(0.4), 0, -1);
    const clouds: Float64Array[] = [];
    await simulate(
      { dynamics: krause, params: { radius: 0.9 }, n: 3, d: 2, systems: [{ beta: 1, x0 }], times: [0, 30], lift: true },
      { save: (_system, _index, _t, { x }) => void clouds.push(Float64Array.from(x)) },
    );
    const [, end] = clouds;
    // Half the gap of .4 is .2 from either: by symmetry they meet there.
    for (const [k, value] of [Math.cos(0.2), Math.sin(0.2), Math.cos(0.2), Math.sin(0.2), 0, -1].entries())
      expect(end[k]).toBeCloseTo(value, 6);
    const cloud = { n: 3, d: 2, x: x0 };
    const turned = { n: 3, d: 2, x: Float64Array.of(0, 1, -Math.sin(0.4), Math.cos(0.4), 1, 0) };
    expect(probePair(cloud, turned, pairMeasures)).toEqual([
      { measure: "linear_cka", value: expect.closeTo(1, 12), n: 3, d: 2 },
    ]);
  });

  it("may bring plain objects", async () => {
    const text = `export default {
      dynamics: [{ name: "still", field() {} }],
      measures: [{ name: "tokens", value: ({ n }) => n }],
      pairMeasures: [{ name: "same", value: (a, b) => (a.x[0] === b.x[0] ? 1 : 0) }],
    };`;
    const { dynamics, measures, pairMeasures } = await load(plugin(text));
    expect([...dynamics, ...measures, ...pairMeasures].map(({ name }) => name)).toEqual(["still", "tokens", "same"]);
  });
});

describe("a plugin of another kind", () => {
  it("may be CommonJS", async () => {
    const { dynamics } = await load(plugin('module.exports = { dynamics: [{ name: "still", field() {} }] };', "cjs"));
    expect(dynamics.map(({ name }) => name)).toEqual(["still"]);
  });

  it("is recorded as it was when it was loaded", async () => {
    const name = plugin("export default { dynamics: [] };");
    const sha256 = createHash("sha256")
      .update(readFileSync(join(folder, name)))
      .digest("hex");
    const plugins = await load(name);
    writeFileSync(join(folder, name), "export default { measures: [] };");
    expect(pluginRecord(plugins)).toEqual({ plugins: [{ name, sha256 }] });
    expect(pluginRecord(await load())).toEqual({});
  });
});

describe("a plugin that is wrong is refused in one line that names it", () => {
  it.each([
    ["is not there", () => "nowhere.mjs", /nowhere\.mjs: no such file/],
    ["is TypeScript", () => plugin("export default {}", "ts"), /\.ts: TypeScript.*build it/],
    ["is no JavaScript", () => plugin("export default {"), /plugin-\d+\.mjs: .*mend the plugin/],
    [
      "throws as it is loaded",
      () => plugin('throw new Error("no licence\\nat all")'),
      /: no licence\. mend the plugin$/,
    ],
    ["has no default export", () => plugin("export const dynamics = []"), /default export is no object/],
    ["exports a list", () => plugin("export default []"), /default export is no object/],
    ["brings nothing", () => plugin("export default {}"), /brings nothing/],
    ["misspells a part", () => plugin("export default { dynamic: [] }"), /unknown part dynamic\. use dynamics/],
    ["brings no list", () => plugin("export default { dynamics: {} }"), /dynamics is no list/],
    ["brings a dynamics without a field", () => plugin('export default { dynamics: [{ name: "x" }] }'), /field/],
    ["brings a measure without a value", () => plugin('export default { measures: [{ name: "x" }] }'), /value/],
    [
      "takes a name of ours",
      () => plugin('export default { dynamics: [{ name: "sa", field() {} }] }'),
      /dynamics sa comes with/,
    ],
    [
      "has a part that throws",
      () => plugin('export default { get dynamics() { throw new Error("lost"); } }'),
      /plugin-\d+\.mjs: Error: lost\. mend the plugin/,
    ],
    [
      "brings a name twice",
      () => plugin('export default { measures: [{ name: "m", value: () => 1 }, { name: "m", value: () => 2 }] }'),
      /measure m is there twice/,
    ],
  ])("%s", async (_how, path, message) => {
    const error = await load(path()).catch((reason) => reason);
    expect(error).toMatchObject({ name: "TokensphereError", kind: "input" });
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain("\n");
  });

  it.each(["frozen", "observed", "isotropic"])("takes the name of a curve of ours: %s", async (name) => {
    const failure = load(plugin(`export default { dynamics: [{ name: "${name}", field() {} }] }`));
    const message = `plugin: dynamics ${name} comes with tokensphere. give it another name`;
    await expect(failure).rejects.toMatchObject({ kind: "input", message });
  });

  it.each([
    ["throws", 'throw new Error("lost")', /^dynamics bad \(plugin-\d+\.mjs\): .*lost/],
    ["leaves NaN", "out[1] = NaN", /^dynamics bad \(plugin-\d+\.mjs\): .*NaN/],
    ["returns numbers of another length", "return [1, 2, 3]", /^dynamics bad \(plugin-\d+\.mjs\): .*3 numbers/],
  ])("has a field that %s", async (_how, body, message) => {
    const { dynamics } = await load(
      plugin(`export default { dynamics: [{ name: "bad", field({ x }, out) { ${body} } }] }`),
    );
    const x0 = Float64Array.of(1, 0, 0, 1);
    const run = simulate({ dynamics: dynamics[0], n: 2, d: 2, systems: [{ beta: 1, x0 }], times: [0, 1] });
    await expect(run).rejects.toMatchObject({ kind: "input", message: expect.stringMatching(message) });
  });

  it.each([
    ["throws", 'throw new Error("lost")', /^pair measure bad \(plugin-\d+\.mjs\): .*lost/],
    ["gives NaN", "return NaN", /^pair measure bad \(plugin-\d+\.mjs\): .*NaN/],
    ["gives a word", 'return "much"', /^pair measure bad \(plugin-\d+\.mjs\): .*gave a string/],
  ])("has a pair measure that %s", async (_how, body, message) => {
    const { pairMeasures } = await load(
      plugin(`export default { pairMeasures: [{ name: "bad", value() { ${body} } }] }`),
    );
    const cloud = { n: 2, d: 2, x: Float64Array.of(1, 0, 0, 1) };
    expect(() => probePair(cloud, cloud, pairMeasures)).toThrow(message);
  });
});

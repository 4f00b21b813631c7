import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { writeHiddenStates } from "../../models/states/write-hidden-states.ts";
import { simulate, uniformCloud } from "../../sim/index.ts";
import { METRICS } from "../../src/run/metrics.ts";
import { PAIRS } from "../../src/run/pair-metrics.ts";
import { runCli } from "../cli/run-cli.ts";
import { statesOf } from "../fit/simulated-states.ts";
import { javascriptCopy } from "../javascript-copy.ts";

const EXAMPLES = resolve(import.meta.dirname, "../../examples/plugins");
const [N, D, RADIUS] = [16, 3, 1.1];

/** The program as a user has it, and a folder of the user's outside it, where `tokensphere/sim` can only be found by the program. */
let program: string;
let cwd: string;

beforeAll(async () => {
  program = await javascriptCopy(["src/cli.ts", "src/index.ts", "models/index.ts", "probes/index.ts", "sim/index.ts"]);
  cwd = mkdtempSync(join(tmpdir(), "tokensphere-user-"));
  for (const name of ["krause.mjs", "linear-cka.mjs"]) copyFileSync(join(EXAMPLES, name), join(cwd, name));
  writeFileSync(
    join(cwd, "mine.mjs"),
    'export default { measures: [{ name: "tokens", value: ({ n }) => n, floor: (n) => n }] };',
  );
  await writeHiddenStates(join(cwd, "states.safetensors"), [await krauseStates()]);
}, 60_000);

afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** Layers of a network that follows Krause's dynamics. */
async function krauseStates() {
  const { default: plugin } = await import(join(EXAMPLES, "krause.mjs"));
  const layers: Float32Array[] = [];
  const systems = [{ beta: 1, x0: Float64Array.from(uniformCloud(N, D, randomSource(4)).x) }];
  const times = [0, 0.2, 0.4, 0.6, 0.8];
  await simulate(
    { dynamics: plugin.dynamics[0], params: { radius: RADIUS }, n: N, d: D, systems, times, lift: true },
    { save: (_system, _index, _t, { x }) => void layers.push(Float32Array.from(x)) },
  );
  return statesOf(layers, N, D);
}

interface Told {
  readonly code: number;
  readonly out: string;
  readonly errors: readonly string[];
}

/** In a process of its own: where packages are looked for and what is started are a process's. */
function inProcess(...args: string[]): Promise<Told> {
  return new Promise((done) => {
    execFile(process.execPath, [join(program, "src/cli.js"), ...args], { cwd, timeout: 50_000 }, (error, out, err) => {
      done({ code: Number(error?.code ?? 0), out, errors: err.split("\n").filter((line) => line !== "") });
    });
  });
}

/** In this one, which is sooner there. */
async function tokensphere(...args: string[]): Promise<Told> {
  const { code, out, failed, said } = await runCli(args, { cwd });
  return { code, out: out.join("\n"), errors: [...said, ...failed] };
}

let written = 0;

/** A plugin of this text, under a name of its own: modules are loaded once. */
function plugin(text: string): string {
  const name = `bad${written++}.mjs`;
  writeFileSync(join(cwd, name), text);
  return name;
}

const KRAUSE = ["--plugin", "krause.mjs", "--parameter", `radius=${RADIUS}`];

/** A line for each stage, where nobody sees a bar. */
const withoutProgress = (lines: readonly string[]) => lines.filter((line) => !/^sweeping /.test(line));

describe("a plugin from the command line", () => {
  it("is simulated", async () => {
    const flags = ["--dynamics", "my_krause", "--beta", "1", "--n", "16", "--d", "3", "--times", "0,40", "--json"];
    const { code, out } = await inProcess("simulate", ...KRAUSE, ...flags);
    expect(code).toBe(0);
    const { dynamics, parameters, outcome, mean_cosine } = JSON.parse(out);
    expect({ dynamics, parameters, outcome }).toEqual({
      dynamics: "my_krause",
      parameters: { radius: RADIUS },
      outcome: expect.stringMatching(/reached the end|rest/),
    });
    expect(mean_cosine[1]).toBeGreaterThan(mean_cosine[0]);
  });

  it("is swept, in two processes as in one", async () => {
    const grid = ["--n", "4", "--d", "3", "--betas", "1,2", "--times", "0,5", "--seeds", "300", "--json"];
    const [one, two] = await Promise.all(
      ["1", "2"].map((workers) =>
        inProcess("sweep", ...KRAUSE, "--dynamics", "my_krause", ...grid, "--workers", workers),
      ),
    );
    expect(withoutProgress(one.errors)).toEqual([]);
    expect(JSON.parse(two.out)).toEqual(JSON.parse(one.out));
    expect(JSON.parse(one.out).rows[0].probability[1]).toBeGreaterThan(0.1);
  });

  it("is measured: rows of its own in metrics.csv and pair-metrics.csv", async () => {
    const plugins = ["--plugin", "mine.mjs", "--plugin", "linear-cka.mjs"];
    const { code } = await tokensphere("probe", "states.safetensors", ...plugins, "--out", "probed");
    expect(code).toBe(0);
    const own = METRICS.fromCsv(readFileSync(join(cwd, "probed/metrics.csv"), "utf8")).filter(
      (row) => row.measure === "tokens",
    );
    expect(own.map(({ layer, value, floor }) => ({ layer, value, floor }))).toEqual(
      [0, 1, 2, 3, 4].map((layer) => ({ layer, value: N, floor: N })),
    );
    const pairs = PAIRS.fromCsv(readFileSync(join(cwd, "probed/pair-metrics.csv"), "utf8"));
    expect(pairs).toHaveLength(10);
    for (const { measure, other, value } of pairs) {
      expect({ measure, other }).toEqual({ measure: "linear_cka", other: "layers" });
      expect(value).toBeGreaterThan(0);
      expect(value).toBeLessThanOrEqual(1 + 1e-12);
    }
    const manifest = JSON.parse(readFileSync(join(cwd, "probed/manifest.json"), "utf8"));
    expect(manifest.plugins).toEqual(
      ["mine.mjs", "linear-cka.mjs"].map((name) => ({ name, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })),
    );
  });

  it("is a family of the fit, and what it predicts is measured beside the network", async () => {
    const plugins = [...KRAUSE, "--plugin", "linear-cka.mjs"];
    const flags = [
      "--families",
      "sa,my_krause",
      "--bootstrap",
      "0",
      "--time",
      "linear",
      "--no-updates",
      "--json",
      "--out",
      "compared",
    ];
    const { code, out, errors } = await tokensphere("compare", "states.safetensors", ...plugins, ...flags);
    expect({ code, errors: errors.filter((line) => !line.startsWith("note: ")) }).toEqual({ code: 0, errors: [] });
    const { families, best, verdict } = JSON.parse(out);
    expect(families.map(({ name }: { name: string }) => name)).toEqual(["sa", "my_krause", "frozen"]);
    // The states are Krause's own at this radius: nothing is left but float32. SA is another law.
    expect(best).toBe("my_krause");
    expect(families[1].w1).toBeLessThan(0.1 * families[0].w1);
    expect(verdict).toContain("MY_KRAUSE");
    const pairs = PAIRS.fromCsv(readFileSync(join(cwd, "compared/pair-metrics.csv"), "utf8"));
    const predicted = pairs.filter(({ other }) => other === "my_krause");
    expect(predicted.map(({ layer, other_layer }) => [layer, other_layer])).toEqual([1, 2, 3, 4].map((k) => [k, k]));
    for (const { value } of predicted) expect(value).toBeGreaterThan(0.999);
  }, 60_000);

  it("draws a run again without the plugin, in the same bytes", async () => {
    const before = readFileSync(join(cwd, "compared/w1ByLayer.svg"), "utf8");
    rmSync(join(cwd, "compared/w1ByLayer.svg"));
    // The page tells when it was made.
    const manifest = () => {
      const { created, drawn, files, ...others } = JSON.parse(
        readFileSync(join(cwd, "compared/manifest.json"), "utf8"),
      );
      return { ...others, files: Object.keys(files) };
    };
    const first = manifest();
    expect((await tokensphere("report", "compared")).code).toBe(0);
    expect(readFileSync(join(cwd, "compared/w1ByLayer.svg"), "utf8")).toBe(before);
    const again = manifest();
    expect(again.plugins).toHaveLength(2);
    expect(again).toEqual(first);
  });
});

describe("measures of pairs of ours", () => {
  it("are measured where they are asked for, and named where they are not known", async () => {
    const asked = await tokensphere(
      "probe",
      "states.safetensors",
      "--pair-measures",
      "w1,angle_moved",
      "--json",
      "--out",
      "pairs",
    );
    const rows: readonly { measure: string }[] = JSON.parse(asked.out).pair_metrics;
    expect(rows.map(({ measure }) => measure)).toEqual(Array.from({ length: 10 }, () => ["w1", "angle_moved"]).flat());
    const unknown = await tokensphere(
      "probe",
      "states.safetensors",
      "--pair-measures",
      "ckb",
      "--plugin",
      "linear-cka.mjs",
    );
    expect(unknown).toMatchObject({
      code: 2,
      errors: [
        "error: --pair-measures: ckb. use w1, pair_correlation, angle_moved, cka, neighbour_overlap, linear_cka",
      ],
    });
  });
});

describe("pairs of clouds of several texts", () => {
  it("are all in the document, text by text, as they are in the file", async () => {
    const states = await krauseStates();
    await writeHiddenStates(join(cwd, "two.safetensors"), [states, states]);
    const flags = [
      "--pair-measures",
      "w1",
      "--families",
      "sa",
      "--bootstrap",
      "0",
      "--time",
      "linear",
      "--no-updates",
      "--json",
      "--out",
      "two",
    ];
    const { out, code } = await tokensphere("compare", "two.safetensors", ...flags);
    expect(code).toBe(0);
    const rows = JSON.parse(out).pair_metrics;
    expect(rows).toEqual(PAIRS.fromCsv(readFileSync(join(cwd, "two/pair-metrics.csv"), "utf8")));
    // Ten pairs of five layers and four predicted layers, of each text.
    expect(rows).toHaveLength(28);
  }, 60_000);
});

describe("a measure that cannot be taken", () => {
  it("is named", async () => {
    const flags = ["--plugin", "mine.mjs", "--bootstrap", "0", "--families", "sa", "--time", "linear"];
    const { errors, code } = await tokensphere("fit", "states.safetensors", ...flags);
    expect({ code, errors }).toMatchObject({ code: 0 });
    expect(errors).toContain("note: tokens: not measured, a fit measures with --out only");
  });
});

describe("a plugin that fails ends in one line and exit code 3", () => {
  const bad = (body: string) => `export default { dynamics: [{ name: "bad", field({ x }, out) { ${body} } }] };`;
  it.each([
    [
      "in a simulation",
      'throw new Error("lost\\nat sea")',
      ["simulate", "--beta", "1", "--n", "4", "--d", "2", "--times", "0,1"],
    ],
    [
      "with noise",
      "out[0] = NaN",
      ["simulate", "--beta", "1", "--n", "4", "--d", "2", "--times", "0,1", "--noise", "4", "--step", "0.1"],
    ],
    [
      "in a process of a sweep",
      "out[0] = NaN",
      ["sweep", "--n", "4", "--d", "2", "--betas", "1", "--times", "0,1", "--seeds", "300", "--workers", "2"],
    ],
  ])("%s", async (_where, body, [command, ...flags]) => {
    const line = [command, "--plugin", plugin(bad(body)), "--dynamics", "bad", ...flags];
    // A sweep has helpers only where the program is JavaScript.
    const { code, errors: said } = await (command === "sweep" ? inProcess : tokensphere)(...line);
    const errors = withoutProgress(said);
    expect({ code, lines: errors.length }).toEqual({ code: 3, lines: 1 });
    expect(errors[0]).toMatch(/^error: dynamics bad \(bad\d+\.mjs\): /);
  });

  it("in a measure, and the folder is not there", async () => {
    const bad = plugin('export default { measures: [{ name: "bad", value: () => NaN }] };');
    const { code, errors } = await tokensphere("probe", "states.safetensors", "--plugin", bad, "--out", "broken");
    const [failure, ...more] = errors.filter((line) => !line.startsWith("note: "));
    expect({ code, more }).toEqual({ code: 3, more: [] });
    expect(failure).toMatch(/^error: .*measure bad \(bad\d+\.mjs\): .*NaN/);
    expect(() => readFileSync(join(cwd, "broken/metrics.csv"))).toThrow();
  });

  it("in its parameters: unknown 2, out of range 3", async () => {
    const run = (value: string) =>
      tokensphere(
        "simulate",
        "--plugin",
        "krause.mjs",
        "--dynamics",
        "my_krause",
        "--parameter",
        value,
        "--beta",
        "1",
        "--n",
        "4",
        "--d",
        "2",
        "--times",
        "0,1",
      );
    expect(await run("radios=1")).toMatchObject({
      code: 2,
      errors: [expect.stringMatching(/radios.*my_krause reads radius/)],
    });
    expect(await run("radius=7")).toMatchObject({ code: 3, errors: [expect.stringMatching(/radius: 7/)] });
  });
});

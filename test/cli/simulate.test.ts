import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { createSafetensors } from "../../models/arrays/safetensors-writer.ts";
import { jsonOf, runCli } from "./run-cli.ts";

const perTime = z.array(z.number().nullable());
const simulationSchema = z.looseObject({
  format: z.literal("tokensphere/simulation"),
  version: z.literal(1),
  times: z.array(z.number()),
  log_energy: perTime,
  energy: perTime,
  mean_cosine: perTime,
  mass: z.looseObject({ "0.999": perTime }),
  states: z.array(z.array(z.array(z.number()))).optional(),
  steps: z.int().min(0),
  outcome: z.string().min(1),
});
type Simulation = z.infer<typeof simulationSchema>;

interface Reference {
  readonly dynamics: string;
  readonly n: number;
  readonly d: number;
  readonly beta: number;
  readonly times: readonly number[];
  readonly states: readonly (readonly (readonly number[])[])[];
  readonly energy: readonly number[];
  readonly params: Readonly<Record<string, unknown>>;
}

const fixture = new URL("../fixtures/sim/trajectories.json", import.meta.url);
const everyReference = (JSON.parse(readFileSync(fixture, "utf8")) as { cases: Reference[] }).cases;
const references = everyReference.filter(({ dynamics }) => dynamics === "sa" || dynamics === "usa");

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "tokensphere-cli-"));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

async function simulate(...args: readonly string[]): Promise<Simulation> {
  return simulationSchema.parse(jsonOf(await runCli(["simulate", "--json", ...args], { cwd })));
}

function write(name: string, content: string | Uint8Array): string {
  writeFileSync(join(cwd, name), content);
  return name;
}

/** A .npy file of float64, version 1.0, as NumPy writes it. */
function npy(rows: readonly (readonly number[])[]): Uint8Array {
  const dict = `{'descr': '<f8', 'fortran_order': False, 'shape': (${rows.length}, ${rows[0].length}), }`;
  const header = `${dict.padEnd(Math.ceil((dict.length + 11) / 64) * 64 - 11)}\n`;
  const size = Buffer.alloc(2);
  size.writeUInt16LE(header.length);
  const magic = Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0]);
  return Buffer.concat([magic, size, Buffer.from(header), Buffer.from(Float64Array.from(rows.flat()).buffer)]);
}

const START = [
  [1, 0, 0],
  [0.6, 0.8, 0],
  [0, -0.6, 0.8],
  [-2, 1, 0.5],
];

describe("simulate against the SciPy reference", () => {
  it("has both dynamics in it", () => {
    expect(new Set(references.map((r) => r.dynamics))).toEqual(new Set(["sa", "usa"]));
  });

  it.each(references)(
    "$dynamics, n = $n, d = $d, β = $beta: relative error ≤ 1e-6 at every time",
    async (reference) => {
      const { dynamics, beta, times, states, energy } = reference;
      const init = write("reference.json", JSON.stringify(states[0]));
      const list = times.join(",");
      const options = ["--dynamics", dynamics, "--beta", String(beta), "--init", init, "--times", list, "--states"];
      const found = await simulate(...options);
      expect(found.times).toEqual(times);
      expect(found.states).toHaveLength(times.length);
      states.forEach((rows, t) => {
        const wanted = rows.flat();
        const error = Math.hypot(...found.states![t].flat().map((v, e) => v - wanted[e])) / Math.hypot(...wanted);
        expect(error, `states at ${times[t]}`).toBeLessThanOrEqual(1e-6);
        if (found.energy[t] === null) expect(beta === 0 || !Number.isFinite(Math.exp(found.log_energy[t]!))).toBe(true);
        else expect(Math.abs(found.energy[t]! / energy[t] - 1), `energy at ${times[t]}`).toBeLessThanOrEqual(1e-6);
      });
    },
  );
});

describe("the measures of simulate", () => {
  const unit = (row: readonly number[]) => row.map((v) => v / Math.hypot(...row));

  it.each(everyReference)(
    "are those of directions and weights: $dynamics, n = $n, d = $d",
    async ({ dynamics, n, beta, times, states, energy, params }) => {
      const files = [write("start.json", JSON.stringify(states[0])), write("params.json", JSON.stringify(params))];
      const options = ["--dynamics", dynamics, "--beta", String(beta), "--times", times.join(",")];
      const found = await simulate(...options, "--init", files[0], "--params", files[1]);
      states.forEach((rows, t) => {
        // The states are within 1e-7 of the reference; β is at most 10.
        expect(found.energy[t]! / energy[t]).toBeCloseTo(1, 6);
        const mean = Array.from(rows[0], (_, k) => rows.reduce((sum, row) => sum + unit(row)[k] / n, 0));
        expect(found.mean_cosine[t]).toBeCloseTo((n * Math.hypot(...mean) ** 2 - 1) / (n - 1), 6);
      });
    },
  );
});

describe("simulate", () => {
  const usual = ["--dynamics", "sa", "--beta", "2"];

  it("has one value a time of everything, and no states unless they are asked for", async () => {
    const found = await simulate(...usual, "--n", "6", "--d", "3", "--times", "0,0.5,1");
    for (const list of [found.log_energy, found.energy, found.mean_cosine, found.mass["0.999"]]) {
      expect(list).toHaveLength(3);
      expect(list.every((v) => v !== null)).toBe(true);
    }
    expect(found.states).toBeUndefined();
    expect(found.outcome).toBe("reached the end");
    expect(found.log_energy[2]!).toBeGreaterThan(found.log_energy[0]!);
  });

  it("starts alike from JSON, .npy and .safetensors, and from stdin", async () => {
    const writer = await createSafetensors(join(cwd, "start.safetensors"));
    const tensor = { dtype: "float64", shape: [4, 3], data: Float64Array.from(START.flat()) };
    await writer.finish(new Map([["x", await writer.append(tensor)]]));
    const files = [write("start.json", JSON.stringify(START)), write("start.npy", npy(START)), "start.safetensors"];
    const rest = ["--times", "0,1,2", "--states"];
    const [json, ...others] = await Promise.all(files.map((file) => simulate(...usual, "--init", file, ...rest)));
    for (const other of others) expect(other).toEqual(json);
    const piped = await runCli(["simulate", ...usual, "--init", "-", ...rest, "--json"], {
      cwd,
      stdin: JSON.stringify(START),
    });
    expect(jsonOf(piped)).toEqual(json);
  });

  it("brings rows to length 1 and keeps them there", async () => {
    const { states } = await simulate(
      ...[...usual, "--init", write("start.json", JSON.stringify(START)), "--times", "0,3", "--states"],
    );
    for (const row of states!.flat()) expect(Math.hypot(...row)).toBeCloseTo(1, 9);
    expect(states![0][3][0]).toBeCloseTo(-2 / Math.hypot(2, 1, 0.5), 12);
  });

  it("takes times as a list or as a range, end included", async () => {
    const size = ["--n", "3", "--d", "2"];
    const [list, range] = [
      await simulate(...usual, ...size, "--times", "0,0.25,0.5,0.75,1"),
      await simulate(...usual, ...size, "--times", "0:0.25:1"),
    ];
    expect(range).toEqual(list);
  });

  it("draws the same start for the same seed and another for another", async () => {
    const from = (seed: string) => simulate(...usual, "--n", "5", "--d", "3", "--times", "0", "--seed", seed);
    expect(await from("7")).toEqual(await from("7"));
    expect((await from("7")).mean_cosine).not.toEqual((await from("8")).mean_cosine);
  });

  it("starts within a cap, tells how fast 1 - cos falls there, and refuses a start that is named twice", async () => {
    const args = [
      "--dynamics",
      "usa",
      "--beta",
      "2",
      "--n",
      "8",
      "--d",
      "4",
      "--times",
      "0:1:12",
      "--time-unit",
      "exp",
    ];
    const { contraction, states } = await simulate(...args, "--cap", "0.6", "--states");
    expect(states![0].every(([first]) => first > Math.cos(0.6))).toBe(true);
    const found = z
      .strictObject({ cap: z.number(), rate: z.number(), bound: z.number(), limit: z.number() })
      .parse(contraction);
    // Times are e^β t: the limit 2e^β is 2 there, and is near where 1 − cos is below 1e-4.
    expect(found.limit).toBeCloseTo(2, 12);
    expect(found.rate).toBeCloseTo(2, 2);
    const c = Math.cos(1.2);
    expect(found.bound).toBeCloseTo((2 / 8) * (7 * c + 1) * Math.exp(2 * (c - 1)), 12);
    // Wider, two tokens may be more than a right angle apart.
    expect((await simulate(...args, "--cap", "1.5")).contraction).toMatchObject({ bound: null });
    expect(await simulate(...args)).not.toHaveProperty("contraction");
    const { code, failed } = await runCli(
      ["simulate", "--dynamics", "sa", "--beta", "1", "--angles", "1,2", "--cap", "1", "--times", "1"],
      { cwd },
    );
    expect([code, failed[0]]).toEqual([
      2,
      "error: --angles: says how the cloud starts, as --init and --n/--d do. give one of them",
    ]);
  });

  it("tells how far tokens have aligned with the top eigenspace, of matrices that are given by numbers, diagonals or rows", async () => {
    const rate = [1, 1, 0.2];
    const args = ["--dynamics", "sa_qkv", "--beta", "1000", "--n", "40", "--d", "3", "--times", "0,1", "--states"];
    const scores = ["--parameter", "Q=1", "--parameter", "K=[1,1,1]"];
    const { alignment, states } = await simulate(...args, ...scores, "--parameter", "V=[1,1,0.2]");
    const found = z
      .strictObject({ eigenvalue: z.number(), dimension: z.int(), share: perTime, least: perTime, modes: perTime })
      .parse(alignment);
    expect(found).toMatchObject({ eigenvalue: 1, dimension: 2 });
    // A token that attends to itself alone goes as e^{Vt}x: others count for e^{−β(1 − cos)} and pull little once they are near.
    const shares = states![0].map((x) => {
      const squares = x.map((value, k) => (Math.exp(rate[k]) * value) ** 2);
      return (squares[0] + squares[1]) / (squares[0] + squares[1] + squares[2]);
    });
    expect(Math.abs(found.share[1]! - shares.reduce((a, b) => a + b) / 40)).toBeLessThan(1e-3);
    expect(Math.abs(found.least[1]! - Math.min(...shares))).toBeLessThan(1e-3);
    const rows = await simulate(...args, ...scores, "--parameter", "V=[[1,0,0],[0,1,0],[0,0,0.2]]");
    expect(rows.states).toEqual(states);
    const alone = ["--parameter", "Q=1", "--parameter", "K=1", "--parameter", "V=1"];
    // All of the space is the top eigenspace.
    expect(await simulate(...args, ...alone)).not.toHaveProperty("alignment");
    const unknown = ["--dynamics", "sa_qkv", "--beta", "1", "--init", "no.json", ...alone, "--times", "1"];
    expect((await runCli(["simulate", ...unknown], { cwd })).failed[0]).toMatch(/^error: Q: 1\. of what width\?/);
  });

  it("gives no energy at β = 0, and only its logarithm where it overflows", async () => {
    const size = ["--n", "4", "--d", "3", "--times", "0"];
    const none = await simulate("--dynamics", "sa", "--beta", "0", ...size);
    expect([none.energy, none.log_energy]).toEqual([[null], [null]]);
    const large = await simulate("--dynamics", "sa", "--beta", "2000", ...size);
    expect(large.energy).toEqual([null]);
    // β − ln(2β n) at the least: the diagonal alone.
    expect(large.log_energy[0]!).toBeGreaterThan(2000 - Math.log(2 * 2000 * 4) - 1e-9);
  });

  it("has no mean cosine where there is one token, and says so by null", async () => {
    const found = await simulate(...usual, "--n", "1", "--d", "3", "--times", "0,1");
    expect(found.mean_cosine).toEqual([null, null]);
  });

  it("says in one line what may help where the last time is not reached, and saves nothing behind it", async () => {
    const stiff = ["--dynamics", "usa", "--beta", "500", "--method", "euler", "--step", "0.01"];
    const init = write("three.json", "[[1, 0], [0, 1], [0.6, 0.8]]");
    const result = await runCli(["simulate", "--json", ...stiff, "--init", init, "--times", "0,1"], { cwd });
    const found = simulationSchema.parse(JSON.parse(result.out[0]));
    expect(found).toMatchObject({ outcome: "blow-up", saved: 1, mean_cosine: [expect.any(Number), null] });
    expect(result).toMatchObject({ code: 3, failed: [`error: blow-up at time 0: ${found.message}`] });
    expect(found.message).toContain("shorten the step");
  });

  it("gives up after --max-steps, keeps what was reached and names the flag; other modes refuse it", async () => {
    const start = ["simulate", "--dynamics", "sa", "--beta", "4", "--n", "8", "--d", "3"];
    const result = await runCli([...start, "--times", "0,50", "--max-steps", "3", "--json"], { cwd });
    expect(result.code).toBe(3);
    expect(result.failed[0]).toContain("--max-steps");
    expect(JSON.parse(result.out[0])).toMatchObject({
      outcome: "step limit",
      saved: 1,
      mean_cosine: [expect.any(Number), null],
    });
    const layers = await runCli([...start, "--layer-steps", "2", "--step", "0.1", "--max-steps", "3"], { cwd });
    expect(layers).toMatchObject({
      code: 2,
      failed: ["error: --max-steps: not with --layer-steps. leave one of them out"],
    });
  });

  it("counts no pairs above 32 768 tokens of more than three coordinates, says so, and gives the mean cosine", async () => {
    const many = ["simulate", "--dynamics", "sa", "--n", "40000", "--times", "0,0.5", "--json"];
    const result = await runCli([...many, "--beta", "0", "--d", "4"], { cwd });
    const found = simulationSchema.parse(jsonOf(result));
    expect(result.said).toEqual(["pairs are not counted above 32768 tokens: no masses and no energy"]);
    expect([found.energy, found.log_energy, found.mass["0.999"]]).toEqual([0, 1, 2].map(() => [null, null]));
    // Independent uniform directions: (‖Σx‖² − n)/n² with ‖Σx‖²/n of mean 1.
    expect(Math.abs(found.mean_cosine[0]!)).toBeLessThan(10 / 40000);
    expect(found.mean_cosine[1]!).toBeGreaterThan(found.mean_cosine[0]!);
  });

  it("counts pairs and sums energies of any number of tokens on the circle", async () => {
    const circle = ["--dynamics", "sa", "--n", "40000", "--times", "0", "--beta", "9", "--d", "2"];
    const found = await simulate(...circle);
    // Uniform pairs lie within the angle φ with probability φ/π; their energy is I_0(β)/(2β). Of n tokens both are off by 1/n or so.
    expect(found.mass["0.999"][0]).toBeCloseTo(Math.acos(0.999) / Math.PI, 4);
    expect(found.log_energy[0]).toBeCloseTo(Math.log(1093.588 / 18), 2);
  });

  it("prints and writes what was reached all the same, and then ends with the exit code of bad input", async () => {
    const args = ["simulate", "--dynamics", "usa", "--beta", "5000", "--n", "3", "--d", "2", "--times", "0,1"];
    const { code, out, failed } = await runCli([...args, "--out", "late"], { cwd });
    expect(code).toBe(3);
    expect(failed).toEqual([expect.stringMatching(/^error: time overflow at time .*: ask for shorter times$/)]);
    expect(out[1]).toMatch(/^ +0\.0+ /);
    expect(out[2]).toMatch(/^time overflow after \d+ steps/);
    const written: unknown = JSON.parse(readFileSync(join(cwd, "late/simulation.json"), "utf8"));
    expect(written).toMatchObject({ outcome: "time overflow", saved: 1 });
  });

  it.each([
    ["--n", "2", "--d", "4294967296"],
    ["--n", "1000001", "--d", "2"],
    ["--n", "40000", "--d", "64"],
    ["--n", "40000", "--d", "2", "--until", "merge=0.9"],
    ["--n", "40000", "--d", "2", "--noise", "3", "--step", "1"],
  ])("refuses sizes that no memory holds: %s %s %s %s %s", async (...size) => {
    const { code, failed } = await runCli(["simulate", ...usual, ...size, "--times", "0"], { cwd });
    expect([code, failed.length]).toEqual([2, 1]);
  });

  it("writes nothing unless a folder is named, and there the same as it prints", async () => {
    const args = ["simulate", ...usual, "--n", "3", "--d", "2", "--times", "0,1", "--json", "--out", "sim"];
    const { out } = await runCli(args, { cwd });
    expect(JSON.parse(readFileSync(join(cwd, "sim/simulation.json"), "utf8"))).toEqual(JSON.parse(out[0]));
    expect((await runCli(args, { cwd })).code).toBe(2);
    expect((await runCli([...args, "--force"], { cwd })).code).toBe(0);
  });
});

/** A dynamics with a parameter that has the name of a list of ours. */
const PULL = `export default { dynamics: [{ name: "pull", parameters: { weights: { default: 1, most: 9 } },
  field({ x, n, d, parameters: { weights } }, out) { for (let i = 0; i < n; i++) out[i * d] = weights * x[0]; } }] };`;

describe("parameters of simulate", () => {
  const matrices = ["Q=true", "K=3", "V=3"].flatMap((one) => ["--parameter", one]);
  it.each([
    ["sa", 2, "params: weights. sa reads none", ["--n", "4", "--d", "3", "--parameter", "weights=3"]],
    ["sa_weighted", 3, "weights: 3. give n = 4 positive numbers", ["--n", "4", "--d", "3", "--parameter", "weights=3"]],
    ["sa_qkv", 3, "Q: boolean. give 8 × 8 numbers in rows", ["--n", "40000", "--d", "8", ...matrices]],
  ])("of the wrong form are refused in one line: %s", async (dynamics, code, message, rest) => {
    const args = ["simulate", "--dynamics", dynamics, "--beta", "1", "--times", "0,1", ...rest];
    expect(await runCli(args, { cwd })).toMatchObject({ code, out: [], said: [], failed: [`error: ${message}`] });
  });

  it("may be numbers called weights, which are no masses", async () => {
    const start = ["--plugin", write("pull.mjs", PULL), "--dynamics", "pull", "--beta", "1", "--n", "4", "--d", "3"];
    const [usual, strong] = await Promise.all(
      [[], ["--parameter", "weights=3"]].map((more) => simulate(...start, "--times", "0,0.1", ...more)),
    );
    expect(strong.outcome).toBe("reached the end");
    expect(strong.energy[0]).toBe(usual.energy[0]);
    expect(strong.energy[1]).not.toBe(usual.energy[1]);
    expect((await runCli(["simulate", ...start, "--times", "1", "--parameter", "weights=10"], { cwd })).failed).toEqual(
      ["error: weights: 10. use a finite number, 9 or below"],
    );
  });

  it("are those of a file that is named by its hash, where a plugin was loaded, and only there", async () => {
    const size = ["--beta", "1", "--n", "4", "--d", "3", "--times", "0"];
    const found = await simulate("--plugin", write("pull.mjs", PULL), "--dynamics", "pull", ...size);
    const sha256 = createHash("sha256").update(PULL).digest("hex");
    expect(found.plugins).toEqual([{ name: "pull.mjs", sha256 }]);
    expect(await simulate("--dynamics", "sa", ...size)).not.toHaveProperty("plugins");
  });
});

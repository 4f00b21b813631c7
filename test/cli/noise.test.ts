import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { densityBifurcation } from "../../sim/mean-field/density-bifurcation.ts";
import { jsonOf, runCli } from "./run-cli.ts";

const perTime = z.array(z.number().nullable());
const averages = z.strictObject({ mean: perTime, error: perTime });
const noisySchema = z.strictObject({
  format: z.literal("tokensphere/noisy-simulation"),
  version: z.literal(1),
  dynamics: z.string(),
  beta: z.number(),
  kappa: z.number(),
  step: z.number(),
  paths: z.int(),
  seed: z.int(),
  n: z.int(),
  d: z.int(),
  times: z.array(z.number()),
  order: averages,
  order_squared: averages,
  mean_cosine: averages,
  met: averages,
  failed: z.int(),
  outcome: z.string(),
});
const layersSchema = z.looseObject({
  format: z.literal("tokensphere/layer-steps"),
  version: z.literal(1),
  norm: z.enum(["post", "pre"]),
  layers: z.int(),
  steps_mean_cosine: perTime,
  flow_mean_cosine: perTime,
  mean_angle: perTime,
  largest_angle: perTime,
});

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "tokensphere-noise-"));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (...args: readonly string[]) => runCli(["simulate", ...args], { cwd });
const mean = (values: readonly (number | null)[]) => values.reduce<number>((sum, v) => sum + v!, 0) / values.length;

describe("simulate --noise", () => {
  const kuramoto = ["--dynamics", "sa", "--beta", "0", "--step", "0.02", "--json"];

  it("at κ = 4 has the order parameter of the self-consistency equation r = I_1(κr)/I_0(κr) (R §7)", async () => {
    // Half a turn of tokens: nearer to the density at rest than a uniform cloud, which stays for 1/0.5 = 2 log n times.
    const angles = Array.from({ length: 400 }, (_, j) => (Math.PI * j) / 400);
    writeFileSync(join(cwd, "half.json"), JSON.stringify(angles.map((a) => [Math.cos(a), Math.sin(a)])));
    const noise = ["--noise", "4", "--init", "half.json", "--paths", "8", "--times", "5:1:15"];
    const { order, outcome, failed } = noisySchema.parse(jsonOf(await run(...kuramoto, ...noise)));
    expect({ outcome, failed }).toEqual({ outcome: "reached the end after 750 steps", failed: 0 });
    const wanted = (await densityBifurcation({ dynamics: "sa", beta: 0 })).at(4)[0].order;
    // Fluctuations of 0.5/√n = 0.025 that last a time 2, over 8 paths of length 10: 0.004; twice the step of the CLI's
    // example shifts r by some 0.005, finite n by 1/n. κ = 3 would be off by 0.11.
    expect(Math.abs(mean(order.mean) - wanted)).toBeLessThan(0.02);
  });

  it("at κ = 1 is uniform: n r² has the mean 1/(1 − κ/2) of fluctuations about 0", async () => {
    const noise = ["--noise", "1", "--n", "130", "--d", "2", "--paths", "48", "--times", "6:2:14"];
    const { order_squared } = noisySchema.parse(jsonOf(await run(...kuramoto, ...noise)));
    // Exponential with mean 2, 48 paths at five times a time of 2 apart, which is how long it lasts: some 150 values, a
    // standard error of 0.16; three of them, and 4 % for the step. Tokens that ignored each other would have the mean 1.
    expect(Math.abs(130 * mean(order_squared.mean) - 2)).toBeLessThan(0.56);
  });

  it("tells means with standard errors, the same for the same seed, and writes a figure", async () => {
    const args = ["--dynamics", "usa", "--beta", "1", "--n", "6", "--d", "3", "--noise", "5", "--step", "0.05"];
    const more = ["--times", "0,0.5,1", "--paths", "5"];
    const first = noisySchema.parse(jsonOf(await run(...args, ...more, "--json")));
    expect(noisySchema.parse(jsonOf(await run(...args, ...more, "--json")))).toEqual(first);
    const other = noisySchema.parse(jsonOf(await run(...args, ...more, "--json", "--seed", "9")));
    expect(other.order.mean).not.toEqual(first.order.mean);
    for (const { mean: means, error } of [first.order, first.mean_cosine]) {
      expect([means.length, error.length]).toEqual([3, 3]);
      for (const one of error) expect(one!).toBeGreaterThan(0);
    }
    // (n r² − 1)/(n − 1) is the mean cosine, path by path.
    first.times.forEach((_, t) => {
      expect((6 * first.order_squared.mean[t]! - 1) / 5).toBeCloseTo(first.mean_cosine.mean[t]!, 12);
    });
    const { code, out } = await run(...args, ...more, "--out", "noisy");
    expect(code).toBe(0);
    expect(out[0]).toMatch(/^time +order r +± se +mean cosine/);
    const figure = ["png", "svg", "vl.json"].map((kind) => `orderParameterByTime.${kind}`);
    expect(readdirSync(join(cwd, "noisy")).sort()).toEqual([...figure, "simulation.json"].sort());
  });

  it("has the standard error of the mean cosine of uniform tokens, √(2/(d n (n − 1) paths))", async () => {
    const args = ["--dynamics", "sa", "--beta", "1", "--n", "6", "--d", "3", "--noise", "5", "--step", "0.1"];
    const found = noisySchema.parse(jsonOf(await run(...args, "--times", "0,0.1", "--paths", "2000", "--json")));
    // Pairs are uncorrelated, each with the variance 1/d. A standard deviation of 2000 values errs by 1/√4000 = 1.6 %, half as much
    // again with the tails that a mean of 15 products has; four of these. By n in place of √n it would be 45 times smaller.
    expect(Math.abs(found.mean_cosine.error[0]! / Math.sqrt(2 / (3 * 6 * 5 * 2000)) - 1)).toBeLessThan(0.1);
    // E r² = 1/n.
    expect(Math.abs(found.order_squared.mean[0]! - 1 / 6)).toBeLessThan(4 * found.order_squared.error[0]!);
  });

  it("of one path has no error, and of one token no cosine", async () => {
    const args = ["--dynamics", "sa", "--beta", "1", "--n", "1", "--d", "3", "--noise", "5", "--step", "0.1"];
    const found = noisySchema.parse(jsonOf(await run(...args, "--times", "0,1", "--json")));
    expect(found.order.error).toEqual([null, null]);
    expect(found.mean_cosine.mean).toEqual([null, null]);
    expect(found.order.mean[1]).toBeCloseTo(1, 12);
  });
});

describe("simulate --noise with a plugin", () => {
  it("names the file by its hash", async () => {
    const rest = "export default { dynamics: [{ name: 'rest', field() {} }] };";
    writeFileSync(join(cwd, "rest.mjs"), rest);
    const size = ["--n", "3", "--d", "2", "--beta", "1", "--noise", "4", "--step", "0.1", "--times", "0,1", "--json"];
    const found = jsonOf(await run("--plugin", "rest.mjs", "--dynamics", "rest", ...size));
    const sha256 = createHash("sha256").update(rest).digest("hex");
    expect(found).toMatchObject({ dynamics: "rest", plugins: [{ name: "rest.mjs", sha256 }] });
  });
});

describe("simulate --layer-steps", () => {
  const args = ["--beta", "2", "--n", "8", "--d", "4", "--json"];
  const layers = async (...more: readonly string[]) => layersSchema.parse(jsonOf(await run(...args, ...more)));

  it("has all six schemes, α and τ by --parameter, and states", async () => {
    const few = ["--layer-steps", "2", "--step", "0.5", "--states"];
    const told = z.looseObject({
      norm: z.string(),
      mean_angle: z.array(z.number()),
      states: z.looseObject({ steps: z.array(z.array(z.array(z.number()))) }),
    });
    const of = async (...more: readonly string[]) => told.parse(jsonOf(await run(...args, ...few, ...more)));
    for (const [dynamics, norm] of [
      ["sa_periln", "peri"],
      ["sa_sqrt", "sqrt"],
      ["sa_ngpt", "ngpt"],
      ["sa_mixln", "mix"],
    ]) {
      const found = await of("--dynamics", dynamics);
      expect([found.norm, found.states.steps.length, found.states.steps[0].length]).toEqual([norm, 3, 8]);
      // A step of 1/2 is not the flow, but near it.
      expect(found.mean_angle[2]).toBeGreaterThan(1e-4);
      expect(found.mean_angle[2]).toBeLessThan(0.2);
    }
    const slow = await of("--dynamics", "sa_ngpt", "--parameter", "alpha=1e-3");
    const [before, after] = [slow.states.steps[0][0], slow.states.steps[2][0]];
    expect(Math.hypot(...before.map((value, k) => value - after[k]))).toBeLessThan(1.1e-3);
  });

  it("tends to the flow as steps get smaller, with new matrices in each layer and without", async () => {
    for (const dynamics of ["sa", "sa_preln"]) {
      const [coarse, fine] = await Promise.all(
        [10, 40].map((count) => layers("--dynamics", dynamics, "--layer-steps", `${count}`, "--step", `${1 / count}`)),
      );
      expect(coarse.norm).toBe(dynamics === "sa" ? "post" : "pre");
      expect([coarse.layers, fine.layers]).toEqual([10, 40]);
      // Of order 1 in the step: a quarter, but for its next term.
      const ratio = coarse.mean_angle.at(-1)! / fine.mean_angle.at(-1)!;
      expect(ratio).toBeGreaterThan(3);
      expect(ratio).toBeLessThan(5.5);
      expect(Math.abs(fine.flow_mean_cosine.at(-1)! - coarse.flow_mean_cosine.at(-1)!)).toBeLessThan(1e-7);
    }
    const random = ["--dynamics", "sa_layers", "--params", "random", "--layer-steps", "6"];
    const [large, small] = await Promise.all(["0.2", "0.02"].map((step) => layers(...random, "--step", step)));
    // The same matrices; time is a tenth, the error of each step a hundredth.
    expect(small.largest_angle.at(-1)!).toBeLessThan(large.largest_angle.at(-1)! / 30);
    expect(large.mean_angle[0]).toBe(0);
  });

  it("tells what was reached where a layer blows up, and ends with the exit code of bad input", async () => {
    const { code, out, failed } = await run(...args, "--dynamics", "sa", "--layer-steps", "3", "--step", "1e200");
    expect({ code, lines: out.length, failures: failed.length }).toEqual({ code: 3, lines: 1, failures: 1 });
    expect(failed[0]).toContain("blow-up after layer 0: the state is no longer finite");
    expect(layersSchema.parse(JSON.parse(out[0]))).toMatchObject({ layers: 0, outcome: "blow-up" });
  });

  it("reads matrices from --params", async () => {
    const matrix = (scale: number) => [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => (i === j ? scale : 0)));
    const one = { Q: matrix(1), K: matrix(1), V: matrix(1) };
    writeFileSync(join(cwd, "one.json"), JSON.stringify(one));
    writeFileSync(join(cwd, "heads.json"), JSON.stringify({ heads: [one] }));
    const common = ["--layer-steps", "3", "--step", "0.1"];
    const plain = await layers("--dynamics", "sa", ...common);
    for (const [dynamics, file] of [
      ["sa_qkv", "one.json"],
      ["sa_multihead", "heads.json"],
    ]) {
      const found = await layers("--dynamics", dynamics, "--params", file, ...common);
      // Identities: the same sums.
      found.mean_angle.forEach((angle, layer) => {
        expect(Math.abs(angle! - plain.mean_angle[layer]!)).toBeLessThan(1e-8);
      });
    }
  });
});

describe("simulate --sweep", () => {
  it("is the command sweep by another spelling", async () => {
    const args = [
      "--dynamics",
      "sa",
      "--n",
      "5",
      "--d",
      "2",
      "--betas",
      "1,2",
      "--times",
      "0,5",
      "--seeds",
      "3",
      "--json",
    ];
    const [mode, command] = [await run("--sweep", ...args), await runCli(["sweep", ...args], { cwd })];
    expect(mode.code).toBe(0);
    expect(mode.out).toEqual(command.out);
  });
});

describe("the modes of simulate", () => {
  const OWN_LAYERS = "--params: random. sa has no layers of its own: use sa_layers or sa_preln_layers";

  it("refuse in one line flags that are missing or that belong to another mode", async () => {
    const start = ["--dynamics", "sa", "--n", "3", "--d", "2"];
    const one = [...start, "--beta", "1"];
    for (const [args, message] of [
      [[...start, "--times", "1"], "required option '--beta <number>' not specified"],
      [one, "required option '--times <list>' not specified"],
      [[...one, "--times", "1", "--paths", "3"], "--paths: wants --noise."],
      [[...one, "--times", "1", "--noise", "3"], "--step: missing."],
      [[...one, "--times", "1", "--noise", "0", "--step", "1"], "--noise: 0."],
      [[...one, "--times", "1", "--noise", "3", "--step", "-1"], "step: -1."],
      [[...one, "--times", "1", "--noise", "3", "--step", "1", "--states"], "--states: not with --noise."],
      [[...one, "--times", "1", "--seeds", "3"], "--seeds: wants --sweep."],
      [[...one, "--times", "1", "--workers", "2"], "--workers: wants --sweep."],
      [[...one, "--times", "1", "--noise", "3", "--step", "1", "--until", "merge=0.9"], "--until: not with --noise."],
      [[...one, "--times", "1", "--noise", "3", "--step", "1e-12"], "step: 1e-12. it makes 1.0e+12 steps"],
      [
        ["--dynamics", "sa_layers", "--n", "3", "--d", "2", "--beta", "1", "--times", "1", "--params", "random"],
        "add --layer-steps",
      ],
      [[...one, "--layer-steps", "3"], "--step: missing."],
      [[...one, "--layer-steps", "100000000000", "--step", "1"], "--layer-steps: 100000000000. use at most"],
      [[...one, "--layer-steps", "3", "--step", "1", "--times", "1"], "--times: not with --layer-steps."],
      [[...one, "--layer-steps", "3", "--noise", "1"], "--noise: not with --layer-steps."],
      [[...one, "--layer-steps", "3", "--step", "1", "--params", "random"], OWN_LAYERS],
      [[...one, "--sweep", "--betas", "1", "--times", "1"], "--beta: not with --sweep."],
      [[...start, "--sweep", "--times", "1"], "required option '--betas <list>' not specified"],
      [
        ["--dynamics", "usa", "--n", "3", "--d", "2", "--beta", "1", "--layer-steps", "3", "--step", "1"],
        "--dynamics: usa. with --layer-steps use sa, sa_layers, sa_mixln, sa_multihead, sa_ngpt, sa_periln, sa_preln, sa_preln_layers, sa_qkv, sa_sqrt",
      ],
    ] as const) {
      const { code, out, failed } = await run(...args, "--out", "never");
      expect({ code, out, lines: failed.length }).toEqual({ code: 2, out: [], lines: 1 });
      expect(failed[0]).toContain(message);
    }
    expect(existsSync(join(cwd, "never"))).toBe(false);
  });
});

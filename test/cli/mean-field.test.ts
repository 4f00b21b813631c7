import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { growthRates } from "../../sim/theory/growth-rates.ts";
import { jsonOf, runCli } from "./run-cli.ts";

const list = z.array(z.number());
const toPoint = z
  .strictObject({ at: z.number(), w2: list, rate: z.number().nullable(), bound: z.number().nullable() })
  .nullable();
const meanFieldSchema = z.strictObject({
  format: z.literal("tokensphere/mean-field"),
  version: z.literal(1),
  dynamics: z.enum(["sa", "usa"]),
  beta: z.number(),
  kappa: z.number().nullable(),
  start: z.array(z.string()),
  d: z.literal(2),
  sign: z.union([z.literal(1), z.literal(-1)]),
  modes: z.int(),
  method: z.enum(["characteristics", "modes"]),
  time_unit: z.enum(["one", "exp"]),
  times: list,
  outcome: z.string(),
  orders: z.array(z.int()),
  sizes: z.array(list),
  variance: z.array(z.number().nullable()),
  heat_limit: z.array(z.number().nullable()),
  theta: list,
  density: z.array(list),
  moments: z.strictObject({ re: z.array(list), im: z.array(list) }),
  theory_growth: z.array(z.number().nullable()),
  growth: z.array(z.array(z.number().nullable())),
  tail: list,
  lowest: list,
  to_point: toPoint,
  particles: z.strictObject({ n: z.int(), seed: z.int(), w1: list, moments: z.array(list) }).nullable(),
});
const state = z.strictObject({
  order: z.number(),
  kappa: z.number(),
  stable: z.boolean().nullable(),
  growth: z.number().nullable(),
  free_energy: z.number().nullable(),
  moments: list.optional(),
});
const bifurcationSchema = z.strictObject({
  format: z.literal("tokensphere/bifurcation"),
  version: z.literal(1),
  dynamics: z.enum(["sa", "usa"]),
  d: z.int(),
  beta: z.number(),
  peaks: z.int(),
  critical_kappa: z.number(),
  beta_star: z.number().nullable(),
  transition: z.enum(["continuous", "discontinuous"]),
  turns: z.array(state),
  equal_energy: z.number().nullable(),
  followed_to: z.number(),
  rows: z.array(z.strictObject({ kappa: z.number(), states: z.array(state) })),
  branch: z.array(state),
});
const chaosSchema = z.looseObject({
  format: z.literal("tokensphere/propagation-of-chaos"),
  version: z.literal(1),
  rows: z.array(z.strictObject({ n: z.int(), start: z.number(), w1: z.number(), error: z.number().nullable() })),
  slope: z.number().nullable(),
});

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "tokensphere-mean-field-"));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (...args: readonly string[]) => runCli(["mean-field", ...args], { cwd });
const figure = (name: string) => ["png", "svg", "vl.json"].map((kind) => `${name}.${kind}`);

describe("mean-field", () => {
  const args = ["--beta", "5", "--start", "uniform:0.001:3", "--times", "0,1,2", "--modes", "16"];

  it("tells the density by time, its moments, and their growth beside linear theory", async () => {
    const found = meanFieldSchema.parse(jsonOf(await run(...args, "--json")));
    expect(found).toMatchObject({ dynamics: "sa", beta: 5, kappa: null, times: [0, 1, 2], particles: null });
    expect(found.density.map((one) => one.length)).toEqual([256, 256, 256]);
    const rate = growthRates(2, 5, 3).sa[2];
    expect(found.theory_growth[2]).toBeCloseTo(rate, 12);
    // A perturbation of 0.1 % acts on itself by its square.
    expect(Math.abs(found.growth[1][2]! - rate)).toBeLessThan(1e-4);
    expect(found.growth[0]).toEqual([null, null, null, null, null, null]);
    // Three peaks have no direction.
    expect(found.to_point).toBeNull();
  });

  it("is evolve, with noise where it is asked for", async () => {
    const found = meanFieldSchema.parse(jsonOf(await run("evolve", ...args, "--noise", "20", "--json")));
    expect(found.kappa).toBe(20);
    expect(Math.abs(found.growth[1][2]! - (growthRates(2, 5, 3).sa[2] - 9 / 20))).toBeLessThan(1e-4);
  });

  it("tells how fast W_2 to a point falls, above theorem 5's bound at small β and below it where two clusters stay", async () => {
    const fall = async (...args: readonly string[]) =>
      meanFieldSchema.parse(jsonOf(await run(...args, "--nodes", "256", "--times", "0:1:12", "--json"))).to_point!;
    const one = await fall("--beta", "0.3", "--start", "von-mises:1:0.5");
    // Of 256 points the one next to the opposite has 2e-3 of the mass.
    expect(one.at).toBeCloseTo(1, 2);
    // Mass opposite leaves as e^{−t}, and W_2 is a root.
    expect(Math.abs(one.rate! - 0.5)).toBeLessThan(0.02);
    expect(one.bound).toBe(0.01);
    const two = await fall("--beta", "9", "--start", "normal:0:0.2", "--start", "normal:3:0.2");
    expect(two.rate).toBeLessThan(0.001);
    // Half of the mass 1.5 rad off on either side.
    expect(two.w2.at(-1)).toBeCloseTo(1.5, 3);
    const exp = ["--dynamics", "usa", "--time-unit", "exp", "--beta", "2", "--start", "normal:0:0.3"];
    expect((await fall(...exp)).bound).toBeCloseTo(0.01 * Math.exp(-2), 15);
  });

  it("writes its numbers and figures, panels for few times and a heat map for many, tokens beside the density", async () => {
    const start = ["--beta", "2", "--start", "normal:1:0.5", "--start", "von-mises:4:3", "--modes", "48"];
    const { code, out } = await run(...start, "--times", "0,0.2,0.4", "--particles", "300", "--out", "few");
    expect(code).toBe(0);
    expect(out[0]).toMatch(/^time +\|μ_1\| .* W1$/);
    expect(out.at(-2)).toMatch(/^tokens at the end: largest moment/);
    expect(readdirSync(join(cwd, "few")).sort()).toEqual(
      [...figure("densityByTime"), "mean-field.json", ...figure("momentGrowth")].sort(),
    );
    const told = meanFieldSchema.parse(JSON.parse(readFileSync(join(cwd, "few/mean-field.json"), "utf8")));
    // n^{−1/2} = 0.06, times some 1.2.
    for (const w1 of told.particles!.w1) expect(w1).toBeLessThan(0.25);
    expect(told.particles!.moments).toHaveLength(3);
    await run(...start, "--times", "0:0.05:0.5", "--out", "many");
    expect(readdirSync(join(cwd, "many"))).toEqual(expect.arrayContaining(figure("densityHeatMap")));
    expect((await run(...start, "--times", "0,1", "--out", "many")).failed[0]).toMatch(/^error: --out: .* add --force/);
    expect((await run(...start, "--times", "0,1", "--out", "many", "--force")).code).toBe(0);
  });

  it("says where its modes do not suffice, and draws no more than what they resolve", async () => {
    const narrow = [
      "--beta",
      "1",
      "--start",
      "normal:0:0.6",
      "--modes",
      "24",
      "--times",
      "0:0.5:5",
      "--method",
      "modes",
    ];
    const { said, code } = await run(...narrow, "--out", "narrow");
    expect({ code, said: said.length }).toEqual({ code: 0, said: 1 });
    expect(said[0]).toMatch(
      /^stopped before t = [\d.]+: 24 modes do not resolve the density there. take more --modes, or --method/,
    );
  });

  it("refuses what it cannot use in one line", async () => {
    for (const [more, message] of [
      [["--start", "normal:0"], "--start: normal:0."],
      [["--start", "uniform:2:1"], "--start: uniform:2:1."],
      [["--start", "gamma:1:1"], "--start: gamma:1:1."],
      [["--noise", "0"], "--noise: 0."],
      [["--step", "1"], "--step: wants --noise."],
      [["--times", "2,1"], "times: 1 after 2."],
      [["--particles", "0"], "--particles wants"],
      [["--modes", "100000"], "modes: 100000."],
      [["--particles", "100000000000"], "n: 100000000000."],
      [["--start", "von-mises:0:1e308"], "0 ≤ S ≤ 10⁶"],
      [["--dynamics", "hardmax"], "Allowed choices are sa, usa"],
    ] as const) {
      const { code, out, failed } = await run(...args, "--out", "never", ...more);
      expect({ code, out, lines: failed.length }).toEqual({ code: 2, out: [], lines: 1 });
      expect(failed[0]).toContain(message);
    }
    // A law so narrow that its moments have not died out is negative somewhere.
    const cut = await run(
      "--beta",
      "1",
      "--start",
      "von-mises:0:500",
      "--modes",
      "8",
      "--times",
      "1",
      "--particles",
      "9",
    );
    expect({ code: cut.code, failed: cut.failed[0] }).toMatchObject({ code: 3 });
    expect(cut.failed[0]).toContain("density: negative");
    expect(existsSync(join(cwd, "never"))).toBe(false);
  });
});

describe("mean-field bifurcation", () => {
  it("lists the densities at rest at each κ, and which are stable", async () => {
    const args = [
      "bifurcation",
      "--dynamics",
      "usa",
      "--beta",
      "5",
      "--kappas",
      "0.18,0.19,0.21",
      "--out",
      "bifurcation",
    ];
    const found = bifurcationSchema.parse(jsonOf(await run(...args, "--json")));
    expect(found.rows.map(({ states }) => states.map(({ stable }) => stable))).toEqual([
      [true],
      [true, false, true],
      [false, true],
    ]);
    expect(found.transition).toBe("discontinuous");
    expect(found.critical_kappa).toBeCloseTo(0.20546, 5);
    expect(found.beta_star).toBeCloseTo(2.44692, 5);
    expect(found.turns).toHaveLength(1);
    expect(readdirSync(join(cwd, "bifurcation")).sort()).toEqual(
      ["bifurcation.json", ...figure("bifurcationDiagram")].sort(),
    );
    const svg = readFileSync(join(cwd, "bifurcation/bifurcationDiagram.svg"), "utf8");
    expect(svg).toContain("A discontinuous transition");
  });

  it("finds the densities that rest below κ_# also where no κ above it is asked for", async () => {
    const args = ["bifurcation", "--dynamics", "usa", "--beta", "5", "--kappas", "0.195", "--json"];
    const [{ states }] = bifurcationSchema.parse(jsonOf(await run(...args))).rows;
    expect(states.map(({ stable }) => stable)).toEqual([true, false, true]);
  });

  it("without --json says where the branch turns", async () => {
    const { out, code } = await run("bifurcation", "--beta", "0", "--kappas", "1:1:4");
    expect(code).toBe(0);
    expect(out[0]).toMatch(/^kappa +order +state +fastest growth +free energy$/);
    // Uniform at 1 and 2; at 3 and 4 beside r of the noisy Kuramoto model, I_1(κr)/I_0(κr).
    expect(out.filter((line) => /^ +[34] +0\.[78]\d+ +stable/.test(line))).toHaveLength(2);
    expect(out.at(-1)).toBe("uniform up to kappa_# = 2; the transition is continuous");
  });

  it("refuses what it cannot use in one line", async () => {
    for (const [args, message] of [
      [["--beta", "1", "--kappas", "0,1"], "--kappas: 0."],
      [["--beta", "1", "--kappas", "a"], "--kappas: a."],
      [["--beta", "1000", "--kappas", "1"], "beta: 1000."],
      [["--beta", "0", "--kappas", "1", "--peaks", "2"], "peaks: 2."],
    ] as const) {
      const { code, out, failed } = await run("bifurcation", ...args);
      expect({ code, out, lines: failed.length }).toEqual({ code: 2, out: [], lines: 1 });
      expect(failed[0]).toContain(message);
    }
  });
});

describe("mean-field chaos", () => {
  it("finds W1 between tokens and density to fall as n^{−1/2}", async () => {
    const args = ["chaos", "--beta", "2", "--start", "normal:0:1", "--time", "0.5", "--modes", "48"];
    const more = ["--sizes", "50,400,3200", "--copies", "12", "--out", "chaos"];
    const found = chaosSchema.parse(jsonOf(await run(...args, ...more, "--json")));
    expect(found.rows.map(({ n }) => n)).toEqual([50, 400, 3200]);
    // 12 draws that scatter by a third: 10 % at both ends of a factor 64, 0.034 in the slope; three of them.
    expect(Math.abs(found.slope! + 0.5)).toBeLessThan(0.12);
    expect(readdirSync(join(cwd, "chaos")).sort()).toEqual(["chaos.json", ...figure("chaosByN")].sort());
  });

  it("refuses sizes that are none", async () => {
    const args = ["chaos", "--beta", "2", "--start", "uniform", "--time", "1"];
    expect((await run(...args, "--sizes", "1.5")).failed[0]).toContain("--sizes: 1.5.");
    expect((await run(...args, "--time", "0")).failed[0]).toContain("--time: 0.");
  });
});

import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { clusteringTime } from "../../sim/theory/clustering-time.ts";
import { continuousUpTo } from "../../sim/theory/critical-noise.ts";
import { equiangularCurve } from "../../sim/theory/equiangular.ts";
import { expectedModes } from "../../sim/theory/expected-modes.ts";
import { growthRates } from "../../sim/theory/growth-rates.ts";
import { circleModes, expectedCircleModes } from "../../sim/theory/kde-modes.ts";
import { longContext } from "../../sim/theory/long-context.ts";
import { twoClusterLifetime } from "../../sim/theory/two-clusters.ts";
import { jsonOf, runCli } from "./run-cli.ts";

const theory = (line: string) => runCli(["theory", ...line.split(" ")], { cwd: "/" });
const document = async (line: string) => jsonOf(await theory(`${line} --json`));

// The values themselves are held against SciPy in test/sim/theory.test.ts: here is whether the right one comes out under the right name.

describe("theory growth", () => {
  it("tells rates, the fastest and the noise that holds them down", async () => {
    const { usa, sa, logUsa, fastest } = growthRates(2, 5, 10);
    const known = { d: 2, beta: 5, usa, sa, log_usa: logUsa, kmax: fastest };
    expect(await document("growth --d 2 --beta 5 --kmax 10")).toMatchObject(known);
    const { out } = await theory("growth --d 2 --beta 5 --kmax 10");
    expect(out).toHaveLength(12);
    expect(out[0]).toMatch(/^ *k +SA +USA$/);
    expect(out.at(-1)).toMatch(new RegExp(`^fastest: k = ${fastest}; critical noise: SA [\\d.]+, USA [\\d.]+$`));
  });

  it("tells a noise below the range of float64 by its logarithm alone", async () => {
    expect(await document("growth --d 2 --beta 1e6")).toMatchObject({
      critical_noise: { usa: null },
      log_critical_noise: { usa: expect.any(Number) },
    });
  });
});

describe("theory equiangular", () => {
  const line = "equiangular --n 32 --beta 4 --rho0 0 --times 0,1,5";

  it("tells the curve, and when it has clustered", async () => {
    const asked = { scheme: "post", dynamics: "sa", n: 32, beta: 4, rho0: 0, times: [0, 1, 5] } as const;
    const { rho, gap } = equiangularCurve(asked);
    const time = clusteringTime("sa", 32, 4, 0, 0.999);
    expect(await document(line)).toMatchObject({ ...asked, rho, gap, clustering_time: time });
    const { out } = await theory(line);
    expect(out).toHaveLength(5);
    expect(out.at(-1)).toBe(`1 - rho = 0.001 at t = ${Number(time!.toPrecision(8))}`);
  });

  it.each([["it begins above", line.replace("--rho0 0", "--rho0 0.9991")]])(
    "leaves that out where %s",
    async (_why, other) => {
      expect(await document(other)).toMatchObject({ clustering_time: null });
      expect((await theory(other)).out.join()).not.toContain("1 - rho = 0.001");
    },
  );

  it("tells it just below: ρ₀ = .9989, β = 300", async () => {
    expect(await document(line.replace("--rho0 0", "--rho0 0.9989"))).toMatchObject({
      clustering_time: expect.any(Number),
    });
    expect(await document(line.replace("--beta 4", "--beta 300"))).toMatchObject({
      clustering_time: expect.any(Number),
    });
  });
});

describe("theory long-context", () => {
  it("tells the cosine at n and as n grows", async () => {
    const { cosine, limit } = longContext(4096, 0.5, 2);
    expect(await document("long-context --n 4096 --rho 0.5 --gamma 2")).toEqual({
      ...{ n: 4096, rho: 0.5, gamma: 2, cosine, limit },
    });
    const { out } = await theory("long-context --n 4096 --rho 0.5 --gamma 2");
    expect(out).toEqual([expect.stringMatching(/^cosine [\d.]+ at n = 4096, [\d.]+ as n grows$/)]);
  });
});

describe("theory noise", () => {
  it.each([
    [0.99, "continuous"],
    [1.01, "discontinuous"],
  ])("tells the transition at %s of β_* to be %s", async (part, kind) => {
    const star = continuousUpTo(2);
    const { out } = await theory(`noise --d 2 --beta ${part * star}`);
    expect(out[1]).toMatch(new RegExp(`^the transition of USA is ${kind} \\(beta_\\* = `));
    expect(await document(`noise --d 2 --beta ${part * star}`)).toMatchObject({ beta_star: star });
  });
});

describe("theory clusters", () => {
  it("tells the lifetime of two, of any mass, and how many there are", async () => {
    for (const [more, mass] of [
      ["", 0.5],
      [" --mass 0.2", 0.2],
    ] as const) {
      expect(await document(`clusters --beta 9 --phi0 1 --phi1 0.01${more}`)).toEqual({
        ...{ dynamics: "sa", beta: 9, mass, phi0: 1, phi1: 0.01, modes: expectedModes(9) },
        lifetime: twoClusterLifetime(9, 1, 0.01, { dynamics: "sa", mass }),
        log_lifetime: expect.closeTo(Math.log(twoClusterLifetime(9, 1, 0.01, { dynamics: "sa", mass })), 9),
      });
    }
    const { out } = await theory("clusters --beta 9 --phi0 1 --phi1 0.01");
    expect(out[0]).toMatch(/^lifetime [\d.]+ from 1 to 0\.01 rad at beta = 9$/);
    expect(out).toHaveLength(2);
  });
});

describe("theory modes", () => {
  it("tells modes of samples beside what is expected, on the circle and on the line", async () => {
    const line = "modes --betas 1,9 --n 40 --copies 3 --seed 5";
    const counts = [1, 9].map((beta) =>
      [5, 6, 7].map((seed) => {
        const random = randomSource(seed);
        return circleModes(
          Float64Array.from({ length: 40 }, () => 2 * Math.PI * random()),
          beta,
        );
      }),
    );
    expect(await document(line)).toMatchObject({
      ...{ law: "uniform", n: 40, copies: 3, seed: 5 },
      rows: [1, 9].map((beta, b) => ({
        modes: expect.closeTo(counts[b].reduce((x, y) => x + y) / 3, 12),
        ...{
          beta,
          limit: expectedCircleModes(beta),
          sqrt_beta: Math.sqrt(beta),
          sqrt_beta_log_beta: expectedModes(beta),
        },
      })),
    });
    const { out } = await theory(`${line} --law normal`);
    expect(out[0]).toMatch(/^beta +modes +± se +n → ∞ +√β +√\(β log β\)$/);
    expect(out.at(-1)).toBe("3 samples of 40: standard normal on the line, kernel e^{−βx²/2}");
    expect((await theory("modes --betas 0,1")).failed[0]).toBe("error: --betas: 0. give numbers above 0 and up to 1e8");
  });
});

describe("theory", () => {
  it.each([
    ["growth --d 2", "--beta"],
    ["equiangular --n 32 --beta 4 --rho0 0", "--times"],
    ["long-context --n 4096 --rho 0.5", "--gamma"],
    ["noise --beta 1", "--d"],
    ["clusters --beta 9 --phi0 1", "--phi1"],
    ["growth --d 1 --beta 1", "--d"],
  ])("refuses in one line what is missing or out of range: %s", async (line, flag) => {
    const { code, out, failed } = await theory(line);
    expect({ code, out, lines: failed.length }).toEqual({ code: 2, out: [], lines: 1 });
    expect(failed[0]).toContain(flag);
  });
});

import { describe, expect, it } from "vitest";
import type { DynamicsParams } from "../../sim/dynamics/params.ts";
import { simulate } from "../../sim/simulate/simulate.ts";
import { logClusteringTime } from "../../sim/theory/clustering-time.ts";
import { equiangularCurve, SCHEMES } from "../../sim/theory/equiangular.ts";
import { boundedGrowth, headGrowth } from "../../sim/theory/kernel-growth.ts";
import { KERNELS } from "../../sim/theory/kernels.ts";
import { schemeClusteringTime } from "../../sim/theory/scheme-clustering-time.ts";

/** log growth of |μ̂_k| of tokens at 2πi/n, moved by ε sin kθ: to first order in ε that of the density. */
async function particleGrowth(dynamics: string, beta: number, k: number, params: DynamicsParams): Promise<number> {
  const [n, epsilon, h] = [240, 1e-6, 0.05];
  const angles = Array.from({ length: n }, (_, i) => {
    const theta = (2 * Math.PI * (i + 0.5)) / n;
    return theta + epsilon * Math.sin(k * theta);
  });
  const sizes: number[] = [];
  const save = (_system: number, time: number, _t: number, { x }: { readonly x: ArrayLike<number> }) => {
    sizes[time] = modeOf(x, k);
  };
  const x0 = Float64Array.from(angles.flatMap((theta) => [Math.cos(theta), Math.sin(theta)]));
  const tolerances = { method: "dop853", rtol: 1e-13, atol: 1e-13, merge: false, engine: "ts" } as const;
  await simulate({ dynamics, n, d: 2, systems: [{ beta, x0 }], times: [0, h], params, ...tolerances }, { save });
  return Math.log(sizes[1] / sizes[0]) / h;
}

/** log growth of |μ̂_k| over a short step of 1000 tokens on a ring whose density is 1 + ε cos kθ. */
async function ringGrowth(
  dynamics: string,
  beta: number,
  k: number,
  epsilon: number,
  params: DynamicsParams,
): Promise<number> {
  const [n, step] = [1000, 1e-2];
  const ring = Array.from({ length: n }, (_, j) => (2 * Math.PI * (j + 0.5)) / n);
  const x0 = Float64Array.from(
    ring.map((t) => t - (epsilon / k) * Math.sin(k * t)).flatMap((t) => [Math.cos(t), Math.sin(t)]),
  );
  const sizes: number[] = [];
  await simulate(
    { dynamics, n, d: 2, params, systems: [{ beta, x0 }], times: [0, step], method: "heun", step, merge: false },
    { save: (_system, _index, _t, { x }) => void sizes.push(modeOf(x, k)) },
  );
  return Math.log(sizes[1] / sizes[0]) / step;
}

/** |Σ e^{ikθ_j}| of tokens on the circle. */
function modeOf(x: ArrayLike<number>, k: number): number {
  let [re, im] = [0, 0];
  for (let i = 0; 2 * i < x.length; i++) {
    const theta = k * Math.atan2(x[2 * i + 1], x[2 * i]);
    re += Math.cos(theta);
    im += Math.sin(theta);
  }
  return Math.hypot(re, im);
}

const rows = (a: number) => [
  [Math.cos(a), Math.sin(a)],
  [-Math.sin(a), Math.cos(a)],
];
const scaled = (c: number) => [
  [c, 0],
  [0, c],
];

describe("linear theory of kernels, on particles", () => {
  const circle = { d: 2, kmax: 3 };
  const rotated = { ...circle, beta: 3, alpha: 0.4 };
  const cases = [
    ["a rotation", KERNELS.rotation(rotated).sa, "sa_qkv", 3, { Q: scaled(1), K: rows(0.4), V: scaled(1) }],
    ["a rotation under USA", KERNELS.rotation(rotated).usa, "usa_qkv", 3, { Q: scaled(1), K: rows(0.4), V: scaled(1) }],
    [
      "heads",
      KERNELS.heads({
        ...circle,
        heads: [
          { b: 3, c: 1 },
          { b: 1, c: -0.5 },
        ],
      }).sa,
      "sa_multihead",
      1,
      {
        heads: [
          { Q: scaled(3), K: scaled(1), V: scaled(1) },
          { Q: scaled(1), K: scaled(1), V: scaled(-0.5) },
        ],
      },
    ],
    ["a doubly stochastic kernel", KERNELS.sinkhorn({ ...circle, beta: 3 }).sa, "sa_sinkhorn", 3, {}],
  ] as const;
  for (const [what, rates, dynamics, beta, params] of cases) {
    it(`holds for ${what}, and a wrong sign or a factor 2 is seen`, async () => {
      for (const k of [1, 2, 3]) {
        const [rate, found] = [Number(rates[k - 1]), await particleGrowth(dynamics, beta, k, params)];
        // Perturbations of 1e-6 answer by 1e-6 of the rate.
        expect(Math.abs(found - rate)).toBeLessThan(1e-5);
        expect(Math.abs(found - 2 * rate)).toBeGreaterThan(1e-2);
        expect(Math.abs(found + rate)).toBeGreaterThan(1e-2);
      }
    });
  }

  it("holds for bounded confidence, where tokens that come into sight and go out of it are a part of the rate", async () => {
    const [beta, radius] = [3, 1];
    const theory = KERNELS.krause({ ...circle, beta, radius });
    // Displacements of 0.05/k are many gaps of 1000 tokens, so that who is seen changes as in a density; squares of them are left out.
    const found = (dynamics: string, k: number) => ringGrowth(dynamics, beta, k, 0.05, { radius });
    for (const k of [2, 3]) expect(Math.abs((await found("sa_krause", k)) - theory.sa[k - 1])).toBeLessThan(0.01);
    expect((await found("usa_krause", 2)) / Number(theory.usa[1])).toBeCloseTo(1, 2);
    // Perturbations far smaller than a gap change nobody's sight, and are another rate.
    expect(Math.abs((await ringGrowth("sa_krause", beta, 2, 1e-6, { radius })) - theory.sa[1])).toBeGreaterThan(0.1);
  });

  it("of bounded confidence with the whole circle in sight is that of plain attention", () => {
    const [bounded, plain] = [boundedGrowth(3, 4, Math.PI, 4), headGrowth(3, [{ b: 4, c: 1 }], 4)];
    for (const [j, rate] of bounded.sa.entries()) expect(rate).toBeCloseTo(plain.sa[j], 12);
    for (const [j, rate] of bounded.usa.entries()) expect(rate! / plain.usa[j]!).toBeCloseTo(1, 12);
  });
});

describe("the clustering time of every scheme", () => {
  for (const scheme of SCHEMES) {
    it(`is when the curve of ${scheme} gets there`, () => {
      for (const dynamics of ["sa", "usa"] as const) {
        const system = { scheme, dynamics, n: 12, beta: 2, rho0: 0.1, tau: 0.7, alpha: 1.4 };
        const time = schemeClusteringTime(system, 0.99)!;
        const { rho } = equiangularCurve({ ...system, times: [time] });
        expect(rho[0]).toBeCloseTo(0.99, 9);
        // A rate with a factor 2 would be elsewhere.
        expect(equiangularCurve({ ...system, times: [time / 2] }).rho[0]).toBeLessThan(0.989);
        if (scheme === "post") expect(Math.log(time)).toBeCloseTo(logClusteringTime(dynamics, 12, 2, 0.1, 0.99), 10);
      }
    });
  }

  it("goes on where times overflow, in units of e^−β", () => {
    const usa = { scheme: "post", dynamics: "usa", n: 8, beta: 2000, rho0: 0.5, timeUnit: "exp" } as const;
    expect(() => equiangularCurve({ ...usa, timeUnit: "one", times: [1] })).toThrow("take exp as the time unit");
    const log = logClusteringTime("usa", 8, 2000, 0.5, 0.999) + 2000;
    // Until 1 − ρ is of order 1/β the rate is e^{−β(1−ρ)}: some e^1000.
    expect(log).toBeGreaterThan(980);
    expect(log).toBeLessThan(1000);
  });
});

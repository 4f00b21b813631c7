import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import type { Cloud } from "../../probes/cloud.ts";
import type { DynamicsName } from "../../sim/dynamics/dynamics-table.ts";
import type { DynamicsParams } from "../../sim/dynamics/params.ts";
import { angleReduction } from "../../sim/reductions/angles.ts";
import { coincidentReduction, mergeErrorBound } from "../../sim/reductions/coincident.ts";
import { equiangularReduction, liftEquiangular } from "../../sim/reductions/equiangular.ts";
import { gramReduction, liftGram, projectGram } from "../../sim/reductions/gram.ts";
import type { Reduction } from "../../sim/reductions/reduction.ts";
import { spanReduction } from "../../sim/reductions/span.ts";
import { twoClusterReduction } from "../../sim/reductions/two-clusters.ts";
import { twoClusterAngles, twoClusterLifetime } from "../../sim/theory/two-clusters.ts";
import { dot, largestDifference, quadrature, record, start } from "./cases.ts";

const TIMES = [0, 0.2, 0.9, 2];

/** Both ways are integrated at 1e-12 a step, some hundred steps, and clouds cluster no faster than e^{2t} shrinks errors. */
const TIGHT = 1e-9;

/** A reduction with the dynamics it is of, a start of its family, and how states compare. */
interface Case {
  readonly reduction: Reduction<unknown>;
  readonly dynamics: DynamicsName;
  readonly params?: DynamicsParams;
  readonly cloud: Cloud;
  readonly beta: number;
  /** The numbers of a state. */
  readonly numbers: (state: unknown) => ArrayLike<number>;
}

function define<State>(
  reduction: Reduction<State>,
  dynamics: DynamicsName,
  cloud: Cloud,
  numbers: (state: State) => ArrayLike<number>,
  beta: number,
  params: DynamicsParams = {},
): Case {
  return { reduction, dynamics, params, cloud, beta, numbers } as Case;
}

const uniform = (n: number, d: number, seed = 3): Cloud => ({ n, d, x: start(n, d, seed) });
const weightsOf = (n: number) => {
  const random = randomSource(5);
  return Array.from({ length: n }, () => 0.2 + random());
};
/** cos and sin, so that 2π is nothing. */
const onCircle = (angles: Float64Array) => [...angles].flatMap((a) => [Math.cos(a), Math.sin(a)]);
const twoClusters = (phi: number): Cloud => ({
  n: 5,
  d: 2,
  x: Float64Array.from([0, 1, 1, 0, 1].flatMap((c) => [Math.cos(c * phi), Math.sin(c * phi)])),
});
const repeated = (): Cloud => {
  const x = start(4, 3, 8);
  return { n: 7, d: 3, x: Float64Array.from([0, 1, 1, 2, 0, 3, 1].flatMap((i) => [...x.subarray(3 * i, 3 * i + 3)])) };
};

const weights = weightsOf(6);
const CASES: Readonly<Record<string, Case>> = {
  "Gram flow of sa, n < d": define(gramReduction("sa", 6), "sa", uniform(6, 9), (s) => s.gram, 3),
  "Gram flow of sa, n > d": define(gramReduction("sa", 7), "sa", uniform(7, 3), (s) => s.gram, 3),
  "Gram flow of usa": define(gramReduction("usa", 6), "usa", uniform(6, 4), (s) => s.gram, 1.5),
  "Gram flow of sa_causal": define(gramReduction("sa_causal", 6), "sa_causal", uniform(6, 4), (s) => s.gram, 3),
  "Gram flow of usa_weighted_causal": define(
    gramReduction("usa_weighted_causal", 6, { weights }),
    "usa_weighted_causal",
    uniform(6, 4),
    (s) => s.gram,
    1,
    { weights },
  ),
  "Gram flow of sa_weighted": define(
    gramReduction("sa_weighted", 6, { weights }),
    "sa_weighted",
    uniform(6, 4),
    (s) => s.gram,
    3,
    { weights },
  ),
  "Gram flow of sa_repulsive": define(
    gramReduction("sa_repulsive", 6),
    "sa_repulsive",
    uniform(6, 4),
    (s) => s.gram,
    3,
  ),
  "angles of kuramoto": define(angleReduction("kuramoto", 6), "kuramoto", uniform(6, 2), onCircle, 1),
  "angles of sa": define(angleReduction("sa", 6), "sa", uniform(6, 2), onCircle, 4),
  "angles of sa_weighted": define(
    angleReduction("sa_weighted", 6, { weights }),
    "sa_weighted",
    uniform(6, 2),
    onCircle,
    4,
    { weights },
  ),
  "min(n, d) coordinates of sa": define(spanReduction("sa"), "sa", uniform(4, 9), (s) => s.y, 3),
  "min(n, d) coordinates of sa_periln": define(spanReduction("sa_periln"), "sa_periln", uniform(4, 9), (s) => s.y, 3),
  "two clusters of sa": define(twoClusterReduction("sa"), "sa", twoClusters(1.9), (s) => [s.phi, ...s.cluster], 2),
  "two clusters of usa": define(twoClusterReduction("usa"), "usa", twoClusters(2.9), (s) => [s.phi, ...s.cluster], 1),
  "two clusters of sa_weighted": define(
    twoClusterReduction("sa", weights.slice(0, 5)),
    "sa_weighted",
    twoClusters(1.9),
    (s) => [s.phi, ...s.cluster],
    2,
    { weights: weights.slice(0, 5) },
  ),
  "coincident tokens of sa": define(
    coincidentReduction("sa"),
    "sa",
    repeated(),
    (s) => [...s.leaders.x, ...s.weights],
    3,
  ),
  "coincident tokens of usa": define(
    coincidentReduction("usa"),
    "usa",
    repeated(),
    (s) => [...s.leaders.x, ...s.weights],
    1,
  ),
};

const EQUIANGULAR = [
  ["post", "sa", {}],
  ["pre", "sa_preln", {}],
  ["mix", "sa_mixln", { tau: 0.5 }],
  ["peri", "sa_periln", {}],
  [
    "ngpt",
    "sa_ngpt",
    {
      alpha: [
        [0, 0.5],
        [0.7, 2],
        [0.7, 0.3],
        [1.5, 1],
      ],
    },
  ],
  ["sqrt", "sa_sqrt", {}],
] as const;
const schemes = EQUIANGULAR.map(([scheme, dynamics, params]) => {
  const reduction = equiangularReduction({ scheme, dynamics: "sa", n: 5, ...params });
  const cloud = { n: 5, d: 5, x: liftEquiangular(5, -0.1) };
  return [`equiangular, ${scheme}`, define(reduction, dynamics, cloud, (s) => [s.rho, s.radius], 2, params)] as const;
});

for (const [name, { reduction, dynamics, params, cloud, beta, numbers }] of [...Object.entries(CASES), ...schemes]) {
  describe(name, () => {
    const { n, d } = cloud;
    const run = (x0: Float64Array, width: number) =>
      record({
        dynamics,
        params: params ?? {},
        n,
        d: width,
        systems: [{ beta, x0 }],
        times: TIMES,
        lift: true,
        engine: "ts",
        method: "dop853",
        rtol: 1e-12,
        atol: 1e-12,
        merge: false,
      });

    it("commutes with the flow: the projected flow is the flow of the projection", async () => {
      const full = await run(Float64Array.from(cloud.x), d);
      const reduced = await reduction.flow(reduction.project(cloud), beta, TIMES);
      TIMES.forEach((_, t) => {
        // In coordinates of a basis the projection of each cloud would have its own; its lift has not.
        const wanted = name.includes("coordinates")
          ? [full.clouds[0][t].x, reduction.lift(reduced[t]).x]
          : [numbers(reduction.project(full.clouds[0][t])), numbers(reduced[t])];
        expect(largestDifference(wanted[0], wanted[1])).toBeLessThan(TIGHT);
      });
    });

    it("moves: a reduction that stood still would not pass", async () => {
      const reduced = await reduction.flow(reduction.project(cloud), beta, TIMES);
      expect(largestDifference(numbers(reduced[0]), numbers(reduced[3]))).toBeGreaterThan(0.01);
    });

    it("lifts to a cloud whose projection is the state, and which flows alike", async () => {
      const state = reduction.project(cloud);
      const lifted = reduction.lift(state);
      // A factor and its products again: rounding.
      expect(largestDifference(numbers(reduction.project(lifted)), numbers(state))).toBeLessThan(1e-12);
      const again = await run(lifted.x, lifted.d);
      const reduced = await reduction.flow(state, beta, TIMES);
      if (name.includes("coordinates")) return;
      expect(largestDifference(numbers(reduction.project(again.clouds[0][3])), numbers(reduced[3]))).toBeLessThan(
        TIGHT,
      );
    });
  });
}

describe("clouds outside a family", () => {
  it("are refused in one line", () => {
    expect(() => equiangularReduction({ scheme: "post", dynamics: "sa", n: 4 }).project(uniform(4, 4))).toThrow(
      /^cloud: inner products differ by /,
    );
    expect(() => twoClusterReduction("sa").project(uniform(3, 2))).toThrow("cloud: token 2 is in a third cluster.");
    expect(() => twoClusterReduction("sa").project({ n: 2, d: 2, x: Float64Array.of(1, 0, 1, 0) })).toThrow(
      "cloud: one cluster.",
    );
    expect(() => angleReduction("sa", 3).project(uniform(3, 3))).toThrow("cloud: d = 3.");
    expect(() => liftGram({ ...projectGram(uniform(5, 5)), d: 3 })).toThrow("gram: no 5 points in 3 dimensions.");
    expect(() => gramReduction("sa_qkv", 3)).toThrow("gram flow: sa_qkv.");
    expect(() => angleReduction("sa_causal", 3)).toThrow("angles: sa_causal.");
    expect(() => spanReduction("sa_qkv")).toThrow("span: sa_qkv.");
    expect(() => liftEquiangular(4, -0.4)).toThrow("rho: -0.4.");
    expect(() => gramReduction("sa", 2).project({ n: 2, d: 2, x: Float64Array.of(1, 0, 0, 0) })).toThrow("zero vector");
  });
});

describe("numbers out of range", () => {
  it("are refused in one line by every reduction's flow", async () => {
    for (const { reduction, cloud } of [...Object.values(CASES), ...schemes.map(([, one]) => one)]) {
      const state = reduction.project(cloud);
      for (const [beta, times, message] of [
        [Number.NaN, [1], /^beta/],
        [Number.POSITIVE_INFINITY, [1], /^beta/],
        [1, [2, 1], /^times: 1 after 2/],
        [1, [-1], /^times: -1/],
        [1, [Number.NaN], /^times: NaN/],
        [1, [], /^times: none/],
      ] as const) {
        await expect(reduction.flow(state, beta, times)).rejects.toThrow(message);
      }
    }
  });

  it("of tokens, weights and masses too", () => {
    expect(() => gramReduction("sa", 0)).toThrow("n: 0.");
    expect(() => angleReduction("sa", 1.5)).toThrow("n: 1.5.");
    expect(() => equiangularReduction({ scheme: "post", dynamics: "sa", n: 1 })).toThrow("n: 1.");
    expect(() => gramReduction("sa_weighted", 2, { weights: [1, -1] })).toThrow("weights: -1.");
    expect(() => coincidentReduction("sa", Number.NaN)).toThrow("reach: NaN.");
    expect(() => twoClusterLifetime(1, 1, 0.1, { mass: 0 })).toThrow("mass: 0.");
    expect(() => twoClusterLifetime(1, 4, 0.1)).toThrow("phi0: 4.");
    expect(() => twoClusterAngles({ beta: 1, phi0: 0, times: [1] })).toThrow("phi0: 0.");
  });
});

describe("a cloud with these inner products", () => {
  it("is found at the lowest rank too: all tokens in one place, or on a circle in five dimensions", () => {
    for (const cloud of [{ n: 4, d: 3, x: Float64Array.from([1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3]) }, uniform(6, 2)]) {
      const state = projectGram(cloud);
      const lifted = projectGram(liftGram({ ...state, d: 5 }));
      expect(largestDifference(lifted.gram, state.gram)).toBeLessThan(1e-13);
    }
  });
});

describe("two clusters", () => {
  it("come as near as their lifetime says, whatever their masses", () => {
    for (const dynamics of ["sa", "usa"] as const) {
      for (const mass of [0.5, 0.2, 0.9]) {
        const time = twoClusterLifetime(3, 2.5, 0.1, { dynamics, mass });
        const [end] = twoClusterAngles({ dynamics, mass, beta: 3, phi0: 2.5, times: [time] });
        // The ODE's tolerance of 1e-12 a step in the logarithm; the quadrature's 1e-13.
        expect(Math.abs(end / 0.1 - 1)).toBeLessThan(1e-9);
      }
    }
  });

  it("live as long as the plain quadrature of the survey's formula says", () => {
    const beta = 4;
    for (const a1 of [0.5, 0.3]) {
      const a2 = 1 - a1;
      const slowness = (p: number) => {
        const w = Math.exp(beta * (Math.cos(p) - 1));
        return 1 / (Math.sin(p) * ((a2 * w) / (a1 + a2 * w) + (a1 * w) / (a2 + a1 * w)));
      };
      const plain = quadrature(slowness, 0.2, 2, 4000);
      expect(Math.abs(twoClusterLifetime(beta, 2, 0.2, { mass: a1 }) / plain - 1)).toBeLessThan(1e-10);
    }
  });
});

describe("tokens that nearly coincide", () => {
  it("stray from the true flow by less than the bound, and the bound is no more than a few hundred times too wide", async () => {
    const reach = 1e-4;
    const random = randomSource(2);
    const near = start(4, 3, 8);
    const x0 = Float64Array.from([0, 1, 1, 2, 0, 3, 1].flatMap((i) => [...near.subarray(3 * i, 3 * i + 3)])).map(
      (v) => v + 2e-5 * (random() - 0.5),
    );
    for (const [dynamics, beta, time] of [
      ["sa", 2, 0.5],
      ["sa", 8, 0.2],
      ["usa", 1, 0.3],
    ] as const) {
      const reduction = coincidentReduction(dynamics, reach);
      const state = reduction.project({ n: 7, d: 3, x: x0 });
      expect(state.weights).toEqual([2, 3, 1, 1]);
      const [merged] = await reduction.flow(state, beta, [time]);
      const lifted = reduction.lift(merged).x;
      const systems = [{ beta, x0 }];
      const options = { dynamics, n: 7, d: 3, systems, times: [time], rtol: 1e-12, atol: 1e-12, merge: false };
      const { clouds } = await record(options);
      const full = clouds[0][0].x;
      const angles = Array.from({ length: 7 }, (_, i) => Math.acos(Math.min(1, dot(full, i, lifted, i, 3))));
      const worst = Math.max(...angles);
      // Coordinates differ by at most 2e-5, so that no token is farther than √3 of that from its leader.
      const bound = mergeErrorBound(dynamics, beta, 2e-5 * Math.sqrt(3), time);
      expect(worst).toBeGreaterThan(1e-6);
      expect(worst).toBeLessThan(bound);
      expect(bound / worst).toBeLessThan(500);
    }
  });
});

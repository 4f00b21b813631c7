import { describe, expect, it } from "vitest";
import { simulate } from "../../sim/simulate/simulate.ts";
import { KERNELS } from "../../sim/theory/kernels.ts";

const N = 96;
const TIME = 0.1;
/** Second order in this is what is left out of linear theory. */
const SMALL = 1e-5;

const turned = (alpha: number) => [
  [Math.cos(alpha), -Math.sin(alpha)],
  [Math.sin(alpha), Math.cos(alpha)],
];
const identity = turned(0);
const times = (factor: number) => identity.map((row) => row.map((value) => factor * value));

/** Rate at which |μ̂_k| grows of tokens on a ring whose density is 1 + ε cos kθ. */
async function rateOf(dynamics: string, beta: number, params: object, k: number): Promise<number> {
  const angles = Array.from({ length: N }, (_, j) => (2 * Math.PI * j) / N).map(
    (t) => t - (SMALL / k) * Math.sin(k * t),
  );
  const x0 = Float64Array.from(angles.flatMap((t) => [Math.cos(t), Math.sin(t)]));
  const sizes: number[] = [];
  await simulate(
    {
      dynamics,
      n: N,
      d: 2,
      params: { ...params },
      systems: [{ beta, x0 }],
      times: [0, TIME],
      rtol: 1e-12,
      atol: 1e-12,
      merge: false,
    },
    {
      save: (_s, _i, _t, { x }) => {
        const theta = Array.from({ length: N }, (_, j) => Math.atan2(x[2 * j + 1], x[2 * j]));
        const of = (f: (t: number) => number) => theta.reduce((sum, t) => sum + f(k * t), 0) / N;
        sizes.push(Math.hypot(of(Math.cos), of(Math.sin)));
      },
    },
  );
  return Math.log(sizes[1] / sizes[0]) / TIME;
}

describe("linear theory on particles", () => {
  const modes = { d: 2, kmax: 4 };

  it.each(["sa", "usa"] as const)("frustrated attention, QᵀK a rotation: %s", async (name) => {
    const [beta, alpha] = [2, 0.6];
    const theory = KERNELS.rotation({ ...modes, beta, alpha })[name];
    const params = { Q: identity, K: turned(-alpha), V: identity };
    for (const k of [1, 2, 3])
      expect(await rateOf(`${name}_qkv`, beta, params, k)).toBeCloseTo(Number(theory[k - 1]), 3);
  });

  it("heads add up, those that repel too", async () => {
    const heads = [
      { b: 4, c: 1 },
      { b: 1, c: -0.5 },
    ];
    const theory = KERNELS.heads({ ...modes, heads }).sa;
    const params = { heads: heads.map(({ b, c }) => ({ Q: times(b), K: identity, V: times(c) })) };
    for (const k of [1, 2, 3]) expect(await rateOf("sa_multihead", 1, params, k)).toBeCloseTo(theory[k - 1], 3);
  });

  it("doubly stochastic attention", async () => {
    const theory = KERNELS.sinkhorn({ ...modes, beta: 3 }).sa;
    for (const k of [1, 2, 3]) expect(await rateOf("sa_sinkhorn", 3, {}, k)).toBeCloseTo(theory[k - 1], 3);
  });
});

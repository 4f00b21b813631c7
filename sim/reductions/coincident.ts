import type { Cloud } from "../../probes/cloud.ts";
import { checkRange } from "../clouds/check-number.ts";
import { normalizeRows } from "../clouds/normalize-rows.ts";
import type { Float64Cloud } from "../clouds/uniform-cloud.ts";
import { simulate } from "../simulate/simulate.ts";
import type { Reduction } from "./reduction.ts";

/** A cloud without the tokens that another one stands for. */
export interface MergedCloud {
  /** Index of the leader's row in `leaders`, token by token. */
  readonly leaderOf: readonly number[];
  /** Tokens that each leader stands for. */
  readonly weights: readonly number[];
  /** Unit rows. */
  readonly leaders: Float64Cloud;
}

/**
 * Tokens within `reach` of each other as one weighted token (R (6)): exact where they coincide, else within
 * `mergeErrorBound`.
 *
 * @param reach - Distance up to which a token is taken for an earlier one, 0 … 1. Default 0.
 */
export function coincidentReduction(dynamics: "sa" | "usa", reach = 0): Reduction<MergedCloud> {
  checkRange("reach", reach, 0, 1);
  return {
    name: "coincident tokens",
    project: (cloud) => mergeCloud(cloud, reach),
    lift: ({ leaderOf, leaders: { d, x } }) => ({
      n: leaderOf.length,
      d,
      x: Float64Array.from({ length: leaderOf.length * d }, (_, e) => x[leaderOf[Math.floor(e / d)] * d + (e % d)]),
    }),
    flow: async (state, beta, times) => {
      const { n, d, x } = state.leaders;
      const states: MergedCloud[] = [];
      const options = { n, d, times, systems: [{ beta, x0: x }], params: { weights: state.weights } };
      await simulate(
        { dynamics: `${dynamics}_weighted`, ...options, lift: true, merge: false, rtol: 1e-12, atol: 1e-12 },
        {
          save: (_system, index, _t, cloud) => {
            states[index] = { ...state, leaders: { n, d, x: Float64Array.from(cloud.x) } };
          },
        },
      );
      return states;
    },
  };
}

function mergeCloud(cloud: Cloud, reach: number): MergedCloud {
  const { n, d } = cloud;
  const x = normalizeRows(cloud);
  const kept: number[] = [];
  const leaderOf = Array.from({ length: n }, (_, i) => {
    const near = kept.findIndex((leader) => distance(x, i, leader, d) <= reach);
    return near >= 0 ? near : kept.push(i) - 1;
  });
  const weights = kept.map((_, leader) => leaderOf.filter((l) => l === leader).length);
  const rows = Float64Array.from(kept.flatMap((i) => [...x.subarray(i * d, (i + 1) * d)]));
  return { leaderOf, weights, leaders: { n: kept.length, d, x: rows } };
}

function distance(x: Float64Array, i: number, j: number, d: number): number {
  let squared = 0;
  for (let k = 0; k < d; k++) squared += (x[i * d + k] - x[j * d + k]) ** 2;
  return Math.sqrt(squared);
}

/**
 * How far, in angle, any token can be at time t from where it would be had nobody been merged: δ e^{Lt}, δ the angle of
 * the reach and L a Lipschitz constant of the field in the largest angle of any token, 2 + 2β for SA and e^β times that
 * for USA. For with u_j the displacements, |u_j| ≤ ε, the field P^⊥ m_i, m_i = Σ_j A_ij x_j, |m_i| ≤ 1, changes by at most
 * ε|⟨x_i, m_i⟩| (the projection) + ε (the x_j) + 2βε (the A_ij: scores change by at most 2βε, and the covariance of
 * numbers of that size with points of the ball is no larger). No bound over long times: on plateaus the true error
 * shrinks with the cluster (see test/sim/merge.test.ts).
 */
export function mergeErrorBound(dynamics: "sa" | "usa", beta: number, reach: number, time: number): number {
  const lipschitz = (2 + 2 * Math.abs(beta)) * (dynamics === "usa" ? Math.exp(Math.abs(beta)) : 1);
  return 2 * Math.asin(Math.min(1, reach / 2)) * Math.exp(lipschitz * time);
}

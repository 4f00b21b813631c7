import { TokensphereError } from "../../models/errors.ts";
import { checkBeta, checkWhole } from "../clouds/check-number.ts";
import { normalizeRows } from "../clouds/normalize-rows.ts";
import type { AttentionLaw } from "../dynamics/attention-law.ts";
import { ATTENTION_LAWS } from "../dynamics/attention-table.ts";
import { checkParams } from "../dynamics/check-params.ts";
import type { Dynamics } from "../dynamics/dynamics.ts";
import { DYNAMICS, type DynamicsChoice, findDynamics } from "../dynamics/dynamics-table.ts";
import { masses } from "../dynamics/masses.ts";
import type { DynamicsParams } from "../dynamics/params.ts";
import type { Reduction } from "./reduction.ts";
import { solveReduced } from "./solve-reduced.ts";

/** All inner products of a cloud, and the width it lives in. */
export interface GramState {
  readonly n: number;
  readonly d: number;
  /** `[n, n]`, symmetric, 1 on the diagonal. */
  readonly gram: Float64Array;
}

/** A direction with less than this left of its square adds none: rounding of n products. */
const DEPENDENT = 1e-12;

/** What a row may say and still be followed: all else that it says, today or later, makes another equation of it. */
const FOLLOWED: ReadonlySet<string> = new Set<keyof AttentionLaw>([
  "weighting",
  "causal",
  "weighted",
  "times",
  "layered",
  "source",
]);

/**
 * The Gram flow: where Q = K = V = I the inner products G_ij = ⟨x_i, x_j⟩ are a closed system,
 * Ġ_ij = ⟨ẋ_i, x_j⟩ + ⟨x_i, ẋ_j⟩ = (AG)_ij + (AG)_ji − (r_i + r_j) G_ij with r_i = (AG)_ii, whatever d is (GLPR25). Of SA and
 * USA, weighted or causal or not, and those times a factor. O(n³) a step: for looking at G itself; `simulate` in min(n, d)
 * coordinates is faster.
 *
 * @throws TokensphereError `usage` for other dynamics, as `simulate` for parameters.
 */
export function gramReduction(choice: DynamicsChoice, n: number, params: DynamicsParams = {}): Reduction<GramState> {
  const dynamics = findDynamics(choice);
  const row = rowOf(dynamics);
  if (!row || Object.keys(row).some((says) => !FOLLOWED.has(says))) {
    throw new TokensphereError("usage", `gram flow: ${dynamics.name}. use sa, usa and their weighted and causal forms`);
  }
  checkWhole("n", n, 1);
  checkParams(dynamics, params, n, 1);
  const weights = (row.weighted ? masses(params.weights) : undefined) ?? new Float64Array(n).fill(1 / n);
  return {
    name: "gram",
    project: projectGram,
    lift: liftGram,
    flow: async ({ d, gram }, beta, times) => {
      checkBeta(beta);
      const field = (g: Float64Array, out: Float64Array) => gramVelocity(row, weights, beta, g, n, out);
      const states = await solveReduced(field, gram, n, times, dynamics.logScale(beta, params));
      return states.map((state) => ({ n, d, gram: state }));
    },
  };
}

/** The row of the table that a dynamics is made from; not that of one that only has its name. */
function rowOf(dynamics: Dynamics): AttentionLaw | undefined {
  if (!Object.values(DYNAMICS).includes(dynamics)) return undefined;
  return new Map<string, AttentionLaw>(Object.entries(ATTENTION_LAWS)).get(dynamics.name);
}

/** @throws TokensphereError `input` where a row is zero or not finite. */
export function projectGram({ n, d, x }: Parameters<Reduction<GramState>["project"]>[0]): GramState {
  const unit = normalizeRows({ n, d, x });
  const gram = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += unit[i * d + k] * unit[j * d + k];
      gram[i * n + j] = i === j ? 1 : sum;
    }
  }
  return { n, d, gram };
}

/**
 * A cloud with these inner products, by a pivoted Cholesky factor.
 *
 * @throws TokensphereError `input` where no cloud in R^d has them.
 */
export function liftGram({ n, d, gram }: GramState): { n: number; d: number; x: Float64Array } {
  const x = new Float64Array(n * d);
  const rest = Float64Array.from({ length: n }, (_, i) => gram[i * n + i]);
  for (let rank = 0; rank < d; rank++) {
    const pivot = rest.reduce((best, value, i) => (value > rest[best] ? i : best), 0);
    if (rest[pivot] < DEPENDENT) break;
    const length = Math.sqrt(rest[pivot]);
    for (let i = 0; i < n; i++) {
      let sum = gram[i * n + pivot];
      for (let k = 0; k < rank; k++) sum -= x[i * d + k] * x[pivot * d + k];
      x[i * d + rank] = sum / length;
    }
    for (let i = 0; i < n; i++) rest[i] -= x[i * d + rank] ** 2;
    rest[pivot] = 0;
  }
  // Squares of what G has outside of d dimensions; rounding of the flow leaves some 1e-11.
  const left = rest.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (!(left < 1e-8)) throw new TokensphereError("input", `gram: no ${n} points in ${d} dimensions. give a larger d`);
  return { n, d, x };
}

/** e^{−logScale} Ġ. Scores are shifted by |β|, their bound. */
function gramVelocity(
  { weighting, causal, times }: AttentionLaw,
  weights: Float64Array,
  beta: number,
  g: Float64Array,
  n: number,
  out: Float64Array,
): void {
  const ag = new Float64Array(n * n);
  const factor = times === "beta" ? beta : (times ?? 1);
  const row = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const seen = causal ? i + 1 : n;
    let total = 0;
    for (let j = 0; j < seen; j++) {
      row[j] = weights[j] * Math.exp(beta * g[i * n + j] - Math.abs(beta));
      total += row[j];
    }
    const scale = factor / (weighting === "softmax" ? total : 1);
    for (let k = 0; k < seen; k++) for (let j = 0; j < n; j++) ag[i * n + j] += scale * row[k] * g[k * n + j];
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const radial = ag[i * n + i] + ag[j * n + j];
      out[i * n + j] = ag[i * n + j] + ag[j * n + i] - radial * g[i * n + j];
    }
  }
}

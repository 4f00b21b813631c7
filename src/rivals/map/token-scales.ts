import { choleskySolve } from "../../../probes/numerics/cholesky.ts";
import { mean } from "../../../probes/numerics/mean.ts";
import { choleskyInBlocks } from "../kernels/cholesky-in-blocks.ts";
import type { TargetProducts } from "../kernels/target-products.ts";
import type { RidgeFold } from "./ridge-weights.ts";

/**
 * Lengths of the targets: only their directions are known, so token j's is s_j y_j with s = constant + σ · perUnit and one σ for
 * all, which is chosen later.
 */
export interface TokenScales {
  /** `null`: 0 for all. Its mean is 0. */
  readonly constant: Float64Array | null;
  /** Its mean is 1. */
  readonly perUnit: Float64Array;
}

/** How lengths are chosen. Equal ones are the better where noise is large, free ones where the map is exact. */
export type ScaleRule = (fold: Pick<RidgeFold, "left" | "train">, target: TargetProducts) => TokenScales | null;

/** Every target is as long as every other. */
export const equalScales: ScaleRule = ({ train }) => ({
  constant: null,
  perUnit: new Float64Array(train.length).fill(1),
});

/** Keeps the system regular where targets are exact; far below what states in float32 can show. */
const REGULAR = 1e-9;

/**
 * The lengths at which a ridge leaves least, given their mean σ. With R what the ridge leaves and targets SY − X that is the
 * convex problem s^T (R∘YYᵀ) s − 2 s^T diag(R X Yᵀ) under Σ s = σm, a linear system. Without the mean the ridge would shrink
 * every target to 0.
 */
export const freeScales: ScaleRule = (fold, { m, crossed, own }) => {
  const { train } = fold;
  const left = fold.left();
  const t = train.length;
  const system = new Float64Array(t * t);
  const constant = new Float64Array(t);
  let trace = 0;
  for (let i = 0; i < t; i++) {
    const row = train[i] * m;
    let sum = 0;
    for (let j = i; j < t; j++) system[i * t + j] = left[i * t + j] * own[row + train[j]];
    for (let j = 0; j < t; j++) sum += left[i * t + j] * crossed[row + train[j]];
    constant[i] = sum;
    trace += system[i * t + i];
  }
  for (let i = 0; i < t; i++) system[i * t + i] += (REGULAR * trace) / t;
  if (!choleskyInBlocks(system, t)) return null;
  const perUnit = new Float64Array(t).fill(1);
  choleskySolve(system, t, constant);
  choleskySolve(system, t, perUnit);
  return withMean(constant, perUnit);
};

/** Shares s so that σ is its mean: Σ constant = 0, Σ perUnit = length. */
function withMean(constant: Float64Array, perUnit: Float64Array): TokenScales | null {
  const unit = mean(perUnit);
  if (!(unit > 0 && Number.isFinite(unit))) return null;
  const excess = mean(constant);
  for (let j = 0; j < perUnit.length; j++) {
    perUnit[j] /= unit;
    constant[j] -= excess * perUnit[j];
  }
  return { constant, perUnit };
}

import { cholesky, choleskySolve } from "../../../probes/numerics/cholesky.ts";
import { choleskyInverse } from "../kernels/cholesky-inverse.ts";
import type { Fold } from "../kernels/folds.ts";

/**
 * A ridge of one strength in dual form, with each fold left out: what x ↦ Ax + b, fitted to targets t at the tokens of
 * `train`, predicts at those of `held` is Σ_j weights_ij t_j. Positions count in the sample.
 */
export interface RidgeFold extends Fold {
  /** `[held, train]`. */
  readonly weights: Float64Array;
  /** λ(K + λ)⁻¹ over `train`, `[train, train]`: what the ridge leaves of targets, penalty and all. */
  readonly left: Float64Array;
}

/**
 * Leaves each fold out of the ridge without another factorization: with S = (K + λ)⁻¹, F what is held and T the rest,
 * (K_TT + λ)⁻¹ = S_TT − S_TF S_FF⁻¹ S_FT and the weights are −S_FF⁻¹ S_FT (inverse by blocks).
 *
 * @param kernel `[m, m]`: ⟨x_i, x_j⟩ + 1, whose 1 is the intercept.
 * @returns `null` where K + λ is singular to rounding.
 */
export function ridgeFolds(
  kernel: Float64Array,
  m: number,
  lambda: number,
  folds: readonly Fold[],
): RidgeFold[] | null {
  const inverse = ridgeInverse(kernel, m, lambda);
  if (!inverse) return null;
  const out: RidgeFold[] = [];
  for (const fold of folds) {
    const weights = heldWeights(inverse, m, fold);
    if (!weights) return null;
    out.push({ ...fold, weights, left: leftOver(inverse, m, lambda, fold, weights) });
  }
  return out;
}

/** (K + λ)⁻¹. */
export function ridgeInverse(kernel: Float64Array, m: number, lambda: number): Float64Array | null {
  const a = kernel.slice();
  for (let i = 0; i < m; i++) a[i * m + i] += lambda;
  return cholesky(a, m) ? choleskyInverse(a, m) : null;
}

function heldWeights(inverse: Float64Array, m: number, { held, train }: Fold): Float64Array | null {
  const h = held.length;
  const t = train.length;
  const block = new Float64Array(h * h);
  for (let a = 0; a < h; a++) for (let b = 0; b < h; b++) block[a * h + b] = inverse[held[a] * m + held[b]];
  if (!cholesky(block, h)) return null;
  const weights = new Float64Array(h * t);
  const column = new Float64Array(h);
  for (let j = 0; j < t; j++) {
    for (let a = 0; a < h; a++) column[a] = -inverse[held[a] * m + train[j]];
    choleskySolve(block, h, column);
    for (let a = 0; a < h; a++) weights[a * t + j] = column[a];
  }
  return weights;
}

function leftOver(
  inverse: Float64Array,
  m: number,
  lambda: number,
  { held, train }: Fold,
  weights: Float64Array,
): Float64Array {
  const t = train.length;
  const left = new Float64Array(t * t);
  for (let i = 0; i < t; i++) {
    for (let j = 0; j <= i; j++) {
      let s = inverse[train[i] * m + train[j]];
      for (let a = 0; a < held.length; a++) s += inverse[train[i] * m + held[a]] * weights[a * t + j];
      left[i * t + j] = lambda * s;
      left[j * t + i] = left[i * t + j];
    }
  }
  return left;
}

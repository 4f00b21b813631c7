import { scale } from "../../../probes/numerics/vectors.ts";
import { transpose } from "../../../probes/products/gram-matrix.ts";
import { rowProducts } from "../../../probes/products/row-products.ts";
import { choleskyInBlocks } from "../kernels/cholesky-in-blocks.ts";
import { choleskyInverse } from "../kernels/cholesky-inverse.ts";
import type { Fold } from "../kernels/folds.ts";
import { made } from "../kernels/once.ts";

/**
 * A ridge of one strength in dual form, with each fold left out: what x ↦ Ax + b, fitted to targets t at the tokens of
 * `train`, predicts at those of `held` is Σ_j weights_ij t_j. Positions count in the sample.
 */
export interface RidgeFold extends Fold {
  /** `[held, train]`. */
  readonly weights: Float64Array;
  /** λ(K + λ)⁻¹ over `train`, `[train, train]`: what the ridge leaves of targets, penalty and all. Made when it is first asked for. */
  readonly left: () => Float64Array;
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
    const { held, train } = fold;
    const across = block(inverse, m, train, held);
    const within = inverseOf(block(inverse, m, held, held), held.length);
    if (!within) return null;
    const weights = scale(rowProducts(within, across, held.length, train.length, held.length), -1);
    out.push({ ...fold, weights, left: made(() => leftOver(inverse, m, lambda, fold, across, weights)) });
  }
  return out;
}

/** (K + λ)⁻¹. */
export function ridgeInverse(kernel: Float64Array, m: number, lambda: number): Float64Array | null {
  const a = kernel.slice();
  for (let i = 0; i < m; i++) a[i * m + i] += lambda;
  return inverseOf(a, m);
}

function inverseOf(a: Float64Array, size: number): Float64Array | null {
  return choleskyInBlocks(a, size) ? choleskyInverse(a, size) : null;
}

/** λ(S_TT + S_TF weights). */
function leftOver(
  inverse: Float64Array,
  m: number,
  lambda: number,
  { held, train }: Fold,
  across: Float64Array,
  weights: Float64Array,
): Float64Array {
  const t = train.length;
  const left = block(inverse, m, train, train);
  const { x } = transpose({ n: held.length, d: t, x: weights });
  const taken = rowProducts(across, x, t, t, held.length);
  for (let p = 0; p < left.length; p++) left[p] = lambda * (left[p] + taken[p]);
  return left;
}

/** The rows and columns of a matrix `[m, m]` that are asked for. */
function block(a: Float64Array, m: number, rows: Int32Array, columns: Int32Array): Float64Array {
  const out = new Float64Array(rows.length * columns.length);
  let p = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] * m;
    for (let j = 0; j < columns.length; j++) out[p++] = a[row + columns[j]];
  }
  return out;
}

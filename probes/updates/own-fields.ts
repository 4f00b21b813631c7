import type { Cloud } from "../cloud.ts";
import { logMap } from "./log-map.ts";

/**
 * What each token that counts takes from each other by a head of the network's own attention, or by the mean of its heads:
 * the weights a_ij of v_i = P_{x_i} Σ_j a_ij x_j, attention with V = I.
 *
 * What a row gives to positions that do not count (special tokens that the policy drops, padding) is left out, and the row
 * is not brought back to sum 1: of the network's own sum the terms of the tokens that are followed, and no other. A row that
 * rests on special tokens, which many heads use to hand on next to nothing, then moves little; brought back to 1 it would
 * move as far as one that looks at its neighbours. SA gives every row sum 1: where no position is left out, so is it here.
 *
 * @param probabilities `[batch, heads, n, n]`, row-major.
 * @param row of the batch.
 * @param positions the m positions that count, as rows and as columns.
 * @param head from 0; null: the mean of all heads.
 * @returns m × m, row-major.
 */
export function attentionWeights(
  { heads, probabilities }: { readonly heads: number; readonly probabilities: Float32Array },
  n: number,
  row: number,
  positions: readonly number[],
  head: number | null,
): Float64Array {
  const m = positions.length;
  const weights = new Float64Array(m * m);
  const asked = head === null ? Array.from({ length: heads }, (_, h) => h) : [head];
  for (const h of asked) {
    const at = (row * heads + h) * n * n;
    for (let i = 0; i < m; i++) {
      const from = at + positions[i] * n;
      for (let j = 0; j < m; j++) weights[i * m + j] += probabilities[from + positions[j]] / asked.length;
    }
  }
  return weights;
}

/** The two halves of a step of a block, as motions on the sphere, both tangent at x, `[n, d]`. */
export interface BranchVelocities {
  readonly attention: Float64Array;
  readonly mlp: Float64Array;
}

/**
 * What attention and MLP of a block each do to the directions of its tokens, from resid_mid, the stream between them:
 * attention is the logarithm map from x to the middle, the MLP that from the middle to y, carried back to x along the
 * geodesic on which attention came (parallel transport: lengths and angles stay).
 *
 * This serves both kinds of block. Where norms stand before the branches, the first is P_x (mid − pre)/‖pre‖, what attention
 * added, seen from a token of length 1, to first order in it. Where they stand behind, resid_mid is a normed state, and what
 * the norm does to the direction belongs to the branch before it. To first order in the step both halves add up to the
 * logarithm map from x to y.
 *
 * @param x - Unit tokens that enter the block.
 * @param mid - The same tokens of resid_mid, unit too.
 * @param y - The same tokens behind the block, unit too.
 * @throws TokensphereError `input` where a half turns a token by half a circle.
 */
export function branchVelocities(x: Cloud, mid: Cloud, y: Cloud): BranchVelocities {
  return { attention: logMap(x, mid), mlp: transported(mid, x, logMap(mid, y)) };
}

/**
 * Tangent vectors w at points `from`, carried to points `to` along the geodesics between them:
 * w − ⟨to, w⟩/(1 + ⟨from, to⟩) · (from + to). Points of a pair are unit and not opposite.
 */
export function transported(from: Cloud, to: Cloud, w: Float64Array): Float64Array {
  const { n, d } = from;
  const out = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    let along = 0;
    let more = 0;
    for (let p = i * d; p < (i + 1) * d; p++) {
      along += to.x[p] * w[p];
      more += (from.x[p] + to.x[p]) ** 2;
    }
    // ‖from + to‖²/2 is 1 + ⟨from, to⟩.
    const factor = (2 * along) / more;
    for (let p = i * d; p < (i + 1) * d; p++) out[p] = w[p] - factor * (from.x[p] + to.x[p]);
  }
  return out;
}

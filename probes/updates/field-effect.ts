import { pairCount } from "../products/inner-products.ts";
import type { LayerStep, ProductsAcross } from "./layer-step.ts";

/** What a field of velocities would do to a step's tokens, to first order. */
export interface FieldEffect {
  /** ⟨v_i, x_j⟩ + ⟨x_i, v_j⟩ over pairs i < j: the predicted change of inner products. */
  readonly change: Float64Array;
  /** ⟨u_i, v_i⟩ of each token; `null` where the prediction has no velocities, or the step no logarithm map. */
  readonly along: Float64Array | null;
  /** ‖v_i‖² of each token; `null` where the prediction has no velocities. */
  readonly squared: Float64Array | null;
}

/** A field by what it does along the tokens, before its rows are scaled and added up. */
export interface FieldRows {
  /** ⟨v_i, x_j⟩, n × n. */
  readonly toward: Float64Array;
  readonly along: Float64Array | null;
  readonly squared: Float64Array;
}

/**
 * The effect of velocities, O(n² d). What they have along the tokens is taken away.
 *
 * @param v - `[n, d]`, at the tokens x of the step.
 */
export async function effectOfVelocity(step: LayerStep, v: Float64Array, across: ProductsAcross): Promise<FieldEffect> {
  const { n, d, x, u } = step;
  const tangent = new Float64Array(n * d);
  const along = new Float64Array(n);
  const squared = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let radial = 0;
    for (let p = i * d; p < (i + 1) * d; p++) radial += v[p] * x.x[p];
    for (let p = i * d; p < (i + 1) * d; p++) {
      tangent[p] = v[p] - radial * x.x[p];
      squared[i] += tangent[p] ** 2;
      if (u) along[i] += u[p] * tangent[p];
    }
  }
  const toward = await across({ n, d, x: tangent }, x);
  return effectOfRows(n, { toward, along: u && along, squared });
}

/**
 * The effect of v_i = P_{x_i} Σ_j a_ij x_j, from inner products alone: O(n³), whatever the width. All in gaps 1 − ⟨x_i, x_j⟩,
 * so that nothing cancels where the tokens lie close together.
 *
 * @param weights - a_ij, n × n row-major; rows need not sum to 1.
 */
export async function effectOfWeights(
  step: LayerStep,
  weights: Float64Array,
  across: ProductsAcross,
): Promise<FieldEffect> {
  return effectOfRows(step.n, await rowsOfWeights(step, weights, across));
}

/** With z_i = Σ_k a_ik and t_i = Σ_k a_ik D_ik: ⟨v_i, x_j⟩ = z_i D_ij − (A D)_ij + t_i (1 − D_ij). */
export async function rowsOfWeights(
  step: LayerStep,
  weights: Float64Array,
  across: ProductsAcross,
): Promise<FieldRows> {
  const { n, gaps, towards } = step;
  // D is its own transpose.
  const toward = await across({ n, d: n, x: weights }, { n, d: n, x: gaps });
  const squared = new Float64Array(n);
  const along = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const at = i * n;
    const t = toward[at + i];
    let z = 0;
    let spread = 0;
    let moved = 0;
    for (let j = 0; j < n; j++) {
      const a = weights[at + j];
      z += a;
      spread += a * toward[at + j];
      if (towards) moved += a * (towards[at + j] - towards[at + i]);
    }
    squared[i] = Math.max(0, 2 * z * t - spread - t * t);
    along[i] = moved;
    for (let j = 0; j < n; j++) toward[at + j] = z * gaps[at + j] - toward[at + j] + t * (1 - gaps[at + j]);
  }
  return { toward, along: towards && along, squared };
}

/** Adds up what i and j do to their product. @param times - A factor on each token's velocity; none: 1. */
export function effectOfRows(n: number, { toward, along, squared }: FieldRows, times?: Float64Array): FieldEffect {
  const factor = times ?? new Float64Array(n).fill(1);
  const change = new Float64Array(pairCount(n));
  let p = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) change[p++] = factor[i] * toward[i * n + j] + factor[j] * toward[j * n + i];
  }
  return {
    change,
    along: along?.map((value, i) => factor[i] * value) ?? null,
    squared: squared.map((value, i) => factor[i] ** 2 * value),
  };
}

import { effectOfRows, type FieldEffect, type FieldRows, rowsOfWeights } from "./field-effect.ts";
import type { LayerStep, ProductsAcross } from "./layer-step.ts";

/** Attention with Q = K = V = I at one β, before its rows are normalized. */
export interface KernelField {
  /** SA: v_i = P_{x_i} Σ_j e^{β⟨x_i, x_j⟩} x_j / Σ_j e^{β⟨x_i, x_j⟩}. At β = 0: averaging, P_{x_i} x̄. */
  readonly softmax: FieldEffect;
  /** USA: v_i = P_{x_i} (1/n) Σ_j e^{β(⟨x_i, x_j⟩ − 1)} x_j. Only `step` sees the factor e^{−β}. */
  readonly exponential: FieldEffect;
}

/** SA and USA at β: they differ by a factor for each token, so that one product of n × n matrices serves both. */
export async function kernelField(step: LayerStep, beta: number, across: ProductsAcross): Promise<KernelField> {
  const { n, gaps } = step;
  const kernel = new Float64Array(n * n);
  const totals = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let total = 0;
    for (let p = i * n; p < (i + 1) * n; p++) {
      kernel[p] = Math.exp(-beta * gaps[p]);
      total += kernel[p];
    }
    totals[i] = total;
  }
  const rows: FieldRows = await rowsOfWeights(step, kernel, across);
  return {
    softmax: effectOfRows(
      n,
      rows,
      totals.map((total) => 1 / total),
    ),
    exponential: effectOfRows(n, rows, new Float64Array(n).fill(1 / n)),
  };
}

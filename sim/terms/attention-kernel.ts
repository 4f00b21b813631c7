import { norm } from "../clouds/norm.ts";
import type { AttentionForm } from "./attention-form.ts";
import type { TermKernel, TermWeights } from "./term.ts";

/** The reference kernel of the attention term: O(n² d), one row at a time, softmax with the row maximum subtracted. */
export function attentionKernel(form: AttentionForm, n: number, d: number): TermKernel {
  const queries = projection(form.Q, n, d);
  const keys = projection(form.K, n, d);
  const values = projection(form.V, n, d);
  const masses = form.masses ?? new Float64Array(n).fill(1 / n);
  const { least = Number.NEGATIVE_INFINITY } = form;
  const row = new Float64Array(n);
  const field = new Float64Array(d);
  return (theta, beta, logScale, out) => {
    const q = queries(theta);
    const k = keys(theta);
    const v = values(theta);
    for (let i = 0; i < n; i++) {
      const seen = form.causal ? i + 1 : n;
      const largest = scoreRow(q, k, i, seen, d, beta, least, row);
      const total = weighRow(row, masses, seen, form.weighting === "softmax" ? largest : logScale);
      gather(v, row, seen, d, form.tangentOnly ? i : null, field);
      const divisor = divisorOf(form, field, total);
      if (divisor > 0) for (let c = 0; c < d; c++) out[i * d + c] += field[c] / divisor;
    }
  };
}

/** The attention matrix of the term, rows summing to 1, as `attentionKernel` has it. */
export function attentionWeights(form: AttentionForm, n: number, d: number): TermWeights {
  const queries = projection(form.Q, n, d);
  const keys = projection(form.K, n, d);
  const masses = form.masses ?? new Float64Array(n).fill(1 / n);
  const { least = Number.NEGATIVE_INFINITY } = form;
  return (theta, beta, out) => {
    const q = queries(theta);
    const k = keys(theta);
    out.fill(0);
    for (let i = 0; i < n; i++) {
      const seen = form.causal ? i + 1 : n;
      const row = out.subarray(i * n, i * n + seen);
      const total = weighRow(row, masses, seen, scoreRow(q, k, i, seen, d, beta, least, row));
      for (let j = 0; j < seen; j++) row[j] /= total;
    }
  };
}

/** What a weighted sum of values is divided by; 0 where a unit field has no direction. */
function divisorOf({ weighting, unitTimes }: AttentionForm, field: Float64Array, total: number): number {
  if (unitTimes !== undefined) return norm(field) / unitTimes;
  return weighting === "softmax" ? total : 1;
}

/** θ ↦ the rows Mθ_i, into its own scratch; the identity where there is no matrix. */
function projection(matrix: Float64Array | undefined, n: number, d: number): (theta: Float64Array) => Float64Array {
  if (!matrix) return (theta) => theta;
  const out = new Float64Array(n * d);
  return (theta) => {
    for (let i = 0; i < n; i++) {
      for (let r = 0; r < d; r++) {
        let sum = 0;
        for (let c = 0; c < d; c++) sum += matrix[r * d + c] * theta[i * d + c];
        out[i * d + r] = sum;
      }
    }
    return out;
  };
}

/** row[j] = β⟨q_i, k_j⟩, −∞ where ⟨q_i, k_j⟩ is below `least`; returns the largest. */
function scoreRow(
  q: Float64Array,
  k: Float64Array,
  i: number,
  seen: number,
  d: number,
  beta: number,
  least: number,
  row: Float64Array,
): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < seen; j++) {
    let dot = 0;
    for (let c = 0; c < d; c++) dot += q[i * d + c] * k[j * d + c];
    row[j] = dot >= least ? beta * dot : Number.NEGATIVE_INFINITY;
    if (row[j] > largest) largest = row[j];
  }
  return largest;
}

/** row[j] ← m_j e^{row[j] − shift}; returns the sum. */
function weighRow(row: Float64Array, masses: Float64Array, seen: number, shift: number): number {
  let total = 0;
  for (let j = 0; j < seen; j++) {
    row[j] = masses[j] * Math.exp(row[j] - shift);
    total += row[j];
  }
  return total;
}

/** field = Σ_j row[j] (v_j − v_origin); the origin is 0 where it is null. */
function gather(
  v: Float64Array,
  row: Float64Array,
  seen: number,
  d: number,
  origin: number | null,
  field: Float64Array,
): void {
  field.fill(0);
  for (let j = 0; j < seen; j++) {
    const weight = row[j];
    if (origin === null) for (let c = 0; c < d; c++) field[c] += weight * v[j * d + c];
    else for (let c = 0; c < d; c++) field[c] += weight * (v[j * d + c] - v[origin * d + c]);
  }
}

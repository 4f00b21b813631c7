/**
 * Adds Σ_j w_aj r_j to row tokens[a] of `out`, four rows at a time: `weights` `[tokens, count]`, `rows` `[count, d]`, `out` rows of
 * length d.
 */
export function addCombined(
  weights: Float64Array,
  rows: Float64Array,
  count: number,
  d: number,
  tokens: Int32Array,
  out: Float64Array,
): void {
  for (let a = 0; a < tokens.length; a++) {
    const to = tokens[a] * d;
    let j = 0;
    for (; j + 3 < count; j += 4) addFour(weights, a * count + j, rows, j * d, d, out, to);
    for (; j < count; j++) {
      const w = weights[a * count + j];
      for (let k = 0; k < d; k++) out[to + k] += w * rows[j * d + k];
    }
  }
}

function addFour(
  w: Float64Array,
  at: number,
  rows: Float64Array,
  from: number,
  d: number,
  out: Float64Array,
  to: number,
) {
  const w0 = w[at];
  const w1 = w[at + 1];
  const w2 = w[at + 2];
  const w3 = w[at + 3];
  const p1 = from + d;
  const p2 = p1 + d;
  const p3 = p2 + d;
  for (let k = 0; k < d; k++) {
    out[to + k] += w0 * rows[from + k] + w1 * rows[p1 + k] + (w2 * rows[p2 + k] + w3 * rows[p3 + k]);
  }
}

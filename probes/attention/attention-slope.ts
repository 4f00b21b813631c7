/** How log attention goes with inner product in one head. */
export interface AttentionSlope {
  /** Pairs (i, j) that were counted. */
  readonly pairs: number;
  /** Least-squares slope within rows, an effective β; null where the inner products of every row are equal. */
  readonly beta: number | null;
  /** Share of the variance of log attention within rows that it explains; null where there is none. */
  readonly r2: number | null;
}

/**
 * Variance within rows that is nothing: float32 states and probabilities make inner products and log attention
 * uncertain by about 1e-7; a spread below 1e-6 is rounding in good part.
 */
const NOTHING = 1e-12;

/**
 * Regresses log A_ij on ⟨x_i, x_j⟩, both less their mean over the row. SA (R, section 2) attends with
 * A = row-softmax(βG), so that log A_ij = β⟨x_i, x_j⟩ − log Z_i: a head that does so has slope β and r² = 1, and the
 * row's mean takes Z_i away. Pairs of weight 0 (masked, or underflown) are left out, and so is j = i unless
 * `diagonal` is set.
 *
 * @param attention an n × n matrix, row-major, from `at` on.
 * @param positions the m positions that count, as rows and as columns.
 * @param gram ⟨x_i, x_j⟩ of those positions, m × m row-major.
 */
export function attentionSlope(
  attention: Float32Array,
  at: number,
  n: number,
  positions: readonly number[],
  gram: Float64Array,
  diagonal = false,
): AttentionSlope {
  const m = positions.length;
  const x = new Float64Array(m);
  const y = new Float64Array(m);
  let pairs = 0;
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (let i = 0; i < m; i++) {
    let count = 0;
    for (let j = 0; j < m; j++) {
      const weight = attention[at + positions[i] * n + positions[j]];
      if (!(weight > 0) || (i === j && !diagonal)) continue;
      x[count] = gram[i * m + j];
      y[count++] = Math.log(weight);
    }
    const meanX = mean(x, count);
    const meanY = mean(y, count);
    for (let k = 0; k < count; k++) {
      const dx = x[k] - meanX;
      const dy = y[k] - meanY;
      xx += dx * dx;
      xy += dx * dy;
      yy += dy * dy;
    }
    pairs += count;
  }
  const varied = xx > NOTHING * pairs;
  return {
    pairs,
    beta: varied ? xy / xx : null,
    r2: varied && yy > NOTHING * pairs ? Math.min((xy * xy) / (xx * yy), 1) : null,
  };
}

function mean(values: Float64Array, count: number): number {
  let sum = 0;
  for (let k = 0; k < count; k++) sum += values[k];
  return sum / Math.max(count, 1);
}

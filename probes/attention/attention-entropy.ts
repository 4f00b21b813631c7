/** How spread the rows of one attention head are. */
export interface AttentionEntropy {
  /** Mean over rows of −Σ_j A_ij log A_ij, in nats. */
  readonly entropy: number;
  /** Mean over rows of the log of the number of positions with a weight above 0: what equal weights would give. */
  readonly logKeys: number;
}

/**
 * The mean entropy of rows of an n × n matrix of attention. Masked positions have weight 0 and do not count, so that
 * `logKeys` of a causal head is the mean of log(i + 1), and of a head under no mask log n.
 *
 * @param attention row-major, from `at` on.
 * @param rows which rows, at least one.
 */
export function attentionEntropy(
  attention: Float32Array,
  at: number,
  n: number,
  rows: readonly number[],
): AttentionEntropy {
  let entropy = 0;
  let logKeys = 0;
  for (const i of rows) {
    let keys = 0;
    for (let p = at + i * n; p < at + (i + 1) * n; p++) {
      const weight = attention[p];
      if (!(weight > 0)) continue;
      entropy -= weight * Math.log(weight);
      keys++;
    }
    logKeys += Math.log(Math.max(keys, 1));
  }
  return { entropy: entropy / rows.length, logKeys: logKeys / rows.length };
}

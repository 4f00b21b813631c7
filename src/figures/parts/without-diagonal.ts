import type { MetricRow } from "../../run/metrics.ts";

/** Averages over the entries of the Gram matrix: there the diagonal is n entries of value 1 among n². */
const AVERAGES = /^(mean_cosine|mass_0\.\d+)$/;

/**
 * Mean cosine and masses over pairs i ≠ j from those over the whole Gram matrix: m = ((n − 1) m' + 1)/n. Other measures
 * are left out, bounds are not known.
 */
export function withoutDiagonal(metrics: readonly MetricRow[]): readonly MetricRow[] {
  // What rounding leaves of nothing is nothing.
  const off = (value: number, n: number) => Math.round((1e12 * (n * value - 1)) / (n - 1)) / 1e12;
  return metrics
    .filter(({ measure }) => AVERAGES.test(measure))
    .map((row) => ({
      ...row,
      value: off(row.value, row.n),
      lo: null,
      hi: null,
      floor: row.floor === null ? null : off(row.floor, row.n),
    }));
}

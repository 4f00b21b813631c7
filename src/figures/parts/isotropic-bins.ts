import { isotropicCdf } from "../../../probes/numerics/isotropic-law.ts";

/**
 * Probability that the inner product of two independent uniform points on the sphere S^(d−1) falls in each bin.
 *
 * @param edges `bins + 1` increasing numbers within [−1, 1]
 * @param d width, at least 1
 * @returns one probability a bin; they sum to 1 when the edges cover [−1, 1]
 */
export function isotropicBins(edges: readonly number[], d: number): readonly number[] {
  const below = edges.map((edge) => isotropicCdf(edge, d));
  return below.slice(1).map((right, k) => right - below[k]!);
}

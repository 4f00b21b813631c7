import { connectedComponents } from "../../probes/clusters/clusters.ts";
import { innerProductsInto, pairCount } from "../../probes/products/inner-products.ts";

/**
 * Makes a function that tells how many tokens the clusters of a cloud have, largest first: tokens with ⟨x_i, x_j⟩ ≥ threshold are linked
 * (single linkage). On the circle by their order, O(n log n), elsewhere by all pairs.
 *
 * @param n - ≥ 2.
 * @param threshold - Above −1, below 1.
 * @returns A function of unit rows `[n, d]`.
 */
export function linkedClusters(n: number, d: number, threshold: number): (x: Float64Array) => number[] {
  if (d === 2) return (x) => arcs(x, n, Math.acos(threshold)).sort((a, b) => b - a);
  const products = new Float64Array(pairCount(n));
  return (x) => {
    innerProductsInto(x, n, d, products);
    const sizes = new Map<number, number>();
    for (const label of connectedComponents(products, n, threshold)) sizes.set(label, (sizes.get(label) ?? 0) + 1);
    return [...sizes.values()].sort((a, b) => b - a);
  };
}

/** Sizes of the runs of tokens round the circle that no gap above `reach` divides. */
function arcs(x: Float64Array, n: number, reach: number): number[] {
  const angles = Float64Array.from({ length: n }, (_, i) => Math.atan2(x[2 * i + 1], x[2 * i])).sort();
  const sizes = [1];
  for (let i = 1; i < n; i++) {
    if (angles[i] - angles[i - 1] > reach) sizes.push(0);
    sizes[sizes.length - 1]++;
  }
  // The last run goes on with the first one.
  const closes = angles[0] + 2 * Math.PI - angles[n - 1] <= reach;
  if (closes && sizes.length > 1) sizes[0] += sizes.pop() ?? 0;
  return sizes;
}

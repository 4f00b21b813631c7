import { maximumSpanningTree } from "../numerics/maximum-spanning-tree.ts";
import { disjointSets, findRoot, unite } from "../numerics/union-find.ts";

/** Thresholds of the curve where none are given. */
export const defaultThresholds: readonly number[] = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999];

/** Connected components of the tokens joined wherever their inner product exceeds the threshold. */
export interface ClusterPoint {
  readonly threshold: number;
  readonly clusters: number;
  /** Fraction of the tokens in the largest component. */
  readonly largest: number;
}

/**
 * The components at every threshold, in the order given, in one pass over the maximum spanning tree: two tokens are
 * connected above a threshold exactly if the tree connects them above it.
 */
export function clusterCurve(
  pairs: ArrayLike<number>,
  n: number,
  thresholds: readonly number[] = defaultThresholds,
): readonly ClusterPoint[] {
  const tree = maximumSpanningTree(pairs, n);
  const parent = disjointSets(n);
  const size = new Uint32Array(n).fill(1);
  const points = new Map<number, ClusterPoint>();
  let edge = 0;
  let largest = 1;
  for (const threshold of [...thresholds].sort((a, b) => b - a)) {
    for (; edge < tree.weight.length && tree.weight[edge] > threshold; edge++) {
      largest = Math.max(largest, merge(parent, size, tree.from[edge], tree.to[edge]));
    }
    points.set(threshold, { threshold, clusters: n - edge, largest: largest / n });
  }
  return thresholds.map((threshold) => points.get(threshold) as ClusterPoint);
}

function merge(parent: Uint32Array, size: Uint32Array, i: number, j: number): number {
  const total = size[findRoot(parent, i)] + size[findRoot(parent, j)];
  unite(parent, i, j);
  size[findRoot(parent, i)] = total;
  return total;
}

import { maximumSpanningTree } from "../../probes/numerics/maximum-spanning-tree.ts";
import { disjointSets, findRoot, unite } from "../../probes/numerics/union-find.ts";

/** Tokens of the network are one cluster where a chain of inner products above this joins them. */
const JOINED = 0.9;

/**
 * Adjusted Rand index (Hubert and Arabie 1985) of the clusters of two clouds of the same tokens by single linkage: of the observed at
 * cosine .9, of the predicted at whatever cosine gives as many clusters. 1: the same clusters, 0: as alike as chance makes them. `null`
 * where all tokens are one cluster, or none has a second token: there is nothing to agree on.
 */
export function clusterAgreement(observed: Float64Array, predicted: Float64Array, n: number): number | null {
  const tree = maximumSpanningTree(observed, n);
  const joins = tree.weight.filter((weight) => weight > JOINED).length;
  if (joins === 0 || joins >= n - 1) return null;
  return adjustedRand(labels(tree, n, joins), labels(maximumSpanningTree(predicted, n), n, joins));
}

/** The cluster of each token once the heaviest edges of the tree have joined them. */
function labels(tree: ReturnType<typeof maximumSpanningTree>, n: number, joins: number): Uint32Array {
  const parent = disjointSets(n);
  for (let e = 0; e < joins; e++) unite(parent, tree.from[e], tree.to[e]);
  return Uint32Array.from({ length: n }, (_, i) => findRoot(parent, i));
}

function adjustedRand(a: Uint32Array, b: Uint32Array): number {
  const n = a.length;
  const together = pairsWithin(Array.from(a, (label, i) => label * n + b[i]));
  const [ofA, ofB, all] = [pairsWithin([...a]), pairsWithin([...b]), (n * (n - 1)) / 2];
  const chance = (ofA * ofB) / all;
  const most = (ofA + ofB) / 2;
  return most === chance ? 1 : (together - chance) / (most - chance);
}

/** Pairs that have the same label. */
function pairsWithin(all: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const label of all) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts.values()].reduce((sum, c) => sum + (c * (c - 1)) / 2, 0);
}

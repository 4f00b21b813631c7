/** The n − 1 edges of a spanning tree of largest total weight, heaviest first. */
export interface SpanningTree {
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  readonly weight: Float64Array;
}

/**
 * Maximum spanning tree of the complete graph weighted by the products i < j in `pairs` (Prim 1957, O(n²)). Its weights
 * are the heights at which single linkage merges clusters (Gower and Ross 1969).
 */
export function maximumSpanningTree(pairs: ArrayLike<number>, n: number): SpanningTree {
  const best = new Float64Array(n).fill(Number.NEGATIVE_INFINITY);
  const link = new Uint32Array(n);
  const outside = Uint32Array.from({ length: Math.max(n - 1, 0) }, (_, k) => k + 1);
  const edges: { readonly from: number; readonly to: number; readonly weight: number }[] = [];
  let newest = 0;
  for (let left = n - 1; left > 0; left--) {
    const slot = relax(pairs, n, newest, outside, left, best, link);
    newest = outside[slot];
    outside[slot] = outside[left - 1];
    edges.push({ from: link[newest], to: newest, weight: best[newest] });
  }
  edges.sort((a, b) => b.weight - a.weight);
  return {
    from: Uint32Array.from(edges, (e) => e.from),
    to: Uint32Array.from(edges, (e) => e.to),
    weight: Float64Array.from(edges, (e) => e.weight),
  };
}

/** Lets the newest token of the tree offer its edges to those outside; the place in `outside` of the best one. */
function relax(
  pairs: ArrayLike<number>,
  n: number,
  newest: number,
  outside: Uint32Array,
  left: number,
  best: Float64Array,
  link: Uint32Array,
): number {
  let slot = 0;
  for (let s = 0; s < left; s++) {
    const j = outside[s];
    const weight = pairs[newest < j ? packed(newest, j, n) : packed(j, newest, n)];
    if (weight > best[j]) {
      best[j] = weight;
      link[j] = newest;
    }
    if (best[j] > best[outside[slot]]) slot = s;
  }
  return slot;
}

/** Place of the pair i < j. */
function packed(i: number, j: number, n: number): number {
  return (i * (2 * n - i - 1)) / 2 + j - i - 1;
}

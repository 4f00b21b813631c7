/** A spanning tree of largest inner products, heaviest edge first: what single linkage sees (Gower and Ross 1969). */
export interface Tree {
  /** Tokens. */
  readonly n: number;
  /** Two tokens an edge. */
  readonly edges: ArrayLike<number>;
  /** Inner product of each edge times 32767. */
  readonly cosines: ArrayLike<number>;
}

function rootOf(parent: Uint16Array, token: number): number {
  let root = token;
  while (parent[root] !== root) {
    parent[root] = parent[parent[root]!]!;
    root = parent[root]!;
  }
  return root;
}

/**
 * Connected components of the tokens when those with a cosine of at least `threshold` are joined: of each token the place of its
 * component, 0 the largest; −1 where it is alone. Exact: edges that the tree lacks join nothing that its own do not.
 */
export function clustersAt({ n, edges, cosines }: Tree, threshold: number): Int16Array {
  const parent = Uint16Array.from({ length: n }, (_, i) => i);
  for (let e = 0; e < n - 1 && cosines[e]! / 32767 >= threshold; e++) {
    parent[rootOf(parent, edges[2 * e]!)] = rootOf(parent, edges[2 * e + 1]!);
  }
  const sizes = new Map<number, number>();
  for (let i = 0; i < n; i++) sizes.set(rootOf(parent, i), (sizes.get(rootOf(parent, i)) ?? 0) + 1);
  const order = [...sizes].filter(([, size]) => size > 1).sort(([a, m], [b, k]) => k - m || a - b);
  const places = new Map(order.map(([root], place) => [root, place]));
  return Int16Array.from({ length: n }, (_, i) => places.get(rootOf(parent, i)) ?? -1);
}

/** Tokens in an order in which the clusters of every threshold lie together: leaves of the dendrogram of single linkage. */
export function leafOrder({ n, edges }: Pick<Tree, "n" | "edges">): Uint16Array {
  const groups = Array.from({ length: n }, (_, i) => [i]);
  let whole = groups[0] ?? [];
  for (let e = 0; e < n - 1; e++) {
    const [a, b] = [groups[edges[2 * e]!]!, groups[edges[2 * e + 1]!]!];
    const [large, small] = a.length >= b.length ? [a, b] : [b, a];
    for (const token of small) {
      large.push(token);
      groups[token] = large;
    }
    whole = large;
  }
  return Uint16Array.from(whole);
}

/** Number of clusters, and of the tokens in them. */
export function countClusters(clusters: Int16Array): { readonly clusters: number; readonly tokens: number } {
  let [most, tokens] = [-1, 0];
  for (const place of clusters) {
    most = Math.max(most, place);
    if (place >= 0) tokens++;
  }
  return { clusters: most + 1, tokens };
}

/**
 * Names for clusters that stay the same along a path: each takes the name of that cluster before it with which it shares most tokens,
 * larger ones first, or the least free one. −1 for tokens alone.
 *
 * @param before names of the tokens' clusters there; `null` at the start.
 */
export function followNames(clusters: Int16Array, before: Int16Array | null): Int16Array {
  const shared = new Map<number, Map<number, number>>();
  for (let i = 0; i < clusters.length; i++) {
    const [own, name] = [clusters[i]!, before?.[i] ?? -1];
    if (own < 0) continue;
    const counts = shared.get(own) ?? new Map<number, number>();
    shared.set(own, counts);
    if (name >= 0) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const names = new Map<number, number>();
  const taken = new Set<number>();
  const inOrder = [...shared].sort(([a], [b]) => a - b);
  for (const [own, counts] of inOrder) {
    const free = [...counts].filter(([name]) => !taken.has(name)).sort(([a, m], [b, k]) => k - m || a - b);
    if (free[0] === undefined) continue;
    names.set(own, free[0][0]);
    taken.add(free[0][0]);
  }
  let next = 0;
  for (const [own] of inOrder) {
    if (names.has(own)) continue;
    while (taken.has(next)) next++;
    names.set(own, next);
    taken.add(next);
  }
  return clusters.map((own) => (own < 0 ? -1 : names.get(own)!));
}

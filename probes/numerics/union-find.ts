/** Parent of each of n elements, at first itself. */
export function disjointSets(n: number): Uint32Array {
  return Uint32Array.from({ length: n }, (_, i) => i);
}

/** Root of the set that holds i; shortens the path on its way. */
export function findRoot(parent: Uint32Array, i: number): number {
  let root = i;
  while (parent[root] !== root) {
    parent[root] = parent[parent[root]];
    root = parent[root];
  }
  return root;
}

/** Joins the sets of i and j; false where they were one already. */
export function unite(parent: Uint32Array, i: number, j: number): boolean {
  const a = findRoot(parent, i);
  const b = findRoot(parent, j);
  if (a === b) return false;
  parent[Math.max(a, b)] = Math.min(a, b);
  return true;
}

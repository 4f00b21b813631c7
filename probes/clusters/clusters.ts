import { disjointSets, findRoot, unite } from "../numerics/union-find.ts";

/**
 * Connected components of the tokens when i and j are joined wherever ⟨x_i, x_j⟩ > threshold: the number, from 0 in order
 * of first token, of the component of each token. `pairs` are the products i < j.
 */
export function connectedComponents(pairs: ArrayLike<number>, n: number, threshold: number): Uint32Array {
  const parent = disjointSets(n);
  let p = 0;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) if (pairs[p++] > threshold) unite(parent, i, j);
  const labels = new Map<number, number>();
  return Uint32Array.from(parent, (_, i) => {
    const root = findRoot(parent, i);
    if (!labels.has(root)) labels.set(root, labels.size);
    return labels.get(root) ?? 0;
  });
}

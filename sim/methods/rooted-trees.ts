/** A rooted tree as the list of its subtrees; the single node is `[]`. */
export type RootedTree = readonly RootedTree[];

/** All rooted trees with `order` nodes, each once: 1, 1, 2, 4, 9, 20 … (Butcher's theory of order conditions). */
export function rootedTrees(order: number): readonly RootedTree[] {
  return order < 1 ? [] : forests(order - 1, order - 1);
}

/** Multisets of trees with `nodes` nodes together and none above `largest`, each once. */
function forests(nodes: number, largest: number): RootedTree[] {
  if (nodes === 0) return [[]];
  const found: RootedTree[] = [];
  for (let size = Math.min(nodes, largest); size >= 1; size--) found.push(...forestsFrom(nodes, size));
  return found;
}

/** Those whose largest tree has exactly `size` nodes: `count` trees of that size, then a forest of smaller ones. */
function forestsFrom(nodes: number, size: number): RootedTree[] {
  const trees = rootedTrees(size);
  const found: RootedTree[] = [];
  for (let count = 1; count * size <= nodes; count++) {
    const rest = forests(nodes - count * size, size - 1);
    for (const chosen of multisets(trees, count)) for (const forest of rest) found.push([...chosen, ...forest]);
  }
  return found;
}

function multisets<T>(items: readonly T[], count: number): T[][] {
  if (count === 0) return [[]];
  return items.flatMap((item, i) => multisets(items.slice(i), count - 1).map((rest) => [item, ...rest]));
}

/** |t|, the number of nodes. */
export function treeOrder(tree: RootedTree): number {
  return tree.reduce((sum, child) => sum + treeOrder(child), 1);
}

/** γ(t) = |t| Π γ(children). */
export function treeDensity(tree: RootedTree): number {
  return tree.reduce((product, child) => product * treeDensity(child), treeOrder(tree));
}

/**
 * Immediate dominators of a directed acyclic graph whose vertices are numbered in topological order, 0 the root:
 * one pass, since every predecessor is done before its successor.
 * After Cooper, Harvey, Kennedy, "A simple, fast dominance algorithm" (2001); without cycles no iteration is needed.
 *
 * @param predecessors for each vertex the lower numbers that lead to it; all but the root must have one.
 * @returns for each vertex its immediate dominator; the root dominates itself.
 */
export function immediateDominators(predecessors: readonly (readonly number[])[]): Int32Array {
  const idom = new Int32Array(predecessors.length);
  for (let v = 1; v < predecessors.length; v++) {
    idom[v] = predecessors[v].reduce((a, b) => nearestCommon(idom, a, b));
  }
  return idom;
}

/** The vertices that every path from the root to `sink` passes, from the root to `sink`. */
export function dominatorChain(idom: Int32Array, sink: number): number[] {
  const chain = [sink];
  for (let v = sink; v !== 0; v = idom[v]) chain.push(idom[v]);
  return chain.reverse();
}

function nearestCommon(idom: Int32Array, a: number, b: number): number {
  let [x, y] = [a, b];
  while (x !== y) {
    if (x > y) x = idom[x];
    else y = idom[y];
  }
  return x;
}

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dominatorChain, immediateDominators } from "../../models/stream/dominators.ts";

/** A DAG in topological order: every vertex but the root has at least one predecessor. */
const dag = fc
  .array(fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), { maxLength: 24 })
  .map((lists) => [[], ...lists.map((list, i) => [...new Set(list.map((k) => k % (i + 1)))])]);

/** By the definition: u dominates v where v cannot be reached from the root without u. */
function dominates(predecessors: readonly (readonly number[])[], u: number, v: number): boolean {
  if (u === v || u === 0) return true;
  const reached = predecessors.map((_, k) => k === 0);
  for (let k = 1; k < predecessors.length; k++) reached[k] = k !== u && predecessors[k].some((p) => reached[p]);
  return !reached[v];
}

describe("dominators", () => {
  it("are the vertices that cut every path, as the definition says", () => {
    fc.assert(
      fc.property(dag, (predecessors) => {
        const idom = immediateDominators(predecessors);
        for (let v = 0; v < predecessors.length; v++) {
          const byDefinition = predecessors.map((_, u) => u).filter((u) => dominates(predecessors, u, v));
          expect(dominatorChain(idom, v)).toEqual(byDefinition);
        }
      }),
      { seed: 1 },
    );
  });

  it("of a diamond are its two ends", () => {
    expect(dominatorChain(immediateDominators([[], [0], [0], [1, 2]]), 3)).toEqual([0, 3]);
  });
});

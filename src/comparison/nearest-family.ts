import { withoutFrozen } from "../laws/families.ts";
import type { LevelledFamily } from "./comparison.ts";

/**
 * The family that is spoken of: the best, or where none is nearer than nothing moving the one that is nearest pair by pair, by its
 * histograms where pairs say nothing. One rule for every sentence, so that no two name different ones.
 *
 * @returns `undefined` where nothing but frozen was fitted.
 */
export function nearestFamily(families: readonly LevelledFamily[], best: string): LevelledFamily | undefined {
  const moving = withoutFrozen(families);
  const pairs = ({ pair_skill }: LevelledFamily) => pair_skill ?? Number.NEGATIVE_INFINITY;
  return (
    moving.find(({ name }) => name === best) ??
    moving.toSorted((a, b) => (pairs(a) === pairs(b) ? a.w1 - b.w1 : pairs(b) - pairs(a)))[0]
  );
}

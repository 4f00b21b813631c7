import { isFrozen, withoutFrozen } from "../laws/families.ts";
import type { LevelledFamily, RivalFit } from "./comparison.ts";
import { CLEAR } from "./conclude.ts";

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

/**
 * Whether that family is clearly nearer pair by pair than nothing moving. Frozen is the best all the same where random orders of the
 * layers are fitted as well.
 */
export function isNearerThanStill(rivals: readonly Pick<RivalFit, "name" | "pair_z">[]): boolean {
  return (rivals.find(({ name }) => isFrozen(name))?.pair_z ?? 0) >= CLEAR;
}

import { centred, dot, largest, scale, sum } from "../numerics/vectors.ts";
import type { FieldEffect } from "./field-effect.ts";
import { type LayerStep, ROUNDING } from "./layer-step.ts";
import { type Remainder, removeBasis } from "./without-selection.ts";

/** How much of a step a field explains. Shares are from −1 to 1: negative where the best single step runs backwards. */
export interface FieldShares {
  /** ⟨u, v⟩/‖v‖²: the time for which the field fits best, in its own units. */
  readonly step: number | null;
  /** Of the motion of the tokens: sign · ⟨u, v⟩²/(‖u‖²‖v‖²). */
  readonly update: number | null;
  /** Of the change of inner products: the same of ΔG and the field's first-order change, over pairs i < j. */
  readonly gram: number | null;
  /** The same, both less their means over pairs. */
  readonly gram_beyond_mean: number | null;
  /** The same of what functions without selection leave of both. */
  readonly partial: number | null;
  /** `partial` as a share of the whole centred change. */
  readonly added: number | null;
}

/** A field lies within the functions without selection where less than this part of it is outside: rounding. */
const OUTSIDE = 1e-9;

/**
 * The shares of a field; `null` for each that does not exist (nothing changes, the field is 0, too few pairs).
 *
 * @param outside - `outsideBasis` of its change, where it is known.
 */
export function fieldShares(
  step: LayerStep,
  remainder: Remainder,
  effect: FieldEffect,
  outside: Float64Array = outsideBasis(effect.change, remainder.basis),
): FieldShares {
  const pairs = step.change.length;
  const [own, least] = [effect.change, OUTSIDE ** 2 * dot(effect.change, effect.change)];
  // Of one pair everything explains everything.
  const gram = pairs > 1 ? gramShare(step.change, own, 0) : null;
  const beyond = pairs > 1 ? gramShare(centred(step.change), centred(own), least) : null;
  return { ...tokenShares(step, effect), gram, gram_beyond_mean: beyond, ...remainderShares(remainder, outside) };
}

/** `partial` and `added` alone. @param own - What the field has outside the functions without selection. */
export function remainderShares(
  { rest, restSquared, total, leaves }: Remainder,
  own: Float64Array,
): Pick<FieldShares, "partial" | "added"> {
  if (!leaves) return { partial: null, added: null };
  const square = dot(own, own);
  const along = dot(rest, own);
  if (square === 0) return { partial: null, added: 0 };
  return { partial: signedShare(along, restSquared, square), added: signedShare(along, total, square) };
}

/**
 * What a field's change of inner products has outside the functions without selection, at a scale of order 1; zeros where that
 * is rounding.
 */
export function outsideBasis(change: Float64Array, basis: readonly Float64Array[]): Float64Array {
  const own = new Float64Array(change);
  const most = largest(change);
  if (most === 0) return own;
  scale(own, 1 / most);
  const square = dot(own, own);
  removeBasis(own, basis);
  return dot(own, own) > OUTSIDE ** 2 * square ? own : own.fill(0);
}

/** sign(along) · along²/(a b): the share of a that the best multiple of b removes. */
export function signedShare(along: number, a: number, b: number): number {
  return (Math.sign(along) * (along / a) * along) / b;
}

function tokenShares({ size, n }: LayerStep, { along, squared }: FieldEffect): Pick<FieldShares, "step" | "update"> {
  const both = along && squared ? sum(along) : null;
  const square = squared ? sum(squared) : 0;
  if (both === null || size === null || square === 0) return { step: null, update: null };
  return { step: both / square, update: size > ROUNDING ? signedShare(both, size * size * n, square) : null };
}

function gramShare(change: Float64Array, own: Float64Array, least: number): number | null {
  const square = dot(own, own);
  const total = dot(change, change);
  return square > least && total > ROUNDING ** 2 * change.length ? signedShare(dot(change, own), total, square) : null;
}

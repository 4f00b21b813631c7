import type { z } from "zod";
import { fallRate } from "../../probes/numerics/fall-rate.ts";
import type { TO_POINT } from "../formats/theory-formats.ts";
import { cell, shortCell } from "../words/number-cell.ts";

/** W_2 to a point along time, as it is told. */
export type ToPoint = z.infer<typeof TO_POINT>;

/** CLPR25 (R, theorem 5): W_2(μ_t, δ) ≤ C e^{−t/100} from some time on, without noise, for V = I and small |β|. */
const BOUND = 1 / 100;
/** Distances below this are rounding. */
const LEAST = 1e-9;
/** A first moment below this has no direction. */
const LEAST_ORDER = 1e-9;

/**
 * Distances with the rate at which they fall over the later half of the times.
 *
 * @param order - |μ̂_1| at the last time: the point lies in its direction.
 * @param unit - Time of the equation in a unit of the times that are told.
 * @returns `null` where the density has no direction.
 */
export function toPoint(
  at: number,
  order: number,
  times: readonly number[],
  w2: readonly number[],
  proven: boolean,
  unit: number,
): ToPoint | null {
  if (!(order > LEAST_ORDER)) return null;
  return { at, w2, rate: fallRate(times, w2, LEAST), bound: proven ? BOUND * unit : null };
}

/** The rate in a line, where there is a theorem to hold it against. */
export function rateLine({ at, rate, bound }: ToPoint, where: string): string | null {
  if (rate === null || bound === null) return null;
  return `W2 to the point at ${where} ${shortCell(Number(at.toFixed(6)), 4)} falls at ${cell(rate, 5)}; the theorem's bound for small |β|: ${shortCell(bound)}`;
}

import type { z } from "zod";
import { fallRate } from "../../probes/numerics/fall-rate.ts";
import { contractionRate } from "../../sim/theory/contraction-rate.ts";
import type { CONTRACTION } from "../formats/theory-formats.ts";
import { cell, shortCell } from "../words/number-cell.ts";

/** How fast a cloud in a cap becomes one point, as it is told. */
export type Contraction = z.infer<typeof CONTRACTION>;

/** What is measured, and of what. */
interface Followed {
  readonly dynamics: string;
  readonly n: number;
  readonly beta: number;
  readonly time_unit?: "exp" | undefined;
  readonly times: readonly number[];
  readonly mean_cosine: readonly (number | null)[];
}

/** Below this 1 − cos is rounding. */
const LEAST = 1e-12;

/**
 * The rate of 1 − cos over the later half of the times, beside what theory has for tokens within `cap` of an axis.
 *
 * @returns `null` for dynamics that R's theorem 3 does not cover, and for one token.
 */
export function contractionOf(
  { dynamics, n, beta, time_unit, times, mean_cosine }: Followed,
  cap: number,
): Contraction | null {
  if ((dynamics !== "sa" && dynamics !== "usa") || n < 2) return null;
  const left = mean_cosine.map((cosine) => (cosine === null ? 0 : 1 - cosine));
  // Two tokens of a cap are up to twice its angle apart.
  const { logBound, logLimit } = contractionRate(dynamics, n, beta, cap > Math.PI / 4 ? -1 : Math.cos(2 * cap));
  const told = (log: number | null) => {
    const rate = log === null ? null : Math.exp(log - (time_unit === "exp" ? beta : 0));
    return rate === null || Number.isFinite(rate) ? rate : null;
  };
  return { cap, rate: fallRate(times, left, LEAST), bound: told(logBound), limit: told(logLimit) };
}

/** In a line. */
export function contractionLine({ cap, rate, bound, limit }: Contraction): string | null {
  if (rate === null) return null;
  const least = bound === null ? "" : `; of the farthest pair at least ${shortCell(bound, 4)} at all times`;
  return `1 - cos falls at ${cell(rate, 5)} from within ${shortCell(cap, 4)} of a point; in the limit ${shortCell(limit, 4)}${least}`;
}

import { TokensphereError } from "../../models/errors.ts";

/** @throws TokensphereError `usage` where β is not a finite number. Below 0 alike tokens attend least to each other (R, Remark 2). */
export function checkBeta(beta: number): void {
  if (Number.isFinite(beta)) return;
  throw new TokensphereError("usage", `beta: ${beta}. use a finite number`);
}

/** @throws TokensphereError `usage` where times are none, not finite, negative or not sorted. */
export function checkTimes(times: ArrayLike<number>): void {
  if (times.length === 0) throw new TokensphereError("usage", "times: none. give at least one");
  for (let i = 0; i < times.length; i++) {
    const t = times[i];
    if (!Number.isFinite(t) || t < 0)
      throw new TokensphereError("usage", `times: ${t}. use finite numbers, 0 or above`);
    if (i > 0 && t < times[i - 1]) {
      throw new TokensphereError("usage", `times: ${t} after ${times[i - 1]}. sort them`);
    }
  }
}

/**
 * Checks a number that came by an option.
 *
 * @throws TokensphereError `usage` where it is not finite or outside [least, most].
 */
export function checkRange(name: string, value: number, least: number, most = Number.POSITIVE_INFINITY): void {
  if (Number.isFinite(value) && value >= least && value <= most) return;
  const range = Number.isFinite(most) ? `from ${least} to ${most}` : `${least} or above`;
  throw new TokensphereError("usage", `${name}: ${value}. use a finite number, ${range}`);
}

/** @throws TokensphereError `usage` where `value` is not a whole number ≥ least. */
export function checkWhole(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new TokensphereError("usage", `${name}: ${value}. use a whole number, ${least} or above`);
}

import { TokensphereError } from "../models/errors.ts";

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

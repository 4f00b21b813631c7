import { TokensphereError } from "../models/errors.ts";

/**
 * Checks a count that came by an option: n, d, steps.
 *
 * @throws TokensphereError `usage` where `value` is not a whole number ≥ 1.
 */
export function checkSize(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new TokensphereError("usage", `${name}: ${value}. use a whole number, 1 or above`);
}

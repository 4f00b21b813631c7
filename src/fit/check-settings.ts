import { TokensphereError } from "../../models/errors.ts";

/** Numbers of a fit that a caller may have mistaken. */
interface Numbers {
  readonly betaMin: number;
  readonly betaMax: number;
  readonly bootstrap: number;
}

/** @throws TokensphereError `usage` for a range of β that is empty or reaches 0, or resamples that cannot be counted. */
export function checkSettings({ betaMin, betaMax, bootstrap }: Numbers): void {
  if (!(betaMin > 0 && betaMax > betaMin && betaMax < Number.POSITIVE_INFINITY))
    throw new TokensphereError("usage", `betaMin, betaMax: ${betaMin}, ${betaMax}. give 0 < betaMin < betaMax`);
  if (!(Number.isSafeInteger(bootstrap) && bootstrap >= 0))
    throw new TokensphereError("usage", `bootstrap: ${bootstrap}. give a whole number from 0 on`);
}

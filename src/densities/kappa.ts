import { TokensphereError } from "../../models/errors.ts";
import type { DensityOptions } from "../options/densities.ts";

/** κ of `--noise`: a number above 0, none is no noise. Throws `usage`. */
export function kappaOf({ noise }: Pick<DensityOptions, "noise">): number {
  if (noise === undefined || noise > 0) return noise ?? Number.POSITIVE_INFINITY;
  throw new TokensphereError("usage", `--noise: ${noise}. give κ above 0, the inverse temperature`);
}

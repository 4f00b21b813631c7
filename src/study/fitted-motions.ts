import type { ComparedFit } from "../comparison/comparison.ts";
import { DEFAULT_FAMILIES, type Family, fixedBeta, type MovingFamily, movingFamilies } from "../fit/families.ts";

/** A family with its fitted β, and a time for every fitted layer. */
export interface Motion {
  readonly family: MovingFamily;
  readonly beta: number;
  readonly times: readonly number[];
}

/** The families of a fit that move anything, as fitted. */
export function fittedMotions(
  families: readonly (string | Family)[] = DEFAULT_FAMILIES,
  fit: ComparedFit,
): readonly Motion[] {
  return movingFamilies(families).flatMap((family) => {
    const fitted = fit.families.find(({ name }) => name === family.name);
    if (!fitted) return [];
    return [{ family, beta: fitted.beta ?? fixedBeta(family) ?? 0, times: fitted.time.values }];
  });
}

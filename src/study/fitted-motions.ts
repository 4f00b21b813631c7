import type { ComparedFit } from "../comparison/comparison.ts";
import { type FittedMotion, isOfTokens, motionOf } from "../fit/fitted-motion.ts";
import { DEFAULT_FAMILIES, type Family, movingFamilies } from "../laws/families.ts";

/** The families of a fit that move the network's own tokens, as fitted. */
export function fittedMotions(
  families: readonly (string | Family)[] = DEFAULT_FAMILIES,
  fit: ComparedFit,
): readonly FittedMotion[] {
  return movingFamilies(families).flatMap((family) => {
    const fitted = fit.families.find(({ name }) => name === family.name);
    return fitted ? [motionOf(family, fitted)].filter(isOfTokens) : [];
  });
}

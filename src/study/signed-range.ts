import { TokensphereError } from "../../models/errors.ts";
import { FIT_DEFAULTS } from "../fit/fit-defaults.ts";
import { fixedBeta, type MovingFamily } from "../laws/families.ts";

/** Attention at β < 0 is a family of its own, whose β is −β: a search is one of ratios. */
const OPPOSED: Readonly<Record<string, string>> = { sa: "sa_opposed", usa: "usa_opposed" };

type Range = readonly [lo: number, hi: number];

/** The two sides of a range of β, each by its absolute values; `null`: it has none. A side that comes from 0 begins where a fit's range does. */
export interface Sides {
  readonly above: Range | null;
  readonly below: Range | null;
}

export function sidesOf([lo, hi]: Range): Sides {
  return { above: sideOf(lo, hi), below: sideOf(-hi, -lo) };
}

function sideOf(lo: number, hi: number): Range | null {
  if (hi <= 0) return null;
  return lo > 0 ? [lo, hi] : [Math.min(FIT_DEFAULTS.betaMin, hi / 2), hi];
}

/** Names with those of β < 0 behind their own, where a range reaches there. */
export function signedNames(names: readonly string[], { below }: Sides): readonly string[] {
  if (below === null) return names;
  return names.flatMap((name) => {
    const opposed = OPPOSED[name.toLowerCase()];
    return opposed === undefined || names.includes(opposed) ? [name] : [name, opposed];
  });
}

/**
 * Families, each with the side of a range that it is searched on; those that have none there are left out. A range above 0 leaves all as
 * they are.
 *
 * @throws TokensphereError `usage` for a family that is searched above 0 only, where the range reaches below.
 */
export function onSides(families: readonly MovingFamily[], { above, below }: Sides): readonly MovingFamily[] {
  if (below === null) return families;
  return families.flatMap((family): MovingFamily[] => {
    if (fixedBeta(family) !== null) return [family];
    const plain = Object.keys(OPPOSED).find((name) => OPPOSED[name] === family.name);
    if (plain !== undefined) return [{ ...family, label: `${plain.toUpperCase()} at −β`, betas: below }];
    if (OPPOSED[family.name] === undefined)
      throw new TokensphereError(
        "usage",
        `--beta-range: from ${-below[1]}. ${family.name} is searched above 0 only: begin there, or fit ${Object.keys(OPPOSED).join(", ")}`,
      );
    return above === null ? [] : [{ ...family, betas: above }];
  });
}

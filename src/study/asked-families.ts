import { TokensphereError } from "../../models/errors.ts";
import { checkParamNames, checkParams } from "../../sim/dynamics/check-params.ts";
import type { Dynamics } from "../../sim/dynamics/dynamics.ts";
import { DYNAMICS, findDynamics } from "../../sim/dynamics/dynamics-table.ts";
import type { CommonOptions } from "../command-line/common.ts";
import { RIVALS_TO_ASK } from "../comparison/asked-rivals.ts";
import { FIT_DEFAULTS } from "../fit/fit-defaults.ts";
import {
  CAUSAL_FAMILIES,
  drivenBy,
  FAMILIES,
  familyNamed,
  familyOf,
  LAW_FAMILIES,
  type MovingFamily,
  movingFamilies,
  styled,
  withFirstValue,
} from "../laws/families.ts";
import { type FitCommandOptions, fitOptionsOf } from "../options/fit.ts";
import type { Parameters } from "../options/plugins.ts";
import type { Plugins } from "../plugins/load-plugins.ts";
import { onSides, sidesOf, signedNames } from "./signed-range.ts";

/** What a command line asks to be fitted; families that it does not name are causal where tokens see only what comes before them. */
export function askedFit(options: FitCommandOptions & Pick<CommonOptions, "seed">, plugins: Pick<Plugins, "dynamics">) {
  const isRival = (name: string) => RIVALS_TO_ASK.some((rival) => rival.name === name);
  const laws = options.rivals.filter((name) => !isRival(name));
  const sides = sidesOf(options.betaRange);
  const of = (names: readonly string[]) => {
    const all = askedFamilies([...signedNames(names, sides), ...laws], plugins, options.parameter);
    const [asked, beside] = [all.slice(0, all.length - laws.length), all.slice(all.length - laws.length)];
    const families = onSides(asked, sides);
    const rivals = [...options.rivals.filter(isRival), ...beside];
    return rivals.length === 0 ? { families } : { families, rivals };
  };
  const named = options.families !== FIT_DEFAULTS.families;
  return {
    ...fitOptionsOf(options),
    ...of(options.families),
    // Below 0 there is no causal form.
    ...(named || sides.below !== null ? {} : { whenCausal: of(CAUSAL_FAMILIES) }),
  };
}

/**
 * The families that a command line names: of the table, of any dynamics, or of a plugin's. Each gets the parameters that its
 * dynamics reads. What is wrong with them is said before a model runs, but what hangs on the size of clouds.
 *
 * @throws TokensphereError `usage` for a name that none has, and a parameter that none reads or that is missing.
 */
export function askedFamilies(
  names: readonly string[],
  { dynamics }: Pick<Plugins, "dynamics">,
  parameters: Parameters = {},
): readonly MovingFamily[] {
  const others = [...dynamics, ...Object.values(DYNAMICS)].filter(
    (one) => ![...FAMILIES, ...LAW_FAMILIES].some(({ name }) => name === one.name),
  );
  const known = others.map((one) => familyOf(one));
  let place = 0; // Looks go by the place among those that are drawn.
  const families = movingFamilies(names.map((name) => familyNamed(name, known))).map((family) =>
    withParameters(FAMILIES.includes(family) ? family : styled(family, place++), parameters),
  );
  const read = families.flatMap((family) => Object.keys(family.parameters ?? {}));
  const unread = Object.keys(parameters).find((name) => !read.includes(name));
  if (unread !== undefined)
    throw new TokensphereError("usage", `--parameter ${unread}: none of ${names.join(", ")} reads it. leave it out`);
  for (const family of families)
    if (!family.ofModel)
      checkEarly(findDynamics(family.dynamics), drivenBy(withFirstValue(family, LEAST_WIDTH)).params);
  return families;
}

/** Any width will do where it is not known yet. */
const LEAST_WIDTH = 2;

function withParameters(family: MovingFamily, parameters: Parameters): MovingFamily {
  const reads = [...Object.keys(findDynamics(family.dynamics).parameters), ...(family.noisy ? ["kappa"] : [])];
  const own = Object.entries(parameters).filter(([name]) => reads.includes(name));
  return own.length === 0 ? family : { ...family, parameters: { ...family.parameters, ...Object.fromEntries(own) } };
}

/** Numbers of a plugin's fit clouds of any size; of all others it is known whether they are there. */
function checkEarly(dynamics: Dynamics, parameters: Parameters): void {
  if (dynamics.origin === undefined) checkParamNames(dynamics, parameters);
  else checkParams(dynamics, parameters, 1, 1);
}

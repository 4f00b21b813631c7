import { TokensphereError } from "../../models/errors.ts";
import type { Dynamics } from "../../sim/dynamics/dynamics.ts";
import { DYNAMICS } from "../../sim/dynamics/dynamics-table.ts";
import { memberNamed } from "../../sim/dynamics/member-named.ts";

/**
 * The dynamics that `--dynamics` names; see `memberNamed` for how it may be spelled.
 *
 * @param extra Those that are not built in.
 * @throws TokensphereError `usage` for a name that none has.
 */
export function resolveDynamics(name: string, extra: readonly Dynamics[] = []): Dynamics {
  const known = [...Object.values(DYNAMICS), ...extra];
  const found = memberNamed(known, name);
  if (found) return found;
  const names = known.map((one) => one.name).join(", ");
  // In the words of commander, which refuses what other flags do not know.
  const what = `option '--dynamics <name>' argument '${name}' is invalid`;
  throw new TokensphereError("usage", `${what}. Allowed choices are ${names}.`);
}

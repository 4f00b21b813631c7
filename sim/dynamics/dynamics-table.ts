import { TokensphereError } from "../../models/errors.ts";
import { attentionDynamics } from "./attention-dynamics.ts";
import { ATTENTION_LAWS, type AttentionName } from "./attention-table.ts";
import { asDynamics, ownDynamics } from "./define-dynamics.ts";
import type { DynamicsDefinition } from "./definition.ts";
import type { Dynamics } from "./dynamics.ts";
import { hardmax } from "./hardmax.ts";
import { kuramoto } from "./kuramoto.ts";
import { meanShift } from "./mean-shift.ts";
import { memberNamed } from "./member-named.ts";
import { reweighted } from "./reweighted.ts";
import { sinkhorn } from "./sinkhorn.ts";

/** Those that are no row of `ATTENTION_LAWS`. */
const OTHERS = { hardmax, kuramoto, mean_shift: meanShift, sa_sinkhorn: sinkhorn, usa_wfr: reweighted };

/** Those that are here. */
export type DynamicsName = AttentionName | keyof typeof OTHERS;

const rows = Object.entries(ATTENTION_LAWS).map(([name, row]) => [name, attentionDynamics(name, row)] as const);
const all = [...rows, ...Object.entries(OTHERS)].map(([name, dynamics]) => [name, ownDynamics(dynamics)] as const);

/** Every dynamics, by name, in the order of the alphabet. (A cast: `Object.fromEntries` forgets the names.) */
export const DYNAMICS = Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1))) as Readonly<
  Record<DynamicsName, Dynamics>
>;

/** One of `DYNAMICS` by name, or a value of one's own. */
export type DynamicsChoice = string | Dynamics | DynamicsDefinition;

/**
 * The dynamics of a name, in any spelling that `memberNamed` takes, or of a value.
 *
 * @throws TokensphereError `usage` for an unknown name or a value that is no dynamics.
 */
export function findDynamics(choice: DynamicsChoice): Dynamics {
  if (typeof choice !== "string") return asDynamics(choice);
  const found = memberNamed(Object.values(DYNAMICS), choice);
  if (found) return found;
  throw new TokensphereError("usage", `dynamics: ${choice}. use ${Object.keys(DYNAMICS).join(", ")}`);
}

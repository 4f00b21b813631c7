import { TokensphereError } from "../../models/errors.ts";
import { attentionDynamics } from "./attention-dynamics.ts";
import { ATTENTION, type AttentionName } from "./attention-table.ts";
import type { Dynamics } from "./dynamics.ts";
import { hardmax } from "./hardmax.ts";
import { kuramoto } from "./kuramoto.ts";
import { meanShift } from "./mean-shift.ts";

export type DynamicsName = AttentionName | "hardmax" | "kuramoto" | "mean_shift";

const table = Object.entries(ATTENTION).map(([name, row]) => [name, attentionDynamics(name, row)] as const);
const all = Object.entries({ ...Object.fromEntries(table), hardmax, kuramoto, mean_shift: meanShift });

/** Every dynamics, by name, in the order of the alphabet. */
export const DYNAMICS = Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1))) as Readonly<
  Record<DynamicsName, Dynamics>
>;

/**
 * Looks a dynamics up; hyphens may stand for underscores.
 *
 * @throws TokensphereError `usage` on an unknown name.
 */
export function findDynamics(name: string): Dynamics {
  const found = new Map<string, Dynamics>(Object.entries(DYNAMICS)).get(name.replaceAll("-", "_"));
  if (found) return found;
  throw new TokensphereError("usage", `dynamics: ${name}. use ${Object.keys(DYNAMICS).join(", ")}`);
}

import { TokensphereError } from "../../models/errors.ts";
import type { Dynamics } from "./dynamics.ts";
import { hardmax } from "./hardmax.ts";
import { meanShift } from "./mean-shift.ts";
import { meanShiftBlurring } from "./mean-shift-blurring.ts";
import { sa } from "./sa.ts";
import { saCausal } from "./sa-causal.ts";
import { saMixln } from "./sa-mixln.ts";
import { saMultihead } from "./sa-multihead.ts";
import { saNgpt } from "./sa-ngpt.ts";
import { saPeriln } from "./sa-periln.ts";
import { saPreln } from "./sa-preln.ts";
import { saQkv } from "./sa-qkv.ts";
import { saRepulsive } from "./sa-repulsive.ts";
import { saSqrt } from "./sa-sqrt.ts";
import { saWeighted } from "./sa-weighted.ts";
import { usa } from "./usa.ts";
import { usaQkv } from "./usa-qkv.ts";
import { usaWeighted } from "./usa-weighted.ts";

/** Every dynamics, by name. */
export const DYNAMICS = {
  hardmax,
  mean_shift: meanShift,
  mean_shift_blurring: meanShiftBlurring,
  sa,
  sa_causal: saCausal,
  sa_mixln: saMixln,
  sa_multihead: saMultihead,
  sa_ngpt: saNgpt,
  sa_periln: saPeriln,
  sa_preln: saPreln,
  sa_qkv: saQkv,
  sa_repulsive: saRepulsive,
  sa_sqrt: saSqrt,
  sa_weighted: saWeighted,
  usa,
  usa_qkv: usaQkv,
  usa_weighted: usaWeighted,
} as const satisfies Readonly<Record<string, Dynamics>>;

export type DynamicsName = keyof typeof DYNAMICS;

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

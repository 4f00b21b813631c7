import type { Cloud64 } from "../../probes/cloud.ts";
import { fixedBeta, type MovingFamily } from "../laws/families.ts";
import type { FitText } from "../trajectories/fit-text.ts";
import { type VisitOptions, visitSimulated } from "../trajectories/simulated-products.ts";
import type { FamilyFit } from "./fit-result.ts";

/** A family with its fitted β, and a time for every fitted layer, the first 0. */
export interface FittedMotion {
  readonly family: MovingFamily;
  readonly beta: number;
  readonly times: readonly number[];
}

/** What a fit says of how a family moves. */
export function motionOf(
  family: MovingFamily,
  { beta, time, parameters, start }: Pick<FamilyFit, "beta" | "time" | "parameters" | "start">,
): FittedMotion {
  const fitted = {
    ...family,
    ...(parameters ? { parameters: { ...family.parameters, ...parameters } } : {}),
    ...(start ? { start } : {}),
  };
  return { family: fitted, beta: beta ?? fixedBeta(family) ?? 0, times: time.values };
}

/** Whether a motion is of the network's own tokens: of others only distributions can be compared. */
export function isOfTokens({ family }: FittedMotion): boolean {
  return family.start === undefined;
}

/** Where a motion takes the tokens of a text, one cloud a fitted layer; `null` beyond what could be simulated. */
export async function motionClouds(
  text: FitText,
  { family, beta, times }: FittedMotion,
  options: Omit<VisitOptions, "partial">,
): Promise<(Cloud64 | null)[]> {
  const clouds: (Cloud64 | null)[] = times.map(() => null);
  await visitSimulated(
    text,
    family,
    beta,
    times,
    (k, { n, d, x }) => {
      clouds[k] = { n, d, x: new Float64Array(x) };
    },
    { ...options, partial: true },
  );
  return clouds;
}

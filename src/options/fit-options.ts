import type { Policy } from "../../probes/policy/policy.ts";
import type { FitOptions } from "../fit/fit.ts";
import type { CommonOptions, FitCommandOptions } from "./options.ts";

/** The flags of a fit as the fit wants them. */
export function fitOptionsOf(options: FitCommandOptions & CommonOptions, policy: Policy): FitOptions {
  const [betaMin, betaMax] = options.betaRange;
  return {
    policy,
    time: options.time,
    betaMin,
    betaMax,
    bootstrap: options.bootstrap,
    startLayer: options.startLayer,
    seed: options.seed,
  };
}

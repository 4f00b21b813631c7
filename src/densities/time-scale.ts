import { TokensphereError } from "../../models/errors.ts";
import type { EvolveOptions } from "../options/densities.ts";

/** From the times that are told to those of the equation. Throws `usage` where they have no other unit. */
export function timeScale({ timeUnit, dynamics, beta }: Pick<EvolveOptions, "timeUnit" | "dynamics" | "beta">) {
  if (timeUnit === "exp" && dynamics !== "usa")
    throw new TokensphereError("usage", "--time-unit: exp. rates of sa are of order 1: it is for usa");
  const unit = timeUnit === "exp" ? Math.exp(-beta) : 1;
  return (time: number) => unit * time;
}

/** V = ±I. */
export function signOf({ sign }: Pick<EvolveOptions, "sign">): 1 | -1 {
  return sign === "1" ? 1 : -1;
}

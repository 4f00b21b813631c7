import type { SimulateOptions } from "./flow.ts";

/** What `simulate` was given: which flags are needed depends on the mode. */
export interface SimulateFlags extends Omit<SimulateOptions, "beta" | "times"> {
  readonly beta?: number;
  readonly times?: string;
  readonly noise?: number;
  readonly paths?: number;
  readonly layerSteps?: number;
  readonly sweep?: boolean;
  readonly betas?: string;
  readonly seeds?: number;
  readonly threshold?: number;
  readonly precision?: "float32" | "float64";
  readonly workers?: number;
}

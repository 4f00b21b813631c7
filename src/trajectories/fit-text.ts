import type { Cloud } from "../../probes/cloud.ts";

/** One text as the fit sees it: the same tokens after each fitted layer, on the unit sphere. */
export interface FitText {
  readonly n: number;
  readonly d: number;
  /** One cloud a layer, rows of unit length, the first is where the simulation starts. */
  readonly clouds: readonly Cloud[];
}

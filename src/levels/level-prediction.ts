import type { Cloud } from "../../probes/cloud.ts";

/**
 * What anything says of the layers of a text, k counting the fitted layers from 0, which it starts from. `null`: it says nothing of this
 * layer, or nothing at this level.
 */
export interface LevelPrediction {
  /** Unit tokens, `[n, d]` in the basis of the network; `null` as a whole where only products are said. */
  readonly cloud: ((k: number) => Cloud | null) | null;
  /** Inner products of the pairs i < j. */
  readonly products: (k: number) => Float64Array | null;
}

import type { Cloud } from "../../probes/cloud.ts";
import { meanVectorNorm } from "../../probes/mean-vector-norm.ts";

/** Mean inner product over pairs i ≠ j of unit vectors, without forming them: (n‖mean‖² − 1)/(n − 1). */
export function meanCosine(cloud: Cloud): number {
  return (cloud.n * meanVectorNorm(cloud) ** 2 - 1) / (cloud.n - 1);
}

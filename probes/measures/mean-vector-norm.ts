import type { Cloud } from "../cloud.ts";
import { meanVector } from "../policy/center-cloud.ts";
import { type Measure, measureRow } from "./measure.ts";

/** The length of the mean token. */
export const meanVectorMeasure: Measure = {
  name: "mean_vector_norm",
  about: "norm of the mean of the tokens",
  rows: (cloud) => measureRow("mean_vector_norm", meanVectorNorm(cloud), cloud.isotropic?.values ?? {}),
  owns: (row) => row === "mean_vector_norm",
};

/**
 * ‖(1/n) Σ_i x_i‖. On the sphere it lies in [0, 1], and its square is the mean cosine with the diagonal included;
 * 1 less that square is the squared Frobenius residual of collapse to one point.
 */
export function meanVectorNorm(cloud: Cloud): number {
  return Math.sqrt(meanVector(cloud).reduce((s, m) => s + m * m, 0));
}

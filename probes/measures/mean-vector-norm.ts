import type { Cloud } from "../cloud.ts";
import { meanVector } from "../policy/center-cloud.ts";

/**
 * ‖(1/n) Σ_i x_i‖. On the sphere it lies in [0, 1], and its square is the mean cosine with the diagonal included;
 * 1 less that square is the squared Frobenius residual of collapse to one point.
 */
export function meanVectorNorm(cloud: Cloud): number {
  return Math.sqrt(meanVector(cloud).reduce((s, m) => s + m * m, 0));
}

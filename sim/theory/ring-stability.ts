import { checkRange, checkWhole } from "../clouds/check-number.ts";

/** Growth rates of what disturbs k equal clusters at equal distances on the circle; lists run along m = 0 … k − 1. */
export interface RingStability {
  readonly sa: readonly number[];
  /** `null` where a rate overflows. */
  readonly usa: readonly (number | null)[];
}

/**
 * k equal clusters at the angles 2πj/k rest under SA and USA, and are unstable. A disturbance of the angles by cos(2πmj/k) grows
 * at λ_m = (1/Z) Σ_j h'(2πj/k)(cos(2πmj/k) − 1), h(u) = e^{β cos u} sin u, Z = k for USA and Σ_j e^{β cos(2πj/k)} for SA:
 * m = 0 turns the ring.
 *
 * @param k - Clusters, 1 to 10⁴.
 * @param beta - |β| ≤ 10⁶.
 * @throws TokensphereError `usage` for numbers out of range.
 */
export function ringStability(k: number, beta: number): RingStability {
  checkWhole("k", k, 1);
  checkRange("k", k, 1, 1e4);
  checkRange("beta", beta, -1e6, 1e6);
  const angles = Array.from({ length: k }, (_, j) => (2 * Math.PI * j) / k);
  const weights = angles.map((u) => Math.exp(beta * Math.cos(u) - Math.abs(beta)));
  const slopes = angles.map((u, j) => weights[j] * (Math.cos(u) - beta * Math.sin(u) ** 2));
  const total = weights.reduce((a, b) => a + b);
  const sums = angles.map((_, m) =>
    // −2 sin²(πmj/k) is cos − 1 without cancelling.
    slopes.reduce((sum, slope, j) => sum - 2 * slope * Math.sin((Math.PI * ((m * j) % k)) / k) ** 2, 0),
  );
  const scale = Math.exp(Math.abs(beta));
  return {
    sa: sums.map((sum) => sum / total),
    usa: sums.map((sum) => (Number.isFinite((sum / k) * scale) ? (sum / k) * scale : null)),
  };
}

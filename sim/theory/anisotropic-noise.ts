import { checkRange } from "../clouds/check-number.ts";

/** Kuramoto's model (β = 0, d = 2) under ambient noise of covariance 2τ diag(s1, s2). */
export interface AnisotropicNoise {
  /** Scale τ of the noise below which tokens order along the first axis, and along the second. */
  readonly critical: readonly [number, number];
  /** Orders r along the axes at a τ: 0 from the critical one on. */
  readonly orders: (tau: number) => readonly [number, number];
}

/** Angles of the periodic rule, whose error falls faster than any power. */
const ANGLES = 4096;

/**
 * Thresholds of noise that is not the same in all directions: with D(θ) = s1 sin²θ + s2 cos²θ (what of it is tangent, Stratonovich)
 * the density is ∝ D^{−1/2} exp((r/τ)Φ), Φ' = −sin θ/D for order along the first axis, and r = ∫ cos θ dμ; so r leaves 0 at
 * τ_c = ∫ cos θ Φ dμ_0, μ_0 ∝ D^{−1/2}. Equal s: τ_c = 1/(2s), the κ_# = 2 of isotropic noise.
 *
 * @param s1 - > 0.
 * @param s2 - > 0.
 * @throws TokensphereError `usage` for numbers out of range.
 */
export function anisotropicNoise(s1: number, s2: number): AnisotropicNoise {
  checkRange("s1", s1, Number.MIN_VALUE);
  checkRange("s2", s2, Number.MIN_VALUE);
  // Along the second axis a quarter of a turn exchanges the two.
  const axes = [axisLaw(s1, s2), axisLaw(s2, s1)] as const;
  return {
    critical: [axes[0].critical, axes[1].critical],
    orders: (tau) => {
      checkRange("tau", tau, Number.MIN_VALUE);
      return [axes[0].order(tau), axes[1].order(tau)];
    },
  };
}

/** The law of the angle to an axis along which noise has s, and across it `across`. */
function axisLaw(s: number, across: number) {
  const cosines = Float64Array.from({ length: ANGLES }, (_, g) => Math.cos((2 * Math.PI * g) / ANGLES));
  const free = cosines.map((c) => 1 / Math.sqrt(s * (1 - c * c) + across * c * c));
  const pull = cosines.map((c) => pullOf(s, across, c));
  const mean = (weights: Float64Array, values: Float64Array) => {
    let [sum, mass] = [0, 0];
    for (let g = 0; g < ANGLES; g++) {
      sum += weights[g] * values[g];
      mass += weights[g];
    }
    return sum / mass;
  };
  const critical = mean(
    free,
    cosines.map((c, g) => c * pull[g]),
  );
  const largest = pull[0];
  const orderOf = (r: number, tau: number) =>
    mean(
      free.map((weight, g) => weight * Math.exp((r / tau) * (pull[g] - largest))),
      cosines,
    );
  const order = (tau: number) => {
    if (tau >= critical) return 0;
    let [low, high] = [0, 1];
    for (let step = 0; step < 60; step++) {
      const middle = (low + high) / 2;
      if (orderOf(middle, tau) > middle) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  };
  return { critical, order };
}

/** Φ as a function of c = cos θ: ∫_0^c dc/(s + (across − s)c²). */
function pullOf(s: number, across: number, c: number): number {
  const ratio = (across - s) / s;
  if (Math.abs(ratio) < 1e-9) return c / s;
  const root = Math.sqrt(Math.abs(ratio));
  return (ratio > 0 ? Math.atan(root * c) : Math.atanh(root * c)) / (root * s);
}

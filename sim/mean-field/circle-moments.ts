/** A probability measure on the circle by its moments ∫ e^{ikθ} dμ, k = 1 … K at index k − 1; those beyond count as 0. */
export interface CircleMoments {
  readonly re: readonly number[];
  readonly im: readonly number[];
}

/** Moments of tokens at angles θ_j, all of the same mass. */
export function momentsOfAngles(angles: ArrayLike<number>, modes: number): CircleMoments {
  const mean = (f: (x: number) => number, k: number) => {
    let sum = 0;
    for (let j = 0; j < angles.length; j++) sum += f(k * angles[j]);
    return sum / angles.length;
  };
  const ks = Array.from({ length: modes }, (_, j) => j + 1);
  return { re: ks.map((k) => mean(Math.cos, k)), im: ks.map((k) => mean(Math.sin, k)) };
}

/** Moments of a normal law wrapped around the circle: e^{ikm − k²σ²/2}. */
export function momentsOfWrappedNormal(mean: number, sigma: number, modes: number): CircleMoments {
  const ks = Array.from({ length: modes }, (_, j) => j + 1);
  const size = (k: number) => Math.exp((-k * k * sigma * sigma) / 2);
  return { re: ks.map((k) => size(k) * Math.cos(k * mean)), im: ks.map((k) => size(k) * Math.sin(k * mean)) };
}

/** The density at an angle, per radian: (1 + 2Σ (re_k cos kθ + im_k sin kθ))/2π. */
export function circleDensity({ re, im }: CircleMoments, theta: number): number {
  const sum = re.reduce((all, c, j) => all + c * Math.cos((j + 1) * theta) + im[j] * Math.sin((j + 1) * theta), 0);
  return (1 + 2 * sum) / (2 * Math.PI);
}

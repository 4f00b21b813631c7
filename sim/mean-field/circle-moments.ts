import { besselRatios } from "../engines/harmonic/bessel-ratios.ts";

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

/** Moments of the von Mises law ∝ e^{s cos(θ−m)}: e^{ikm} I_k(s)/I_0(s), s ≥ 0 its concentration. */
export function momentsOfVonMises(mean: number, concentration: number, modes: number): CircleMoments {
  const ratios = concentration > 0 ? besselRatios(0, concentration, modes) : new Float64Array(modes);
  let size = 1;
  const sizes = Array.from(ratios, (ratio) => {
    size *= ratio;
    return size;
  });
  return {
    re: sizes.map((s, j) => s * Math.cos((j + 1) * mean)),
    im: sizes.map((s, j) => s * Math.sin((j + 1) * mean)),
  };
}

/** Moments of (1 + ε cos kθ)/2π, |ε| ≤ 1: the moment of order k is ε/2. */
export function momentsOfPerturbation(epsilon: number, k: number, modes: number): CircleMoments {
  const re = Array.from({ length: modes }, (_, j) => (j + 1 === k ? epsilon / 2 : 0));
  return { re, im: re.map(() => 0) };
}

/** Moments of laws mixed in equal parts. */
export function momentsOfMixture(parts: readonly CircleMoments[], modes: number): CircleMoments {
  const mean = (part: "re" | "im") =>
    Array.from({ length: modes }, (_, j) => parts.reduce((sum, one) => sum + (one[part][j] ?? 0), 0) / parts.length);
  return { re: mean("re"), im: mean("im") };
}

/** The density at an angle, per radian: (1 + 2Σ (re_k cos kθ + im_k sin kθ))/2π. */
export function circleDensity({ re, im }: CircleMoments, theta: number): number {
  const sum = re.reduce((all, c, j) => all + c * Math.cos((j + 1) * theta) + im[j] * Math.sin((j + 1) * theta), 0);
  return (1 + 2 * sum) / (2 * Math.PI);
}

/** The density at evenly spaced angles 2πg/count, g = 0 … count − 1, per radian. */
export function densityOnGrid(moments: CircleMoments, count: number): Float64Array {
  const { re, im } = moments;
  const cosines = Float64Array.from({ length: count }, (_, g) => Math.cos((2 * Math.PI * g) / count));
  const sines = Float64Array.from({ length: count }, (_, g) => Math.sin((2 * Math.PI * g) / count));
  return Float64Array.from({ length: count }, (_, g) => {
    let sum = 1;
    for (let k = 1; k <= re.length; k++) {
      const at = (k * g) % count;
      sum += 2 * (re[k - 1] * cosines[at] + im[k - 1] * sines[at]);
    }
    return sum / (2 * Math.PI);
  });
}

/** Mass of the density from 0 to θ, 0 ≤ θ ≤ 2π. */
export function massUpTo({ re, im }: CircleMoments, theta: number): number {
  const [c, s] = [Math.cos(theta), Math.sin(theta)];
  let [pc, ps, sum] = [1, 0, theta / 2];
  for (let k = 1; k <= re.length; k++) {
    [pc, ps] = [pc * c - ps * s, pc * s + ps * c];
    sum += (re[k - 1] * ps + im[k - 1] * (1 - pc)) / k;
  }
  return sum / Math.PI;
}

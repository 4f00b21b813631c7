import { checkRange } from "../clouds/check-number.ts";
import { besselRatios } from "../engines/harmonic/bessel-ratios.ts";

/** Points of the grid in a bandwidth: two extrema nearer than that are seen as none, in one of some thousands. */
const FINE = 16;
/** Bandwidths beyond which a kernel, below 2e-14 there, is not summed. */
const REACH = 8;
/** β up to which the grid of a line stays small. */
const MOST_BETA = 1e8;

/**
 * Local maxima of Σ_j e^{β cos(θ − θ_j)}, the kernel density that SA climbs on the circle (R §5.3).
 *
 * @param angles - In radians.
 * @throws TokensphereError `usage` where β is below 0 or above 10⁸.
 */
export function circleModes(angles: ArrayLike<number>, beta: number): number {
  checkRange("beta", beta, 0, MOST_BETA);
  const count = Math.max(64, Math.ceil(2 * Math.PI * FINE * Math.sqrt(beta)));
  const step = (2 * Math.PI) / count;
  const reach = Math.min(count >> 1, FINE * REACH);
  const slopes = new Float64Array(count);
  for (let j = 0; j < angles.length; j++) {
    const nearest = Math.round(angles[j] / step);
    for (let cell = nearest - reach; cell < nearest - reach + Math.min(count, 2 * reach + 1); cell++) {
      const phi = cell * step - angles[j];
      slopes[((cell % count) + count) % count] -= Math.sin(phi) * Math.exp(beta * (Math.cos(phi) - 1));
    }
  }
  return tops(slopes, lastSign(slopes));
}

/**
 * Local maxima of Σ_j e^{−β(x − x_j)²/2} on the line.
 *
 * @throws TokensphereError `usage` where β is not above 0, or above 10⁸.
 */
export function lineModes(points: Float64Array, beta: number): number {
  checkRange("beta", beta, Number.MIN_VALUE, MOST_BETA);
  const step = 1 / (FINE * Math.sqrt(beta));
  // All maxima lie between the first point and the last.
  const least = points.reduce((a, b) => Math.min(a, b)) - step;
  const most = points.reduce((a, b) => Math.max(a, b)) + step;
  const slopes = new Float64Array(Math.ceil((most - least) / step) + 1);
  for (const point of points) {
    const nearest = Math.round((point - least) / step);
    const end = Math.min(slopes.length - 1, nearest + FINE * REACH);
    for (let cell = Math.max(0, nearest - FINE * REACH); cell <= end; cell++) {
      const x = least + cell * step - point;
      slopes[cell] -= x * Math.exp((-beta * x * x) / 2);
    }
  }
  return tops(slopes, 1);
}

/** Changes from rising to falling, `sign` being that before the first; where nothing is summed the slope is 0 and no change. */
function tops(slopes: Float64Array, sign: number): number {
  let [before, count] = [sign, 0];
  for (const slope of slopes) {
    if (slope < 0 && before > 0) count++;
    if (slope !== 0) before = slope;
  }
  return count;
}

function lastSign(slopes: Float64Array): number {
  return Math.sign(slopes.findLast((slope) => slope !== 0) ?? 0);
}

/**
 * What `circleModes` of n uniform angles is on average as n → ∞: √((3β/2) I_0(2β)/I_1(2β) − ½), which grows as √(3β/2). The density less its mean
 * is then a stationary Gaussian field with weights I_k(β)² of cos kθ, of whose maxima Rice's formula expects √(Σ k⁴I_k²/Σ k²I_k²);
 * the sums are derivatives of I_0(2β cos(θ/2)) (Graf).
 */
export function expectedCircleModes(beta: number): number {
  checkRange("beta", beta, 0, MOST_BETA);
  if (beta === 0) return 1;
  return Math.sqrt((1.5 * beta) / besselRatios(0, 2 * beta, 1)[0] - 0.5);
}

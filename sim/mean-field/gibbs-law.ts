import { kernelHarmonics } from "../engines/harmonic/circle-harmonics.ts";

/**
 * How an even density makes its own potential. Where it rests, attention and diffusion balance at every angle:
 * μ ∝ exp(κΦ[μ]), Φ = Z[μ]/β for USA and (log Z[μ])/β for SA (R §7), up to constants.
 */
export interface CircleModel {
  readonly dynamics: "sa" | "usa";
  readonly beta: number;
  /** Peaks of the density, p: it repeats p times round the circle, and its moments are 0 but those of order p, 2p … */
  readonly peaks: number;
  /** 2I_{jp}/β for USA, 2I_{jp}/I_0 for SA (1/β of it at β = 0), j = 1 … K at index j − 1; USA's times e^{−β}. */
  readonly weights: Float64Array;
  /** What was taken out of `weights`: κ times e^{this} goes with them. */
  readonly logScale: number;
}

/** Midpoints of cells on half a turn, and how many. Even densities on them: sums are exact up to degree 2·CELLS. */
export const CELLS = 384;

const ROWS: Float64Array[] = [];

/** cos jθ_g on the cells, θ_g = π(g + ½)/CELLS; made once for each j. Not to be changed. */
export function cosineRow(j: number): Float64Array {
  ROWS[j] ??= Float64Array.from({ length: CELLS }, (_, g) => Math.cos((j * Math.PI * (g + 0.5)) / CELLS));
  return ROWS[j];
}

/** Largest degree in use: beyond, sums over cells are no longer exact. */
const MOST_DEGREE = CELLS / 2;

/** @param peaks - ≥ 1. */
export function circleModel(dynamics: "sa" | "usa", beta: number, peaks = 1): CircleModel {
  const harmonics = kernelHarmonics(beta);
  const base = dynamics === "sa" ? harmonics[0] : beta;
  const limit = peaks === 1 ? [1] : [];
  const found =
    beta === 0
      ? limit
      : Array.from(
          harmonics.filter((_, k) => k > 0 && k % peaks === 0),
          (value) => value / base,
        );
  const weights = Float64Array.from(found.slice(0, MOST_DEGREE));
  return { dynamics, beta, peaks, weights, logScale: dynamics === "usa" ? beta : 0 };
}

/** The potential on the cells; moment j moves it by `weight_j cos jθ` times `factor`. */
export interface Potential {
  readonly value: Float64Array;
  readonly factor: Float64Array;
}

/**
 * Φ less a constant, on cells of pθ.
 *
 * @param moments - Of order p, 2p … Kp. Not those of a density: values may be NaN.
 */
export function potentialOf({ dynamics, beta, weights }: CircleModel, moments: Float64Array): Potential {
  const z = new Float64Array(CELLS);
  for (let j = 1; j <= weights.length; j++) {
    const [row, size] = [cosineRow(j), weights[j - 1] * moments[j - 1]];
    for (let g = 0; g < CELLS; g++) z[g] += size * row[g];
  }
  if (dynamics === "usa" || beta === 0) return { value: z, factor: new Float64Array(CELLS).fill(1) };
  return { value: z.map((value) => Math.log1p(value) / beta), factor: z.map((value) => 1 / (beta * (1 + value))) };
}

/** The probabilities of the cells under exp(κΦ), κ scaled by e^{logScale}. */
export function gibbsLaw(potential: Float64Array, kappa: number): Float64Array {
  const most = potential.reduce((a, b) => Math.max(a, b));
  const law = potential.map((value) => Math.exp(kappa * (value - most)));
  const total = law.reduce((a, b) => a + b);
  return law.map((value) => value / total);
}

/** ∫ cos jθ of a law on the cells. */
export function cosineMoment(law: Float64Array, j: number): number {
  const row = cosineRow(j);
  let sum = 0;
  for (let g = 0; g < CELLS; g++) sum += law[g] * row[g];
  return sum;
}

import { leadingEigenvalue } from "../../probes/numerics/leading-eigenvalue.ts";
import { kernelHarmonics } from "../engines/harmonic/circle-harmonics.ts";
import { CELLS, cosineRow } from "./gibbs-law.ts";

/** Perturbations that are followed beyond the moments of the density that count. */
const EXTRA_MODES = 12;
const MOST_MODES = 128;
const COUNTS = 1e-10;

/**
 * Growth rate of the fastest perturbation of an even density at rest, from the linearized Fokker–Planck equation in Fourier
 * modes; turning the whole density, which changes nothing, is left out. Negative: stable.
 *
 * @param moments - ∫ cos kθ dμ, k = 1 … at index k − 1; those beyond count as 0.
 * @param kappa - Inverse temperature of the noise.
 */
export function circleGrowth(
  dynamics: "sa" | "usa",
  beta: number,
  kappa: number,
  moments: ArrayLike<number>,
): number | null {
  // Time runs e^β times faster for USA, and so does diffusion in that time.
  const logScale = dynamics === "usa" ? beta : 0;
  const rest = restOf(dynamics, beta, moments);
  const diffusion = Math.exp(-Math.log(kappa) - logScale);
  const rates = (["even", "odd"] as const).map((parity) => {
    const matrix = linearized(rest, diffusion, parity);
    if (parity === "odd") holdTurning(matrix, moments, rest.modes);
    return leadingEigenvalue(matrix, rest.modes);
  });
  const known = rates.filter((rate) => rate !== null);
  return known.length < 2 ? null : Math.max(...known) * Math.exp(logScale);
}

/** Fourier coefficients of what a density at rest does to perturbations, and how moments move the velocity. */
interface Rest {
  readonly modes: number;
  /** (1/2π)∫ f cos kθ of f = 2πμ/Z and (1/2π)∫ f sin kθ of f = v and of 2πμv/Z, k = 0 … 2·modes; Z is 1 for USA. */
  readonly weight: Float64Array;
  readonly velocity: Float64Array;
  readonly flux: Float64Array;
  /** Of a unit moment k: −k·slope_k sin kθ is its Z'/β, and z_k cos kθ its Z. */
  readonly slopes: Float64Array;
  readonly z: Float64Array;
}

function restOf(dynamics: "sa" | "usa", beta: number, moments: ArrayLike<number>): Rest {
  const counting = Array.from(moments).findLastIndex((value) => Math.abs(value) > COUNTS) + 1;
  const kernel = kernelHarmonics(beta);
  const modes = Math.min(MOST_MODES, Math.max(16, counting, kernel.length) + EXTRA_MODES);
  const base = dynamics === "sa" ? kernel[0] : 1;
  const weight = (k: number) => (kernel[k] ?? 0) / base;
  const slopes = Float64Array.from({ length: modes }, (_, j) => (beta > 0 ? weight(j + 1) / beta : j === 0 ? 1 : 0));
  const z = slopes.map((_, j) => (dynamics === "sa" ? weight(j + 1) : 0));
  const sum = (f: (k: number) => number, row: (k: number) => Float64Array) => {
    const out = new Float64Array(CELLS);
    for (let k = 1; k <= Math.max(counting, 1); k++) {
      const [size, values] = [f(k), row(k)];
      if (size !== 0) for (let g = 0; g < CELLS; g++) out[g] += size * values[g];
    }
    return out;
  };
  const moment = (k: number) => moments[k - 1] ?? 0;
  const inverse = sum((k) => (z[k - 1] ?? 0) * moment(k), cosineRow).map((value) => 1 / (1 + value));
  const weighted = sum((k) => 2 * moment(k), cosineRow).map((value, g) => (1 + value) * inverse[g]);
  const velocity = sum((k) => -k * (slopes[k - 1] ?? 0) * moment(k), sineRow).map((value, g) => value * inverse[g]);
  return {
    modes,
    weight: coefficients(weighted, cosineRow, 2 * modes),
    velocity: coefficients(velocity, sineRow, 2 * modes),
    flux: coefficients(
      velocity.map((value, g) => value * weighted[g]),
      sineRow,
      2 * modes,
    ),
    slopes,
    z,
  };
}

/** Means over the circle of f times each row, for even f and cosines or odd f and sines. */
function coefficients(f: Float64Array, row: (k: number) => Float64Array, most: number): Float64Array {
  return Float64Array.from({ length: most + 1 }, (_, k) => {
    const values = row(k);
    let sum = 0;
    for (let g = 0; g < CELLS; g++) sum += f[g] * values[g];
    return sum / CELLS;
  });
}

const SINES: Float64Array[] = [];

/** sin kθ on the cells. */
function sineRow(k: number): Float64Array {
  SINES[k] ??= Float64Array.from({ length: CELLS }, (_, g) => Math.sin((k * Math.PI * (g + 0.5)) / CELLS));
  return SINES[k];
}

/**
 * d/dt of the cosine (even) or sine (odd) moments by those moments, `[modes, modes]`: with δμ = cos jθ/π and its
 * δv = (−j s_j sin jθ − v z_j cos jθ)/Z, A_kj = −k ∫ sin kθ (v δμ + μ δv) dθ − k²δ_kj/κ; for sines k ∫ cos kθ (…), and
 * δv = (j s_j cos jθ − v z_j sin jθ)/Z.
 */
function linearized({ modes, weight, velocity, flux, slopes, z }: Rest, diffusion: number, parity: "even" | "odd") {
  const matrix = new Float64Array(modes * modes);
  const sign = parity === "even" ? 1 : -1;
  for (let k = 1; k <= modes; k++) {
    for (let j = 1; j <= modes; j++) {
      const [apart, sum, direction] = [Math.abs(k - j), k + j, Math.sign(k - j)];
      // sin kθ cos jθ and −cos kθ sin jθ against an odd f; sin kθ sin jθ and cos kθ cos jθ against an even one.
      const odd = (f: Float64Array) => (direction * f[apart] + sign * f[sum]) / 2;
      const even = (weight[apart] - sign * weight[sum]) / 2;
      const drift = -2 * odd(velocity) + z[j - 1] * odd(flux) + j * slopes[j - 1] * even;
      matrix[(k - 1) * modes + j - 1] = k * drift - (k === j ? k * k * diffusion : 0);
    }
  }
  return matrix;
}

/** Takes the eigenvalue 0 of turning, whose moments are k m_k, far down: A − c yyᵀ/‖y‖² leaves the others (Wielandt). */
function holdTurning(matrix: Float64Array, moments: ArrayLike<number>, modes: number): void {
  const y = Float64Array.from({ length: modes }, (_, j) => (j + 1) * (moments[j] ?? 0));
  const square = y.reduce((sum, value) => sum + value * value, 0);
  if (square < 1e-12) return;
  const down = matrix.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (let k = 0; k < modes; k++) {
    for (let j = 0; j < modes; j++) matrix[k * modes + j] -= (down * y[k] * y[j]) / square;
  }
}

import { checkRange } from "../../clouds/check-number.ts";
import { besselRatios } from "./bessel-ratios.ts";
import { logKernelMass } from "./log-kernel-mass.ts";

/** Harmonics below this weight are left out: with n tokens the sum misses less than n times it. */
const SMALLEST = 1e-19;
/** β above which there would be ten thousand harmonics and more. */
const MOST_BETA = 1e6;

/**
 * e^{−|β|}I_0, 2e^{−|β|}I_1, 2e^{−|β|}I_2 … at β down to the smallest that counts; I_k(−β) = (−1)^k I_k(β).
 *
 * @throws TokensphereError `usage` where |β| is above 10⁶.
 */
export function kernelHarmonics(beta: number): Float64Array {
  const all = positiveHarmonics(Math.abs(beta));
  return beta < 0 ? all.map((value, k) => (k % 2 ? -value : value)) : all;
}

function positiveHarmonics(beta: number): Float64Array {
  checkRange("beta on engine harmonic", beta, 0, MOST_BETA);
  const first = Math.exp(logKernelMass(2, beta) - beta);
  const ratios =
    beta > 0 ? besselRatios(0, beta, 20 + Math.ceil(10 * Math.sqrt(beta) + 0.1 * beta)) : new Float64Array(1);
  const all = [first];
  let value = 2 * first;
  for (const ratio of ratios) {
    value *= ratio;
    if (value < SMALLEST) break;
    all.push(value);
  }
  return Float64Array.from(all);
}

/**
 * Weights of the harmonics k = 0, 1 … in Z and in Z'/β, at least two of each: c_k and k c_k/β.
 *
 * @param kernel - `kernelHarmonics(beta)`.
 * @returns `[harmonics, 2]`.
 */
export function circleTable(kernel: Float64Array, beta: number): Float64Array {
  const table = new Float64Array(2 * Math.max(2, kernel.length));
  for (let k = 0; k < table.length / 2; k++) {
    const value = k < kernel.length ? kernel[k] : 0;
    table[2 * k] = value;
    // k c_k/β → 1 for k = 1 and 0 else as β → 0.
    table[2 * k + 1] = beta === 0 ? Number(k === 1) : (k * value) / beta;
  }
  return table;
}

/** Z and Z'/β for a cloud: unit rows `[n, 2]`, masses `[n]` that sum to 1, and where they go, `[n, 2]`. */
export type CircleSums = (x: Float64Array, masses: Float64Array, out: Float64Array) => void;

/**
 * The readable reference of `circleSumsInSimd`: with M_k = Σ_j m_j e^{ikθ_j}, Z(θ) = Re Σ_k c_k M_k e^{−ikθ} and
 * Z'(θ)/β = Im Σ_k (k c_k/β) M_k e^{−ikθ}.
 */
export function circleSums(table: Float64Array): CircleSums {
  const count = table.length / 2;
  return (x, masses, out) => {
    const re = new Float64Array(count);
    const im = new Float64Array(count);
    for (let i = 0; i < masses.length; i++) {
      powers(x, i, count, (k, p, q) => {
        re[k] += masses[i] * p;
        im[k] += masses[i] * q;
      });
    }
    out.fill(0);
    for (let i = 0; i < masses.length; i++) {
      powers(x, i, count, (k, p, q) => {
        out[2 * i] += table[2 * k] * (p * re[k] + q * im[k]);
        out[2 * i + 1] += table[2 * k + 1] * (p * im[k] - q * re[k]);
      });
    }
  };
}

/** (x + iy)^k = p + iq for k = 0 … count − 1. */
function powers(x: Float64Array, i: number, count: number, visit: (k: number, p: number, q: number) => void): void {
  const [c, s] = [x[2 * i], x[2 * i + 1]];
  let [p, q] = [1, 0];
  for (let k = 0; k < count; k++) {
    visit(k, p, q);
    [p, q] = [p * c - q * s, p * s + q * c];
  }
}

import { workspaces } from "../wasm/workspace.ts";
import { type ExponentialKernel, exponentialKernel, STEP } from "./exponential-kernel.ts";

/** Numbers that are handed to the kernel at once: they stay near the processor. */
const PASS = 512 * STEP;
const workspace = workspaces<ExponentialKernel>(exponentialKernel);

/**
 * Energy E_β = (1/(2βn²)) Σ_ij e^{β G_ij} over all i, j, the diagonal included (R §2; its gradient flow is USA).
 * `pairs` are the inner products i < j of n unit vectors, so that G_ii = 1.
 */
export interface Energy {
  readonly beta: number;
  /** ln E_β; `null` for β ≤ 0, where E_β is not defined or not positive. */
  readonly logEnergy: number | null;
  /** E_β; `null` where it overflows and for β = 0. */
  readonly energy: number | null;
  /** (1/n²) Σ_ij e^{β(G_ij − 1)}, in (0, 1] for β ≥ 0: the sum of squared cluster masses as β → ∞. `null` where it overflows. */
  readonly scaled: number | null;
}

/**
 * The energy of a cloud in its three forms. β is any finite number.
 *
 * @param masses - Of the tokens, sum 1: m_i m_j stands in the place of 1/n². Left out: all equal.
 */
export function energyOf(pairs: Float64Array, n: number, beta: number, masses?: ArrayLike<number>): Energy {
  return energyOfLogMean(beta, masses ? logWeightedMeanExp(pairs, beta, masses) : logMeanExp(pairs, n, beta));
}

/** The same from ln (1/n²) Σ_ij e^{β(G_ij − 1)}, however that was summed. */
export function energyOfLogMean(beta: number, logMean: number): Energy {
  const energy = beta === 0 ? null : finite(Math.exp(logMean + beta) / (2 * beta));
  const logEnergy = beta > 0 ? logMean + beta - Math.log(2 * beta) : null;
  return { beta, logEnergy, energy, scaled: finite(Math.exp(logMean)) };
}

/** ln (1/n²) Σ_ij e^{β(G_ij − 1)}, shifted by the largest exponent so that nothing overflows. */
function logMeanExp(pairs: Float64Array, n: number, beta: number): number {
  let largest = 0;
  if (beta < 0) for (let p = 0; p < pairs.length; p++) largest = Math.max(largest, beta * (pairs[p] - 1));
  const sum = sumOfExponentials(pairs, beta, -beta - largest);
  return largest + Math.log(2 * sum + n * Math.exp(-largest)) - 2 * Math.log(n);
}

/** Σ e^(factor · x + shift), in WebAssembly but for what is left of a step. */
function sumOfExponentials(x: Float64Array, factor: number, shift: number): number {
  const most = x.length - (x.length % STEP);
  let sum = 0;
  for (let from = 0; from < most; from += PASS) {
    const count = Math.min(PASS, most - from);
    const { numbers, run } = workspace(8 * (PASS + 2));
    numbers.set(x.subarray(from, from + count));
    run(0, 8 * count, factor * Math.LOG2E, shift * Math.LOG2E, 8 * PASS);
    sum += numbers[PASS] + numbers[PASS + 1];
  }
  for (let p = most; p < x.length; p++) sum += Math.exp(factor * x[p] + shift);
  return sum;
}

/** ln Σ_ij m_i m_j e^{β(G_ij − 1)}, shifted as above. */
function logWeightedMeanExp(pairs: Float64Array, beta: number, masses: ArrayLike<number>): number {
  const n = masses.length;
  const largest = beta < 0 ? pairs.reduce((most, product) => Math.max(most, beta * (product - 1)), 0) : 0;
  let [p, sum] = [0, 0];
  for (let i = 0; i < n; i++) {
    sum += masses[i] * masses[i] * Math.exp(-largest);
    for (let j = i + 1; j < n; j++) sum += 2 * masses[i] * masses[j] * Math.exp(beta * (pairs[p++] - 1) - largest);
  }
  return largest + Math.log(sum);
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

import { besselRatios } from "../engines/harmonic/bessel-ratios.ts";
import { logKernelMass } from "../engines/harmonic/log-kernel-mass.ts";

/** How many independent harmonics of degree k there are on the unit sphere of R^d; 1 for k = 0, 2 for k > 0 at d = 2. */
export function harmonicCount(d: number, k: number): number {
  if (k === 0) return 1;
  let count = d;
  for (let j = 2; j <= k; j++) count *= ((2 * j + d - 2) / (2 * j + d - 4)) * ((j + d - 3) / j);
  return count;
}

/**
 * P_k on points, from the rows before it, which are made where they are missing.
 *
 * @param rows - Written into: rows[0] … rows[k − 1].
 */
export function gegenbauerRow(d: number, k: number, t: Float64Array, rows: Float64Array[]): Float64Array {
  if (d === 2) return t.map((_, g) => Math.cos((k * Math.PI * (g + 0.5)) / t.length));
  for (let j = 0; j <= k; j++) {
    if (rows[j]) continue;
    if (j < 2) rows[j] = j === 0 ? new Float64Array(t.length).fill(1) : t;
    else {
      const [a, b] = [(2 * j + d - 4) / (j + d - 3), (j - 1) / (j + d - 3)];
      const [one, two] = [rows[j - 1], rows[j - 2]];
      rows[j] = t.map((x, g) => a * x * one[g] - b * two[g]);
    }
  }
  return rows[k];
}

/** Terms of the kernel below this, of its value 1 at the pole, are left out. */
const SMALLEST = 1e-19;

/**
 * The kernel by its harmonics: e^{β⟨x,y⟩ − |β|} = Σ_k c_k P_k(⟨x,y⟩), c_k = e^{−|β|} N_k Λ_k(β), k = 0 … K, at least two;
 * Λ_k(−β) = (−1)^k Λ_k(β).
 *
 * @param d - ≥ 2.
 * @param beta - |β| ≤ 10⁶.
 */
export function zonalKernel(d: number, beta: number): Float64Array {
  const size = Math.abs(beta);
  const first = Math.exp(logKernelMass(d, beta) - size);
  if (beta === 0) return Float64Array.of(1, 0);
  const ratios = besselRatios(d / 2 - 1, size, 40 + Math.ceil(10 * Math.sqrt(size) + 0.1 * size));
  const all = [first];
  let [lambda, count] = [first, 1];
  for (let k = 1; k <= ratios.length; k++) {
    lambda *= ratios[k - 1];
    count = k === 1 ? d : count * ((2 * k + d - 2) / (2 * k + d - 4)) * ((k + d - 3) / k);
    if (k > 1 && lambda * count < SMALLEST) break;
    all.push(lambda * count * (beta < 0 && k % 2 ? -1 : 1));
  }
  return Float64Array.from(all);
}

import { workspaces } from "../wasm/workspace.ts";
import { type ReductionKernel, reductionKernel } from "./reduction-kernel.ts";

const workspace = workspaces<ReductionKernel>(reductionKernel);

/**
 * Householder reduction of a symmetric n × n matrix to tridiagonal form with the same eigenvalues (Golub and Van Loan,
 * Matrix Computations, algorithm 8.3.1). `matrix` is row-major, its upper triangle is read. Writes `diagonal` (n) and
 * `off` (n, the last unused).
 *
 * Each step needs A ← A − vwᵀ − wvᵀ and then Au for the next reflector u. Both are done in one pass over the triangle:
 * row k is brought up to date first, for u depends on it alone.
 */
export function tridiagonalize(matrix: Float64Array, n: number, diagonal: Float64Array, off: Float64Array): void {
  const { numbers, run } = workspace(8 * (n * n + 4 * n + SUMS));
  const a = numbers.subarray(0, n * n);
  a.set(matrix);
  const [v, w, u, y] = [0, 1, 2, 3].map((i) => numbers.subarray(n * (n + i), n * (n + i + 1)).fill(0));
  const sums = numbers.subarray(n * (n + 4), n * (n + 4) + SUMS);
  const reduction: Reduction = { a, n, v, w, u, y, sums, run };
  for (let k = 0; k < n; k++) {
    for (let j = k; j < n; j++) a[k * n + j] -= v[k] * w[j] + w[k] * v[j];
    diagonal[k] = a[k * n + k];
    if (k === n - 1) return;
    const tau = reflector(a.subarray(k * n, (k + 1) * n), k + 1, u, off);
    updateAndMultiply(reduction, k + 1);
    let dot = 0;
    for (let j = k + 1; j < n; j++) dot += y[j] * u[j];
    const half = (tau * dot) / 2;
    for (let j = k + 1; j < n; j++) {
      w[j] = tau * (y[j] - half * u[j]);
      v[j] = u[j];
    }
  }
}

/** Numbers that the kernel hands back. */
const SUMS = 4;

/** What a reduction works on: the matrix and vectors v, w, u and y one behind the other in a memory. */
interface Reduction {
  readonly a: Float64Array;
  readonly n: number;
  readonly v: Float64Array;
  readonly w: Float64Array;
  readonly u: Float64Array;
  readonly y: Float64Array;
  readonly sums: Float64Array;
  readonly run: ReductionKernel;
}

/** The reflector I − τuuᵀ that takes row[from …] to (off, 0, …): writes u and off[from − 1], returns τ. */
function reflector(row: Float64Array, from: number, u: Float64Array, off: Float64Array): number {
  const first = row[from];
  let tail = 0;
  for (let j = from + 1; j < row.length; j++) tail += row[j] * row[j];
  u[from] = 1;
  if (tail === 0) {
    u.fill(0, from + 1);
    off[from - 1] = first;
    return 0;
  }
  const beta = first > 0 ? -Math.sqrt(first * first + tail) : Math.sqrt(first * first + tail);
  for (let j = from + 1; j < row.length; j++) u[j] = row[j] / (first - beta);
  off[from - 1] = beta;
  return (beta - first) / beta;
}

/**
 * A ← A − vwᵀ − wvᵀ and y ← Au on rows and columns from … n − 1 of the upper triangle. Two rows at a time, so that u, v, w
 * and y are fetched once for both.
 */
function updateAndMultiply(reduction: Reduction, from: number): void {
  const { a, n, v, w, u, y } = reduction;
  y.fill(0, from);
  let i = from;
  for (; i + 1 < n; i += 2) updateTwoRows(reduction, i);
  if (i < n) {
    const p = i * n + i;
    a[p] -= 2 * v[i] * w[i];
    y[i] += a[p] * u[i];
  }
}

function updateTwoRows({ a, n, v, w, u, y, sums, run }: Reduction, i: number): void {
  const p = i * n;
  const q = p + n;
  const v0 = v[i];
  const v1 = v[i + 1];
  const w0 = w[i];
  const w1 = w[i + 1];
  const u0 = u[i];
  const u1 = u[i + 1];
  const a00 = a[p + i] - 2 * v0 * w0;
  const a01 = a[p + i + 1] - (v0 * w1 + w0 * v1);
  const a11 = a[q + i + 1] - 2 * v1 * w1;
  a[p + i] = a00;
  a[p + i + 1] = a01;
  a[q + i + 1] = a11;
  let s0 = a00 * u0 + a01 * u1;
  let s1 = a01 * u0 + a11 * u1;
  const pairs = (n - i - 2) >> 1;
  if (pairs > 0) {
    const [row, next] = [8 * (p + i + 2), 8 * (q + i + 2)];
    const at = 8 * (n * n + i + 2);
    run(row, next, at, at + 8 * n, at + 16 * n, at + 24 * n, sums.byteOffset, 16 * pairs, v0, v1, w0, w1, u0, u1);
    s0 += sums[0] + sums[1];
    s1 += sums[2] + sums[3];
  }
  for (let j = i + 2 + 2 * pairs; j < n; j++) {
    const vj = v[j];
    const wj = w[j];
    const uj = u[j];
    const b0 = a[p + j] - (v0 * wj + w0 * vj);
    const b1 = a[q + j] - (v1 * wj + w1 * vj);
    a[p + j] = b0;
    a[q + j] = b1;
    s0 += b0 * uj;
    s1 += b1 * uj;
    y[j] += b0 * u0 + b1 * u1;
  }
  y[i] += s0;
  y[i + 1] += s1;
}

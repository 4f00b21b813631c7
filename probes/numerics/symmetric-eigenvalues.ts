import { tridiagonalize } from "./tridiagonalize.ts";
import { largest } from "./vectors.ts";

/** Steps for one eigenvalue before giving up; two are usual. */
const maxIterations = 60;

/**
 * Eigenvalues of a symmetric n × n matrix, largest first. `a` is row-major; its upper triangle is read, none is changed.
 * Householder reduction to tridiagonal form, then the square-root-free QL iteration of Pal, Walker and Kahan (Parlett,
 * The Symmetric Eigenvalue Problem, §8.15; LAPACK's dsterf). Errors are a few ε times the largest eigenvalue.
 */
export function symmetricEigenvalues(a: Float64Array, n: number): Float64Array {
  const scale = largest(a);
  if (!Number.isFinite(scale)) throw new Error("eigenvalues: the matrix holds a value that is not finite");
  if (scale === 0) return new Float64Array(n);
  const diagonal = new Float64Array(n);
  const off = new Float64Array(n);
  const unit = new Float64Array(n * n);
  for (let p = 0; p < unit.length; p++) unit[p] = a[p] / scale;
  tridiagonalize(unit, n, diagonal, off);
  tridiagonalEigenvalues(diagonal, off);
  return diagonal.sort((p, q) => q - p).map((v) => v * scale);
}

/**
 * Eigenvalues of the symmetric tridiagonal matrix with diagonal `d` (n) and off-diagonal `off` (n, the last unused),
 * in place of `d`, in no order. `off` is destroyed. Entries of order 1, so that squares neither overflow nor vanish.
 */
export function tridiagonalEigenvalues(d: Float64Array, off: Float64Array): void {
  const n = d.length;
  let norm = 0;
  for (let k = 0; k < n; k++) norm = Math.max(norm, Math.abs(d[k]), Math.abs(off[k]));
  const negligible = (Number.EPSILON * norm) ** 2;
  const e2 = off;
  for (let k = 0; k < n; k++) e2[k] = k + 1 < n ? off[k] * off[k] : 0;
  for (let l = 0; l < n; l++) {
    for (let iteration = 0; ; iteration++) {
      let m = l;
      while (m + 1 < n && e2[m] > negligible) m++;
      if (m === l) break;
      if (iteration === maxIterations) throw new Error(`eigenvalues: no convergence after ${maxIterations} steps`);
      qlSweep(d, e2, l, m);
    }
  }
}

/** One QL sweep over the block l … m with Wilkinson's shift; `e2` holds squared off-diagonals. */
function qlSweep(d: Float64Array, e2: Float64Array, l: number, m: number): void {
  const root = Math.sqrt(e2[l]);
  const half = (d[l + 1] - d[l]) / (2 * root);
  const shift = d[l] - root / (half + Math.sign(half || 1) * Math.hypot(half, 1));
  let c = 1;
  let s = 0;
  let gamma = d[m] - shift;
  let p = gamma * gamma;
  for (let i = m - 1; i >= l; i--) {
    const b = e2[i];
    const r = p + b;
    if (i < m - 1) e2[i + 1] = s * r;
    const oldC = c;
    c = p / r;
    s = b / r;
    const oldGamma = gamma;
    gamma = c * (d[i] - shift) - s * oldGamma;
    d[i + 1] = oldGamma + (d[i] - gamma);
    p = c === 0 ? oldC * b : (gamma * gamma) / c;
  }
  e2[l] = s * p;
  d[l] = shift + gamma;
}

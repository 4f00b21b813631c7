import type { Cloud } from "../cloud.ts";
import { factorize } from "../numerics/solve-linear.ts";
import { symmetricEigenvalues } from "../numerics/symmetric-eigenvalues.ts";
import { coordinateGram, squaredNorms, unpackGram } from "../products/gram-matrix.ts";
import { innerProducts } from "../products/inner-products.ts";

/** With an eigenvalue good to a few ε, one step of inverse iteration is nearly enough. */
const iterations = 2;

/** For a shift that hits an eigenvalue to the last bit: the solution is then huge along the vector sought. */
const tinyPivot = 1e-300;

/**
 * The first k right singular vectors of the cloud, each of length d and norm 1, strongest first; the cloud should be
 * centred. Eigenvectors of the smaller of XXᵀ and XᵀX by inverse iteration, each kept orthogonal to those before it.
 * Directions in which the cloud has no extent beyond rounding are left out. Needs k ≤ min(n, d).
 */
export function principalDirections(cloud: Cloud, k: number): readonly Float64Array[] {
  const { n, d } = cloud;
  const side = Math.min(n, d);
  const gram = n < d ? unpackGram(innerProducts(cloud, false), squaredNorms(cloud)) : coordinateGram(cloud);
  const eigenvalues = symmetricEigenvalues(gram, side);
  const found: Float64Array[] = [];
  const negligible = Math.max(n, d) * Number.EPSILON * eigenvalues[0];
  for (const value of eigenvalues.subarray(0, k)) {
    if (value > negligible) found.push(eigenvector(gram, side, value, eigenvalues[0], found));
  }
  if (n >= d) return found;
  return orthonormalize(found.map((u) => unit(combineTokens(cloud, u))));
}

function eigenvector(
  gram: Float64Array,
  side: number,
  eigenvalue: number,
  largest: number,
  before: readonly Float64Array[],
): Float64Array {
  // A shift a little off the eigenvalue keeps the system regular; the error lies along the vector sought.
  const shifted = gram.slice();
  const shift = eigenvalue + 1e-14 * largest;
  for (let i = 0; i < side; i++) shifted[i * side + i] -= shift;
  const solve = factorize(shifted, side, tinyPivot);
  if (!solve) throw new Error("the gram matrix of a cloud is not finite");
  let v = startVector(side, before.length);
  for (let step = 0; step < iterations; step++) v = unit(rejectAll(solve(v), before));
  return unit(rejectAll(v, before));
}

/** Fixed, without symmetry, and different for each vector, so that none is orthogonal to what is sought. */
function startVector(side: number, m: number): Float64Array {
  return Float64Array.from({ length: side }, (_, i) => 1 + Math.sin((i + 1) * (m + 1) * Math.SQRT2));
}

function combineTokens({ n, d, x }: Cloud, u: Float64Array): Float64Array {
  const out = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) out[k] += u[i] * x[i * d + k];
  return out;
}

function orthonormalize(vectors: readonly Float64Array[]): readonly Float64Array[] {
  const out: Float64Array[] = [];
  for (const v of vectors) out.push(unit(rejectAll(v, out)));
  return out;
}

function rejectAll(v: Float64Array, basis: readonly Float64Array[]): Float64Array {
  for (const b of basis) {
    const s = v.reduce((sum, value, i) => sum + value * b[i], 0);
    for (let i = 0; i < v.length; i++) v[i] -= s * b[i];
  }
  return v;
}

function unit(v: Float64Array): Float64Array {
  const largest = v.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const scaled = v.map((value) => value / largest);
  const norm = Math.sqrt(scaled.reduce((s, value) => s + value * value, 0));
  return scaled.map((value) => value / norm);
}

import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { pivotedCholesky } from "../numerics/pivoted-cholesky.ts";
import { symmetricEigenvalues } from "../numerics/symmetric-eigenvalues.ts";

/**
 * What the value and output weights of one head do to a token, M = W_V W_O (d × d, of rank `width`), where the theory
 * has the identity. A token x hands on x M.
 */
export interface ValueOutputSpectrum {
  /** Width of the head: the rank of M, at most. */
  readonly width: number;
  /** Frobenius norm of M. */
  readonly norm: number;
  /** The `width` eigenvalues of M that need not be 0, as `[real, imaginary]`, largest modulus first. */
  readonly eigenvalues: readonly (readonly [number, number])[];
  /** The min(d, 2 · width) eigenvalues of (M + Mᵀ)/2 that need not be 0, largest first. */
  readonly symmetric: readonly number[];
  /**
   * Σ λ / Σ |λ| over the eigenvalues of M, from −1 to 1: 1 where what is handed on points the way of the token, −1 where
   * it points the other way (the copying score of Elhage et al. 2021). `null` where M = 0.
   */
  readonly copying: number | null;
  /**
   * Share of the positive eigenvalues of (M + Mᵀ)/2 in the sum of moduli, 0 to 1. Their number says nothing: of a head
   * that is no wider than d/2 half of them are positive whatever it does. `null` where there are none.
   */
  readonly attractive: number | null;
  /**
   * tr M / (√width · ‖M‖), from −1 to 1: 1 where M is a positive multiple of the identity on the head's own subspace,
   * −1 of its negative, 0 where what is handed on has nothing to do with the token. `null` where M = 0.
   */
  readonly identity: number | null;
}

/**
 * The spectrum of one head.
 *
 * @param values W_V, `[d, width]`, row-major.
 * @param output W_O, `[width, d]`, row-major.
 */
export function valueOutputSpectrum(
  values: Float32Array | Float64Array,
  output: Float32Array | Float64Array,
  d: number,
  width: number,
): ValueOutputSpectrum {
  const gram = gramOfFactors(values, output, d, width);
  const product = Array.from({ length: width }, (_, p) => Array.from(row(gram, width + p, 2 * width).slice(0, width)));
  const eigenvalues = eigenvaluesOf(product);
  const symmetric = Array.from(symmetricPart(values, output, gram, d, width));
  const trace = product.reduce((sum, own, p) => sum + own[p], 0);
  const norm = Math.sqrt(Math.max(squaredNorm(gram, width), 0));
  const moduli = eigenvalues.reduce((sum, [re, im]) => sum + Math.hypot(re, im), 0);
  const absolute = symmetric.reduce((sum, value) => sum + Math.abs(value), 0);
  const positive = symmetric.reduce((sum, value) => sum + Math.max(value, 0), 0);
  return {
    width,
    norm,
    eigenvalues,
    symmetric,
    copying: moduli > 0 ? trace / moduli : null,
    attractive: absolute > 0 ? positive / absolute : null,
    identity: norm > 0 ? trace / (Math.sqrt(width) * norm) : null,
  };
}

/**
 * UᵀU of U = [W_V, W_Oᵀ], (2·width)², row-major: its lower left block is W_O W_V, whose eigenvalues are those of W_V W_O
 * but for zeros.
 */
function gramOfFactors(
  values: Float32Array | Float64Array,
  output: Float32Array | Float64Array,
  d: number,
  width: number,
): Float64Array {
  const size = 2 * width;
  const gram = new Float64Array(size * size);
  const u = new Float64Array(size);
  for (let i = 0; i < d; i++) {
    for (let p = 0; p < width; p++) {
      u[p] = values[i * width + p];
      u[width + p] = output[p * d + i];
    }
    for (let p = 0; p < size; p++) for (let q = 0; q <= p; q++) gram[p * size + q] += u[p] * u[q];
  }
  for (let p = 0; p < size; p++) for (let q = 0; q < p; q++) gram[q * size + p] = gram[p * size + q];
  return gram;
}

function row(a: Float64Array, i: number, n: number): Float64Array {
  return a.subarray(i * n, (i + 1) * n);
}

/** ‖W_V W_O‖² = tr(W_VᵀW_V · W_O W_Oᵀ). */
function squaredNorm(gram: Float64Array, width: number): number {
  const size = 2 * width;
  let sum = 0;
  for (let p = 0; p < width; p++) {
    for (let q = 0; q < width; q++) sum += gram[p * size + q] * gram[(width + q) * size + width + p];
  }
  return sum;
}

function eigenvaluesOf(product: readonly number[][]): (readonly [number, number])[] {
  if (!product.every((own) => own.every(Number.isFinite))) throw new Error("eigenvalues: a weight is not finite");
  const { realEigenvalues, imaginaryEigenvalues } = new EigenvalueDecomposition(new Matrix([...product]), {
    assumeSymmetric: false,
  });
  const all = realEigenvalues.map((re, k) => [re, imaginaryEigenvalues[k]] as const);
  return all.sort((a, b) => Math.hypot(...b) - Math.hypot(...a) || b[0] - a[0] || b[1] - a[1]);
}

/**
 * Eigenvalues of (M + Mᵀ)/2 = ½ U J Uᵀ, J swapping the halves: of a narrow head those of ½ T J Tᵀ with TᵀT = UᵀU, which
 * is 2·width across in place of d.
 */
function symmetricPart(
  values: Float32Array | Float64Array,
  output: Float32Array | Float64Array,
  gram: Float64Array,
  d: number,
  width: number,
): Float64Array {
  const size = 2 * width;
  if (size >= d) return symmetricEigenvalues(symmetrized(values, output, d, width), d);
  const { t, rank } = pivotedCholesky(gram, size);
  const found = symmetricEigenvalues(swapped(t, rank, width), rank);
  const zeros = new Float64Array(size - rank);
  return Float64Array.from([...found, ...zeros]).sort((a, b) => b - a);
}

/** (M + Mᵀ)/2, d × d. */
function symmetrized(
  values: Float32Array | Float64Array,
  output: Float32Array | Float64Array,
  d: number,
  width: number,
): Float64Array {
  const sum = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let p = 0; p < width; p++) {
      const half = values[i * width + p] / 2;
      for (let j = 0; j < d; j++) {
        const term = half * output[p * d + j];
        sum[i * d + j] += term;
        sum[j * d + i] += term;
      }
    }
  }
  return sum;
}

/** ½ T J Tᵀ = ½ (T₁T₂ᵀ + T₂T₁ᵀ) for the halves of T's columns, rank × rank. */
function swapped(t: Float64Array, rank: number, width: number): Float64Array {
  const size = 2 * width;
  const out = new Float64Array(rank * rank);
  for (let p = 0; p < rank; p++) {
    for (let q = 0; q <= p; q++) {
      let sum = 0;
      for (let k = 0; k < width; k++) {
        sum += t[p * size + k] * t[q * size + width + k] + t[p * size + width + k] * t[q * size + k];
      }
      out[p * rank + q] = sum / 2;
      out[q * rank + p] = sum / 2;
    }
  }
  return out;
}

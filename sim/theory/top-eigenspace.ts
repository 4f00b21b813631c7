import { EigenvalueDecomposition, Matrix, SingularValueDecomposition } from "ml-matrix";

type Rows = readonly (readonly number[])[];

/** Eigenvalues and singular values this near, relative to the largest eigenvalue, are equal. */
const EQUAL = 1e-8;

/** The space to which alignment brings tokens. */
export interface TopEigenspace {
  /** The largest real part of an eigenvalue. */
  readonly value: number;
  /** Orthonormal vectors that span it. */
  readonly basis: readonly Float64Array[];
}

/**
 * E_max of V KᵀQ: the generalized eigenspace of the eigenvalues with the largest real part, on which tokens of SA collapse in times of order 1 at
 * large β (BPA25b, Proposition 3.4: scores β⟨Qx, Ky⟩ have KᵀQ in ẋ = P^⊥ V KᵀQx/‖KᵀQx‖).
 *
 * @param Q - Rows of d × d numbers, as `K` and `V`.
 */
export function topEigenspace(Q: Rows, K: Rows, V: Rows): TopEigenspace {
  const [q, k, v] = [Q, K, V].map((rows) => new Matrix(rows.map((row) => [...row])));
  const product = v.mmul(k.transpose()).mmul(q);
  const { realEigenvalues, imaginaryEigenvalues } = new EigenvalueDecomposition(product);
  const values = realEigenvalues.map((re, i) => ({ re, im: imaginaryEigenvalues[i] }));
  const value = Math.max(...realEigenvalues);
  const scale = Math.max(...values.map(({ re, im }) => Math.hypot(re, im))) || 1;
  const top = values.filter(({ re }) => re >= value - EQUAL * scale);
  // Conjugate pairs count once, and so do equal ones: a higher power of the product has the vectors that those miss.
  const turns = top
    .map(({ im }) => im)
    .filter((im, i, all) => im >= 0 && all.findIndex((other) => Math.abs(other - im) < EQUAL * scale) === i);
  const kernelOf = (im: number): Matrix => {
    const shifted = Matrix.sub(product, Matrix.eye(product.rows).mul(value)).div(scale);
    return im === 0 ? shifted : shifted.mmul(shifted).add(Matrix.eye(product.rows).mul((im / scale) ** 2));
  };
  const once = turns.reduce((all, im) => all.mmul(kernelOf(im)), Matrix.eye(product.rows));
  let power = once;
  for (let p = 1; ; p++) {
    const svd = new SingularValueDecomposition(power, { autoTranspose: true });
    const from = product.rows - top.length;
    if (svd.diagonal[from] < EQUAL || p === top.length)
      return { value, basis: top.map((_, j) => Float64Array.from(svd.rightSingularVectors.getColumn(from + j))) };
    power = power.mmul(once);
  }
}

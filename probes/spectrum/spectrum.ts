import type { Cloud } from "../cloud.ts";
import { symmetricEigenvalues } from "../numerics/symmetric-eigenvalues.ts";
import { coordinateGram, squaredNorms, unpackGram } from "../products/gram-matrix.ts";
import { innerProducts } from "../products/inner-products.ts";

/**
 * The min(n, d) eigenvalues λ of the Gram matrix of the cloud, largest first, from the smaller of XXᵀ and XᵀX, which
 * share them. Not centred: the cloud is taken as the policy left it. Values below max(n, d)·ε·λ_1 are rounding and are
 * set to 0. What is known already is used: `pairs`, the products i < j, and `coordinates`, XᵀX.
 */
export function spectrum(cloud: Cloud, pairs?: Float64Array, coordinates?: Float64Array): Float64Array {
  const { n, d } = cloud;
  const side = Math.min(n, d);
  const gram = n <= d ? tokenGram(cloud, pairs) : (coordinates ?? coordinateGram(cloud));
  const eigenvalues = symmetricEigenvalues(gram, side);
  const floor = Math.max(n, d) * Number.EPSILON * eigenvalues[0];
  return eigenvalues.map((v) => (v > floor ? v : 0));
}

function tokenGram(cloud: Cloud, pairs = innerProducts(cloud, false)): Float64Array {
  return unpackGram(pairs, squaredNorms(cloud));
}

/**
 * exp of the entropy of the singular values √λ over their sum (Roy and Vetterli 2007, definition 1): between 1 and
 * min(n, d). `null` where all eigenvalues are 0.
 */
export function effectiveRank(eigenvalues: Float64Array): number | null {
  return entropyRank(eigenvalues.map(Math.sqrt));
}

/** exp of the entropy of the eigenvalues λ over their sum, as for a density matrix: never above `effectiveRank`. */
export function effectiveRankOfEigenvalues(eigenvalues: Float64Array): number | null {
  return entropyRank(eigenvalues);
}

function entropyRank(values: Float64Array): number | null {
  const total = values.reduce((a, b) => a + b, 0);
  if (!(total > 0)) return null;
  return Math.exp(values.reduce((h, v) => (v > 0 ? h - (v / total) * Math.log(v / total) : h), 0));
}

/** (Σλ)²/Σλ², between 1 and min(n, d). `null` where all eigenvalues are 0. */
export function participationRatio(eigenvalues: Float64Array): number | null {
  const sum = eigenvalues.reduce((a, b) => a + b, 0);
  const squares = eigenvalues.reduce((a, b) => a + b * b, 0);
  return squares > 0 ? (sum * sum) / squares : null;
}

/** IsoScore* = (PR − 1)/(d − 1) by its identity with the participation ratio; `null` for d = 1. */
export function isoscore(participation: number | null, d: number): number | null {
  return participation === null || d < 2 ? null : (participation - 1) / (d - 1);
}

/** λ₁/Σλ, the share of the strongest direction, between 1/min(n, d) and 1. `null` where all eigenvalues are 0. */
export function topShare(eigenvalues: Float64Array): number | null {
  const total = eigenvalues.reduce((a, b) => a + b, 0);
  return total > 0 ? eigenvalues[0] / total : null;
}

import type { Term, TermWeights } from "./term.ts";

/** Error in a row sum at which scaling is done, and rounds after which it is left as it is. */
const DONE = 1e-15;
const MOST_ROUNDS = 10_000;

/**
 * Attention whose matrix is doubly stochastic, A = diag(u) e^{β(G − 1)} diag(u) with A1 = 1 (Sander, Ablin, Blondel & Peyré 2022).
 * The values that are summed are θ_j − θ_i, which a projection does not tell from θ_j.
 */
export function sinkhornAttention(): Term {
  return {
    kernel: (n, d) => {
      const weigh = sinkhornWeights(n, d);
      const matrix = new Float64Array(n * n);
      return (theta, beta, _logScale, out) => {
        weigh(theta, beta, matrix);
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++) {
            const weight = matrix[i * n + j];
            for (let k = 0; k < d; k++) out[i * d + k] += weight * (theta[j * d + k] - theta[i * d + k]);
          }
        }
      };
    },
    weights: sinkhornWeights,
  };
}

/**
 * Symmetric scaling u ← √(u/Ku) (Knight, Ruiz & Uçar 2014): one vector serves rows and columns, and where K is positive definite,
 * as for β > 0, an error falls to its half or less in every round.
 */
function sinkhornWeights(n: number, d: number): TermWeights {
  const u = new Float64Array(n);
  return (theta, beta, out) => {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let dot = 0;
        for (let k = 0; k < d; k++) dot += theta[i * d + k] * theta[j * d + k];
        out[i * n + j] = Math.exp(beta * dot - Math.abs(beta));
      }
    }
    u.fill(1);
    for (let round = 0; round < MOST_ROUNDS; round++) if (scaleOnce(out, u, n) < DONE) break;
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) out[i * n + j] *= u[i] * u[j];
  };
}

/** One round; returns the largest error of a row sum before it. */
function scaleOnce(kernel: Float64Array, u: Float64Array, n: number): number {
  let worst = 0;
  const sums = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) sums[i] += kernel[i * n + j] * u[j];
  for (let i = 0; i < n; i++) {
    worst = Math.max(worst, Math.abs(u[i] * sums[i] - 1));
    u[i] = Math.sqrt(u[i] / sums[i]);
  }
  return worst;
}

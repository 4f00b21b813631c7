import type { Term, TermKernel } from "./term.ts";

/**
 * USA of tokens whose masses move too: on the cone x_i = r_i θ_i with masses w_i = r_i²/Σ r² it is
 * θ̇_i = P^⊥ Σ_j w_j e^{βG_ij} θ_j and ẇ_i = λ w_i (g_i − Σ_j w_j g_j), g_i = (1/β) Σ_j w_j e^{βG_ij} (CPR25): the
 * Wasserstein–Fisher–Rao gradient flow of the energy.
 *
 * @param lambda - λ ≥ 0.
 */
export function reweightedAttention(lambda: number): Term {
  return { kernel: (n, d) => reweightedKernel(lambda, n, d) };
}

function reweightedKernel(lambda: number, n: number, d: number): TermKernel {
  const [masses, pull, along] = [new Float64Array(n), new Float64Array(n), new Float64Array(d)];
  return (theta, beta, logScale, out, lengths) => {
    const total = lengths.reduce((sum, r) => sum + r * r, 0);
    for (let i = 0; i < n; i++) masses[i] = lengths[i] ** 2 / total;
    for (let i = 0; i < n; i++) {
      along.fill(0);
      pull[i] = 0;
      for (let j = 0; j < n; j++) {
        let dot = 0;
        for (let k = 0; k < d; k++) dot += theta[i * d + k] * theta[j * d + k];
        const weight = masses[j] * Math.exp(beta * dot - logScale);
        pull[i] += masses[j] * strength(beta, dot, logScale);
        for (let k = 0; k < d; k++) along[k] += weight * (theta[j * d + k] - dot * theta[i * d + k]);
      }
      for (let k = 0; k < d; k++) out[i * d + k] += lengths[i] * along[k];
    }
    const mean = pull.reduce((sum, g, i) => sum + masses[i] * g, 0);
    // w = r²: r grows at half the rate of w.
    for (let i = 0; i < n; i++) {
      const rate = (lambda / 2) * lengths[i] * (pull[i] - mean);
      for (let k = 0; k < d; k++) out[i * d + k] += rate * theta[i * d + k];
    }
  };
}

/** (e^{βG} − 1)/β times e^{−logScale}, G at β = 0: what is left out is the same for all. */
function strength(beta: number, dot: number, logScale: number): number {
  if (beta === 0) return dot * Math.exp(-logScale);
  const small = Math.abs(beta) < 1;
  const difference = small
    ? Math.expm1(beta * dot) * Math.exp(-logScale)
    : Math.exp(beta * dot - logScale) - Math.exp(-logScale);
  return difference / beta;
}

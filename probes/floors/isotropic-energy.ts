/** Terms of the series relative to its sum; below this they change nothing. */
const negligible = 1e-18;

/**
 * ln E e^{βt}, t the inner product of two independent uniform unit vectors: ₀F₁(; d/2; β²/4) = Γ(d/2)(2/β)^ν I_ν(β),
 * by its series of positive terms, summed from the largest term outward in logarithms so that no β overflows.
 */
export function logIsotropicExp(beta: number, d: number): number {
  const z = (beta * beta) / 4;
  let log = 0;
  let scale = 0;
  let sum = 1;
  for (let m = 1; ; m++) {
    log += Math.log(z) - Math.log(m) - Math.log(d / 2 + m - 1);
    if (log > scale) {
      sum = sum * Math.exp(scale - log) + 1;
      scale = log;
    } else {
      const term = Math.exp(log - scale);
      sum += term;
      if (term < negligible * sum) return scale + Math.log(sum);
    }
  }
}

/** ln of the mean of (1/n²) Σ_ij e^{β(G_ij − 1)} over n independent uniform points. */
export function logIsotropicScaledEnergy(n: number, d: number, beta: number): number {
  const offDiagonal = (n - 1) * Math.exp(logIsotropicExp(beta, d) - beta);
  return Math.log((1 + offDiagonal) / n);
}

/**
 * Rates at which 1 − min_ij ⟨x_i, x_j⟩ falls along SA or USA at β ≥ 0 where all tokens lie within a right angle of each other, the case of R's
 * theorem 3 (GLPR25) in which its λ is explicit. For the farthest pair, at cosine c ≥ 0, every term of d⟨x_i, x_j⟩/dt is ≥ 0:
 * ⟨x_k, x_j⟩ − ⟨x_k, x_i⟩c ≥ c(1 − ⟨x_k, x_i⟩), and weights are ≥ e^{βc}/(n e^β), of USA ≥ e^{βc}/n. So 1 − c falls at least as fast as e^{−λt} with
 *
 *     λ = (2/n)((n − 1)c + 1) e^{−β(1−c)},  USA (2/n)((n − 1)c + 1) e^{βc};
 *
 * c only grows. As c → 1 both tend to what an equiangular cloud has: 2, and 2e^β.
 */
export interface ContractionRate {
  /** ln λ at c; `null` below c = 0. */
  readonly logBound: number | null;
  /** ln of the limit. */
  readonly logLimit: number;
}

/**
 * @param n - Tokens, ≥ 2.
 * @param cosine - c, the least inner product of two tokens.
 */
export function contractionRate(dynamics: "sa" | "usa", n: number, beta: number, cosine: number): ContractionRate {
  const speed = dynamics === "sa" ? -beta * (1 - cosine) : beta * cosine;
  return {
    logBound: cosine >= 0 && beta >= 0 ? Math.log((2 / n) * ((n - 1) * cosine + 1)) + speed : null,
    logLimit: Math.log(2) + (dynamics === "sa" ? 0 : beta),
  };
}

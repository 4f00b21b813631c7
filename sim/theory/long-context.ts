import { checkRange, checkWhole } from "../clouds/check-number.ts";

/** Cosine between two outputs of one attention layer on equiangular input. */
export interface LongContext {
  /** At this n, exactly. */
  readonly cosine: number;
  /** As n → ∞. */
  readonly limit: number;
}

/**
 * Long context (R §6.3, Theorem 7): n tokens with ⟨x_i, x_j⟩ = ρ, β_n = γ log n, c = n^{−γ(1−ρ)};
 * 1 − cos = (1−ρ)(1−c)²/D with D = 1 + 2c(n−1)ρ + c²((n−1) + (n−1)(n−2)ρ).
 *
 * @param n - ≥ 2.
 * @param rho - 0 ≤ ρ < 1.
 * @param gamma - ≥ 0.
 * @throws TokensphereError `usage` for numbers out of range.
 */
export function longContext(n: number, rho: number, gamma: number): LongContext {
  checkWhole("n", n, 2);
  checkRange("rho", rho, 0, 1 - Number.EPSILON / 2);
  checkRange("gamma", gamma, 0);
  const c = n ** (-gamma * (1 - rho));
  const length = 1 + 2 * c * (n - 1) * rho + c * c * (n - 1) * (1 + (n - 2) * rho);
  return { cosine: 1 - ((1 - rho) * (1 - c) ** 2) / length, limit: limitingCosine(rho, gamma) };
}

/** 1 below the critical γ, ρ above it; the threshold is 1/(1−ρ), and 1/2 at ρ = 0, where only the squares add up. */
function limitingCosine(rho: number, gamma: number): number {
  const critical = rho === 0 ? 0.5 : 1 / (1 - rho);
  if (gamma < critical) return 1;
  if (gamma > critical) return rho;
  return rho === 0 ? 0.5 : (4 * rho) / (1 + 3 * rho);
}

import type { HarmonicForm } from "../../dynamics/dynamics.ts";

/** What a field whose weights are e^{β(⟨x_i, x_j⟩ − 1)} is multiplied by. */
export function fieldFactor({ weighting, times }: HarmonicForm, beta: number, logScale: number): number {
  const factor = times?.(beta) ?? 1;
  return weighting === "softmax" ? factor : factor * Math.exp(beta - logScale);
}

import type { HarmonicForm } from "../../dynamics/dynamics.ts";

/** What a field whose weights are e^{β⟨x_i, x_j⟩ − |β|} is multiplied by. */
export function fieldFactor({ weighting, times }: HarmonicForm, beta: number, logScale: number): number {
  const factor = times?.(beta) ?? 1;
  return weighting === "softmax" ? factor : factor * Math.exp(Math.abs(beta) - logScale);
}

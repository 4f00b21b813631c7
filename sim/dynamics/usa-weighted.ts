import { attention } from "../terms/attention.ts";
import type { Dynamics } from "./dynamics.ts";
import { masses } from "./masses.ts";

/** Unnormalised self-attention of weighted tokens, Σw = 1 (R, equation (6)). */
export const usaWeighted: Dynamics = {
  name: "usa_weighted",
  equation: "ẋ_i = P^⊥ Σ_j w_j e^{β⟨x_i, x_j⟩} x_j",
  geometry: "sphere",
  reads: ["weights"],
  terms: ({ weights }) => [attention({ weighting: "exponential", masses: masses(weights), tangentOnly: true })],
  onCircle: ({ weights }) => ({ weighting: "exponential", masses: masses(weights) }),
  logScale: (beta) => beta,
  rotates: true,
  permutes: true,
  contracts: true,
};

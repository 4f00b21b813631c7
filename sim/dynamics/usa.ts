import { attention } from "../terms/attention.ts";
import type { Dynamics } from "./dynamics.ts";

/** Unnormalised self-attention dynamics (R, equation (USA); GLPR25). Rates are of order e^β, so e^β is taken out of time. */
export const usa: Dynamics = {
  name: "usa",
  equation: "ẋ_i = P^⊥ (1/n) Σ_j e^{β⟨x_i, x_j⟩} x_j",
  geometry: "sphere",
  reads: [],
  terms: () => [attention({ weighting: "exponential", tangentOnly: true })],
  onCircle: () => ({ weighting: "exponential" }),
  logScale: (beta) => beta,
  rotates: true,
  permutes: true,
  contracts: true,
};

import { attention } from "../terms/attention.ts";
import type { Dynamics } from "./dynamics.ts";

/** Self-attention dynamics (R, equation (SA); GLPR25). */
export const sa: Dynamics = {
  name: "sa",
  equation: "ẋ_i = P^⊥ Σ_j A_ij x_j, A = row-softmax(β⟨x_i, x_j⟩)",
  geometry: "sphere",
  reads: [],
  terms: () => [attention({ weighting: "softmax", tangentOnly: true })],
  onCircle: () => ({ weighting: "softmax" }),
  logScale: () => 0,
  rotates: true,
  permutes: true,
  contracts: true,
};

import { attention } from "../terms/attention.ts";
import type { Dynamics } from "./dynamics.ts";

/** Causal self-attention: token i sees j ≤ i (KPR24). The first token never moves. */
export const saCausal: Dynamics = {
  name: "sa_causal",
  equation: "ẋ_i = P^⊥ Σ_{j≤i} A_ij x_j, A = row-softmax(β⟨x_i, x_j⟩) over j ≤ i",
  geometry: "sphere",
  reads: [],
  terms: () => [attention({ weighting: "softmax", causal: true, tangentOnly: true })],
  logScale: () => 0,
  rotates: true,
  permutes: false,
  contracts: true,
};

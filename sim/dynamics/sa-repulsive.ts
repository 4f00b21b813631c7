import { attention } from "../terms/attention.ts";
import { scaled } from "../terms/scaled.ts";
import type { Dynamics } from "./dynamics.ts";

/** Self-attention with V = −I, which drives tokens apart: forward heat as β grows (BPA25b). It is SA backwards in time. */
export const saRepulsive: Dynamics = {
  name: "sa_repulsive",
  equation: "ẋ_i = −P^⊥ Σ_j A_ij x_j, A = row-softmax(β⟨x_i, x_j⟩)",
  geometry: "sphere",
  reads: [],
  terms: () => [scaled(attention({ weighting: "softmax", tangentOnly: true }), -1)],
  onCircle: () => ({ weighting: "softmax", times: () => -1 }),
  logScale: () => 0,
  rotates: true,
  permutes: true,
  contracts: false,
};

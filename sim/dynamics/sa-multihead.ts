import { attention } from "../terms/attention.ts";
import type { Dynamics } from "./dynamics.ts";
import { flatMatrix } from "./matrices.ts";

/** Self-attention with several heads, each with its own matrices; their fields add up (BPA25b for one head). */
export const saMultihead: Dynamics = {
  name: "sa_multihead",
  equation: "ẋ_i = P^⊥ Σ_h Σ_j A^h_ij V_h x_j, A^h = row-softmax(β⟨Q_h x_i, K_h x_j⟩)",
  geometry: "sphere",
  reads: ["heads"],
  terms: ({ heads = [] }) =>
    heads.map(({ Q, K, V }) =>
      attention({ weighting: "softmax", Q: flatMatrix(Q), K: flatMatrix(K), V: flatMatrix(V) }),
    ),
  logScale: () => 0,
  rotates: false,
  permutes: true,
  contracts: false,
};

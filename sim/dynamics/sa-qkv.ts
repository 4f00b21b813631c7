import { attention } from "../terms/attention.ts";
import type { Dynamics } from "./dynamics.ts";
import { flatMatrix } from "./matrices.ts";

/** Self-attention with general matrices (BPA25b). */
export const saQkv: Dynamics = {
  name: "sa_qkv",
  equation: "ẋ_i = P^⊥ Σ_j A_ij Vx_j, A = row-softmax(β⟨Qx_i, Kx_j⟩)",
  geometry: "sphere",
  reads: ["Q", "K", "V"],
  terms: ({ Q, K, V }) => [attention({ weighting: "softmax", Q: flatMatrix(Q), K: flatMatrix(K), V: flatMatrix(V) })],
  logScale: () => 0,
  rotates: false,
  permutes: true,
  contracts: false,
};

import { attention } from "../terms/attention.ts";
import type { Dynamics } from "./dynamics.ts";
import { flatMatrix, scoreBound } from "./matrices.ts";

/** Unnormalised self-attention with general matrices (BPA25b). A bound on the largest score is taken out of time. */
export const usaQkv: Dynamics = {
  name: "usa_qkv",
  equation: "ẋ_i = P^⊥ (1/n) Σ_j e^{β⟨Qx_i, Kx_j⟩} Vx_j",
  geometry: "sphere",
  reads: ["Q", "K", "V"],
  terms: ({ Q, K, V }) => [
    attention({ weighting: "exponential", Q: flatMatrix(Q), K: flatMatrix(K), V: flatMatrix(V) }),
  ],
  logScale: (beta, { Q, K }) => beta * scoreBound(Q, K),
  rotates: false,
  permutes: true,
  contracts: false,
};

import { attention } from "../terms/attention.ts";
import type { Dynamics } from "./dynamics.ts";

/** Pre-LN: s_j = r_j, ṙ_j = ⟨θ_j, A_j⟩ (R §6.2; KGPR25), that is ẋ = A(θ) for the free token x = rθ. */
export const saPreln: Dynamics = {
  name: "sa_preln",
  equation: "ẋ_i = Σ_j A_ij θ_j, A = row-softmax(β⟨θ_i, θ_j⟩), x = rθ",
  geometry: "free",
  reads: [],
  terms: () => [attention({ weighting: "softmax" })],
  logScale: () => 0,
  rotates: true,
  permutes: true,
  contracts: false,
};

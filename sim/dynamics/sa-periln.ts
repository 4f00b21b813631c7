import { attention } from "../terms/attention.ts";
import type { Dynamics } from "./dynamics.ts";

/** Peri-LN: s_j = r_j‖A_j‖, ṙ_j = ⟨θ_j, A_j⟩/‖A_j‖ (R §6.2; KGPR25), that is ẋ = A(θ)/‖A(θ)‖ for the free token x = rθ. */
export const saPeriln: Dynamics = {
  name: "sa_periln",
  equation: "ẋ_i = a_i/‖a_i‖, a_i = Σ_j A_ij θ_j, A = row-softmax(β⟨θ_i, θ_j⟩), x = rθ",
  geometry: "free",
  reads: [],
  terms: () => [attention({ weighting: "softmax", unitTimes: 1 })],
  logScale: () => 0,
  rotates: true,
  permutes: true,
  contracts: false,
};

import { attention } from "../terms/attention.ts";
import type { Dynamics } from "./dynamics.ts";

/** nGPT: s_j = ‖A_j‖/α (R §6.2; KGPR25), α constant. */
export const saNgpt: Dynamics = {
  name: "sa_ngpt",
  equation: "ẋ_i = α P^⊥ a_i/‖a_i‖, a_i = Σ_j A_ij x_j, A = row-softmax(β⟨x_i, x_j⟩)",
  geometry: "sphere",
  reads: ["alpha"],
  terms: ({ alpha }) => [attention({ weighting: "softmax", unitTimes: alpha })],
  logScale: () => 0,
  rotates: true,
  permutes: true,
  contracts: true,
};

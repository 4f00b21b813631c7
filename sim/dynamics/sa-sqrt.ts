import { attention } from "../terms/attention.ts";
import type { Dynamics } from "./dynamics.ts";

/** Sqrt-scaling: s_j = √(t+1), so that 1 − ρ falls as e^{−4√t} (R §6.2; KGPR25). */
export const saSqrt: Dynamics = {
  name: "sa_sqrt",
  equation: "ẋ_i = (t+1)^{−1/2} P^⊥ Σ_j A_ij x_j, A = row-softmax(β⟨x_i, x_j⟩)",
  geometry: "sphere",
  reads: [],
  terms: () => [attention({ weighting: "softmax", tangentOnly: true })],
  schedule: () => (t, _x, velocity) => {
    const speed = 1 / Math.sqrt(t + 1);
    for (let e = 0; e < velocity.length; e++) velocity[e] *= speed;
  },
  logScale: () => 0,
  rotates: true,
  permutes: true,
  contracts: true,
};

import { attention } from "../terms/attention.ts";
import type { Dynamics } from "./dynamics.ts";

/** Mix-LN: Post-LN up to t = τ, then Pre-LN (R §6.2; KGPR25). The free token x = rθ keeps r = 1 up to τ. */
export const saMixln: Dynamics = {
  name: "sa_mixln",
  equation: "ẋ_i = P^⊥ a_i for t ≤ τ, then a_i; a_i = Σ_j A_ij θ_j, A = row-softmax(β⟨θ_i, θ_j⟩), x = rθ",
  geometry: "free",
  reads: ["tau"],
  terms: () => [attention({ weighting: "softmax" })],
  schedule:
    ({ tau = 0 }) =>
    (t, x, velocity, n, d) => {
      // At τ itself either will do; with < , τ = 0 is Pre-LN to the last bit.
      if (t < tau) dropRadial(x, velocity, n, d);
    },
  logScale: () => 0,
  rotates: true,
  permutes: true,
  contracts: false,
};

/** v ← v − ⟨v, x⟩x/‖x‖², row by row. */
function dropRadial(x: Float64Array, velocity: Float64Array, n: number, d: number): void {
  for (let i = 0; i < n; i++) {
    let vx = 0;
    let xx = 0;
    for (let k = i * d; k < (i + 1) * d; k++) {
      vx += velocity[k] * x[k];
      xx += x[k] * x[k];
    }
    for (let k = i * d; k < (i + 1) * d; k++) velocity[k] -= (vx / xx) * x[k];
  }
}

import { attention } from "../terms/attention.ts";
import type { Dynamics } from "./dynamics.ts";
import { masses } from "./masses.ts";

/** Self-attention of weighted tokens: clusters of mass w_j (R, equation (6)). */
export const saWeighted: Dynamics = {
  name: "sa_weighted",
  equation: "ẋ_i = P^⊥ Σ_j A_ij x_j, A_ij ∝ w_j e^{β⟨x_i, x_j⟩}",
  geometry: "sphere",
  reads: ["weights"],
  terms: ({ weights }) => [attention({ weighting: "softmax", masses: masses(weights), tangentOnly: true })],
  onCircle: ({ weights }) => ({ weighting: "softmax", masses: masses(weights) }),
  logScale: () => 0,
  rotates: true,
  permutes: true,
  contracts: true,
};

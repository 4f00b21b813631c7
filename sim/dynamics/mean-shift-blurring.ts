import { attention } from "../terms/attention.ts";
import { scaled } from "../terms/scaled.ts";
import type { Dynamics } from "./dynamics.ts";

/** Blurring mean shift: the sample is the tokens themselves and moves with them, which is SA β times as fast (R §5.3). */
export const meanShiftBlurring: Dynamics = {
  name: "mean_shift_blurring",
  equation: "ẋ_i = β P^⊥ Σ_j A_ij x_j, A = row-softmax(β⟨x_i, x_j⟩)",
  geometry: "sphere",
  reads: [],
  terms: () => [scaled(attention({ weighting: "softmax", tangentOnly: true }), "beta")],
  onCircle: () => ({ weighting: "softmax", times: (beta) => beta }),
  logScale: () => 0,
  rotates: true,
  permutes: true,
  contracts: true,
};

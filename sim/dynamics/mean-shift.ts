import { frozenAttention } from "../terms/frozen-attention.ts";
import { scaled } from "../terms/scaled.ts";
import type { Dynamics } from "./dynamics.ts";
import { unitRows } from "./matrices.ts";
import { PARAMETERS } from "./parameters.ts";

/** Classical mean shift: tokens climb the log density of a sample that stays where it is, by a kernel e^{β⟨x, y⟩} (R §5.3). */
export const meanShift: Dynamics = {
  name: "mean_shift",
  equation: "ẋ_i = β P^⊥ Σ_j A_ij y_j = ∇ log Σ_j e^{β⟨x_i, y_j⟩}, A = row-softmax(β⟨x_i, y_j⟩), y = data",
  source: "R §5.3",
  geometry: "sphere",
  parameters: { data: PARAMETERS.data },
  terms: ({ data }) => [scaled(frozenAttention(unitRows(data)), "beta")],
  logScale: () => 0,
  rotates: false,
  permutes: true,
  contracts: false,
};

import { nearest, SAME_PRODUCT } from "../terms/nearest.ts";
import type { Dynamics } from "./dynamics.ts";

/**
 * Hardmax: every token moves towards its nearest other, the β → ∞ limit of attention with self excluded (R §5.2). Ties share
 * equally; tokens closer than 1.5e-6 are one point and look for the next together (see `nearest`). The field jumps where the
 * nearest changes.
 */
export const hardmax: Dynamics = {
  name: "hardmax",
  equation: "ẋ_i = P^⊥ mean of x_j over argmax_{x_j ≠ x_i} ⟨x_i, x_j⟩",
  source: "R §5.2",
  geometry: "sphere",
  parameters: {},
  terms: () => [nearest()],
  logScale: () => 0,
  readsBeta: false,
  rotates: true,
  permutes: true,
  contracts: true,
  samePoint: Math.sqrt(2 * SAME_PRODUCT),
};

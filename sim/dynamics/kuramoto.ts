import { attentionDynamics } from "./attention-dynamics.ts";
import type { Dynamics } from "./dynamics.ts";

/** The Kuramoto form of USA on the circle, in angles x = (cos θ, sin θ) (R, equation (4)); β = 0 is the classical model. */
export const kuramoto: Dynamics = {
  ...attentionDynamics("kuramoto", { weighting: "exponential", source: "R (4)" }),
  equation: "θ̇_i = −(1/n) Σ_j e^{β cos(θ_i − θ_j)} sin(θ_i − θ_j), x_i = (cos θ_i, sin θ_i)",
  width: 2,
};

import { reweightedAttention } from "../terms/reweighted-attention.ts";
import type { Dynamics } from "./dynamics.ts";
import { masses } from "./masses.ts";
import { PARAMETERS } from "./parameters.ts";

/** USA with Wasserstein–Fisher–Rao reweighting: tokens move and exchange mass (CPR25). ‖x_i‖² is n times the mass of token i. */
export const reweighted: Dynamics = {
  name: "usa_wfr",
  equation:
    "θ̇_i = P^⊥ Σ_j w_j e^{βG_ij} θ_j, ẇ_i = λ w_i (g_i − Σ_j w_j g_j), g_i = (1/β) Σ_j w_j e^{βG_ij}, x_i = √(n w_i) θ_i",
  source: "CPR25",
  geometry: "cone",
  parameters: { weights: PARAMETERS.weights, lambda: PARAMETERS.lambda },
  terms: ({ lambda = 1 }) => [reweightedAttention(lambda)],
  startLengths: ({ weights }, n) => Float64Array.from(masses(weights) ?? [], (mass) => Math.sqrt(n * mass)),
  logScale: (beta) => Math.abs(beta),
  rotates: true,
  permutes: true,
  contracts: false,
};

import { sinkhornAttention } from "../terms/sinkhorn-attention.ts";
import type { Dynamics } from "./dynamics.ts";

/** SA with attention that is scaled to be doubly stochastic (Sander, Ablin, Blondel & Peyré 2022). */
export const sinkhorn: Dynamics = {
  name: "sa_sinkhorn",
  equation: "ẋ_i = P^⊥ Σ_j A_ij x_j, A = diag(u) e^{β(G − 1)} diag(u), A1 = 1",
  source: "Sander et al. 2022",
  geometry: "sphere",
  parameters: {},
  terms: () => [sinkhornAttention()],
  logScale: () => 0,
  rotates: true,
  permutes: true,
  contracts: true,
};

import { defineDynamics } from "../../sim/dynamics/define-dynamics.ts";

/** SA from its equation alone. */
export const handMadeSa = defineDynamics({
  name: "hand_made_sa",
  rotates: true,
  permutes: true,
  contracts: true,
  field({ x, n, d, beta }, out) {
    for (let i = 0; i < n; i++) {
      const weights = Array.from({ length: n }, (_, j) => {
        let dot = 0;
        for (let k = 0; k < d; k++) dot += x[i * d + k] * x[j * d + k];
        return Math.exp(beta * (dot - 1));
      });
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      for (let j = 0; j < n; j++) for (let k = 0; k < d; k++) out[i * d + k] += (weights[j] / total) * x[j * d + k];
    }
  },
});

/** Bounded confidence (Hegselmann & Krause, JASSS 5 (2002) 3): every token moves to the mean of those within a radius. */
export const krause = defineDynamics({
  name: "krause",
  parameters: { radius: { default: 0.5, least: 0, most: 2, about: "distance up to which tokens see each other" } },
  equation: "ẋ_i = P^⊥ mean of x_j over ‖x_i − x_j‖ ≤ radius",
  rotates: true,
  permutes: true,
  field({ x, n, d, parameters: { radius } }, out) {
    for (let i = 0; i < n; i++) {
      let seen = 0;
      for (let j = 0; j < n; j++) {
        let squared = 0;
        for (let k = 0; k < d; k++) squared += (x[i * d + k] - x[j * d + k]) ** 2;
        if (squared > radius * radius) continue;
        seen++;
        for (let k = 0; k < d; k++) out[i * d + k] += x[j * d + k];
      }
      for (let k = 0; k < d; k++) out[i * d + k] /= seen;
    }
  },
});

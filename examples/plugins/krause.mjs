// Bounded confidence on the sphere: a token moves towards the mean of those it lies near to, and sees no others.
// tokensphere simulate --plugin examples/plugins/krause.mjs --dynamics my_krause --parameter radius=0.9 --beta 1 --n 64 --d 3 --times 0:2:20
import { defineDynamics } from "tokensphere/sim";

const krause = defineDynamics({
  name: "my_krause",
  equation: "ẋ_i = P^⊥ mean of x_j over ‖x_i − x_j‖ ≤ radius",
  source: "Hegselmann and Krause, JASSS 5(3), 2002; Krause 2000",
  // Promises that save work: a fit searches no β, in min(n, d) coordinates.
  readsBeta: false,
  rotates: true,
  permutes: true,
  parameters: { radius: { default: 0.5, least: 0, most: 2, about: "distance up to which tokens see each other" } },
  field({ x, n, d, parameters: { radius } }, out) {
    for (let i = 0; i < n; i++) {
      const near = [];
      for (let j = 0; j < n; j++) {
        let squared = 0;
        for (let k = 0; k < d; k++) squared += (x[i * d + k] - x[j * d + k]) ** 2;
        if (squared <= radius * radius) near.push(j);
      }
      for (const j of near) for (let k = 0; k < d; k++) out[i * d + k] += x[j * d + k] / near.length;
    }
  },
});

export default { dynamics: [krause] };

// Velocities of attention on the sphere, written from the formulas (R, KPR24, KGPR25) and not from the library.
import { applied, dot, project } from "./sphere.mjs";

/**
 * velocity(x, out) of ẋ_i = P_{x_i} Σ_j A_ij V y_j, where y are the tokens themselves unless `sources` are given.
 *
 * kernel: "softmax" (SA), "exponential" (USA: e^{β(⟨x_i,y_j⟩−1)}/n, so time is in units of e^−β), or a function (product, i, j) → weight;
 * `normalized`: weights of a token sum to 1. causal: j ≤ i only. unitLength: nGPT's scheme, the sum A_i is brought to length 1 before
 * it is projected. value, queryKey: matrices [d, d].
 */
export function attentionVelocity(law) {
  const {
    n,
    d,
    beta = 0,
    kernel = "softmax",
    normalized = kernel !== "exponential",
    causal = false,
    unitLength = false,
  } = law;
  const { value, queryKey, sources } = law;
  const weigh = typeof kernel === "function" ? kernel : (product) => Math.exp(beta * (product - 1));
  const row = new Float64Array(d);
  return (x, out) => {
    const y = sources ?? x;
    const asked = queryKey ? applied(queryKey, x, d) : x;
    const values = value ? applied(value, y, d) : y;
    const count = y.length / d;
    for (let i = 0; i < n; i++) {
      row.fill(0);
      let total = 0;
      for (let j = 0; j < (causal ? i + 1 : count); j++) {
        const w = weigh(dot(asked, i * d, y, j * d, d), i, j);
        total += w;
        if (w !== 0) for (let k = 0; k < d; k++) row[k] += w * values[j * d + k];
      }
      const share = 1 / (normalized ? total : count);
      const size = unitLength ? share * Math.sqrt(dot(row, 0, row, 0, d)) : 1;
      for (let k = 0; k < d; k++) out[i * d + k] = (share * row[k]) / size;
    }
    project(x, out, d);
  };
}

/** log of Σ_ij e^{β(⟨x_i,x_j⟩−1)}/n²: grows along SA and USA. */
export function logEnergy(x, d, beta) {
  const n = x.length / d;
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) sum += Math.exp(beta * (dot(x, i * d, x, j * d, d) - 1));
  return Math.log(sum / (n * n));
}

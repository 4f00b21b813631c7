import type { AttentionLaw } from "./attention-law.ts";

const SCORES = { one: "⟨Qx_i, Kx_j⟩", heads: "⟨Q_h x_i, K_h x_j⟩", layers: "⟨Q_h(t) x_i, K_h(t) x_j⟩" } as const;
const VALUES = { one: "Vx_j", heads: "V_h x_j", layers: "V_h(t) x_j" } as const;

/** The right-hand side of a row in one line. */
export function equationOf(row: AttentionLaw): string {
  const field = row.weighting === "softmax" ? softmaxField(row) : exponentialField(row);
  const factor = row.times === -1 ? "−" : row.times === "beta" ? "β " : "";
  const parts = {
    post: `ẋ_i = ${factor}P^⊥ ${field.sum}`,
    sqrt: `ẋ_i = ${factor}(t+1)^{−1/2} P^⊥ ${field.sum}`,
    pre: `ẋ_i = ${field.sum}`,
    mix: `ẋ_i = P^⊥ a_i for t ≤ τ, then a_i; a_i = ${field.sum}`,
    peri: `ẋ_i = a_i/‖a_i‖, a_i = ${field.sum}`,
    ngpt: `ẋ_i = α(t) P^⊥ a_i/‖a_i‖, a_i = ${field.sum}`,
  };
  const { scheme = "post" } = row;
  const free = scheme === "pre" || scheme === "mix" || scheme === "peri";
  const drift = row.mlp ? " + ε P^⊥ W2 tanh(W1 x_i + b1)" : "";
  const text = parts[scheme] + drift + field.weights;
  return free ? `${text.replaceAll("x_j", "θ_j").replaceAll("x_i,", "θ_i,")}, x = rθ` : text;
}

function softmaxField({ causal, weighted, matrices, within, opposed, ramp }: AttentionLaw): {
  sum: string;
  weights: string;
} {
  const scores = matrices ? SCORES[matrices] : "⟨x_i, x_j⟩";
  const beta = opposed ? "−β" : ramp ? "β(1+t)^growth" : "β";
  const values = matrices ? VALUES[matrices] : "x_j";
  const head = matrices === "heads" || matrices === "layers";
  const A = head ? "A^h" : "A";
  const over = causal ? " over j ≤ i" : within ? " over ∠(x_i, x_j) ≤ radius" : "";
  return {
    sum: `${head ? "Σ_h " : ""}${causal ? "Σ_{j≤i}" : "Σ_j"} ${A}_ij ${values}`,
    weights: weighted ? `, ${A}_ij ∝ w_j e^{${beta}${scores}}${over}` : `, ${A} = row-softmax(${beta}${scores})${over}`,
  };
}

function exponentialField({ causal, weighted, matrices, within, opposed }: AttentionLaw): {
  sum: string;
  weights: string;
} {
  const scores = matrices ? SCORES[matrices] : "⟨x_i, x_j⟩";
  const beta = opposed ? "−β" : "β";
  const values = matrices ? VALUES[matrices] : "x_j";
  const heads = matrices === "heads" || matrices === "layers" ? "Σ_h " : "";
  const sum = causal ? "Σ_{j≤i}" : within ? "Σ_{∠(x_i, x_j)≤radius}" : "Σ_j";
  return {
    sum: weighted
      ? `${heads}${sum} w_j e^{${beta}${scores}} ${values}`
      : `(1/n) ${heads}${sum} e^{${beta}${scores}} ${values}`,
    weights: "",
  };
}

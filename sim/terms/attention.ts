import type { AttentionForm } from "./attention-form.ts";
import { attentionGraph } from "./attention-graph.ts";
import { attentionKernel, attentionWeights } from "./attention-kernel.ts";
import type { Term } from "./term.ts";

/** The attention term A_i = Σ_j a_ij V θ_j, with a_ij ∝ m_j e^{β⟨Qθ_i, Kθ_j⟩} (R §2; BPA25b for Q, K, V). */
export function attention(form: AttentionForm): Term {
  return {
    kernel: (n, d) => attentionKernel(form, n, d),
    graph: (builder, inputs) => attentionGraph(form, builder, inputs),
    ...(form.weighting === "softmax" ? { weights: (n, d) => attentionWeights(form, n, d) } : {}),
  };
}

import type { AttentionLaw } from "./attention-law.ts";
import type { LayeredForm } from "./dynamics.ts";

const POST: LayeredForm = { norm: "post", flow: "sa_layers" };
const PRE: LayeredForm = { norm: "pre", flow: "sa_preln_layers" };

/**
 * Every dynamics that is attention among the tokens, by name:
 * weighting × mask × masses × matrices × where the normalization stands × a factor. What a row leaves out: nothing masked,
 * equal masses, Q = K = V = I, Post-LN, factor 1, no residual layers that tend to it.
 */
export const ATTENTION_LAWS = {
  mean_shift_blurring: { weighting: "softmax", times: "beta", source: "R §5.3" },
  sa: { weighting: "softmax", layered: POST, source: "R (SA); GLPR25" },
  sa_causal: { weighting: "softmax", causal: true, source: "KPR24" },
  sa_krause: { weighting: "softmax", within: true, source: "Hegselmann & Krause 2002" },
  sa_layers: { weighting: "softmax", matrices: "layers", layered: POST, source: "GLPR25; KGPR25" },
  sa_mixln: { weighting: "softmax", scheme: "mix", layered: { norm: "mix" }, source: "R §6.2; KGPR25" },
  sa_mlp: { weighting: "softmax", mlp: true, source: "BPA25b Remark 2.1; R §2" },
  sa_multihead: { weighting: "softmax", matrices: "heads", layered: POST, source: "GLPR25" },
  sa_ngpt: { weighting: "softmax", scheme: "ngpt", layered: { norm: "ngpt" }, source: "R §6.2; KGPR25" },
  sa_opposed: { weighting: "softmax", opposed: true, source: "R Remark 2" },
  sa_periln: { weighting: "softmax", scheme: "peri", layered: { norm: "peri" }, source: "R §6.2; KGPR25" },
  sa_preln: { weighting: "softmax", scheme: "pre", layered: PRE, source: "R §6.2; KGPR25" },
  sa_preln_layers: { weighting: "softmax", scheme: "pre", matrices: "layers", layered: PRE, source: "KGPR25" },
  sa_qkv: { weighting: "softmax", matrices: "one", layered: POST, source: "BPA25b" },
  sa_qkv_causal: { weighting: "softmax", matrices: "one", causal: true, source: "KPR24" },
  sa_ramp: { weighting: "softmax", ramp: true, source: "R (SA), β as in a network of layers" },
  sa_repulsive: { weighting: "softmax", times: -1, source: "BPA25b" },
  sa_sqrt: { weighting: "softmax", scheme: "sqrt", layered: { norm: "sqrt" }, source: "R §6.2; KGPR25" },
  sa_weighted: { weighting: "softmax", weighted: true, source: "R (6)" },
  sa_weighted_causal: { weighting: "softmax", weighted: true, causal: true, source: "R (6); KPR24" },
  sa_weighted_repulsive: { weighting: "softmax", weighted: true, times: -1, source: "R (6); BPA25b" },
  usa: { weighting: "exponential", source: "R (USA); GLPR25" },
  usa_causal: { weighting: "exponential", causal: true, source: "KPR24" },
  usa_krause: { weighting: "exponential", within: true, source: "Hegselmann & Krause 2002" },
  usa_layers: { weighting: "exponential", matrices: "layers", source: "GLPR25" },
  usa_multihead: { weighting: "exponential", matrices: "heads", source: "GLPR25" },
  usa_opposed: { weighting: "exponential", opposed: true, source: "R Remark 2" },
  usa_preln: { weighting: "exponential", scheme: "pre", source: "R §2, as displayed without projection" },
  usa_qkv: { weighting: "exponential", matrices: "one", source: "BPA25b" },
  usa_repulsive: { weighting: "exponential", times: -1, source: "BPA25b" },
  usa_weighted: { weighting: "exponential", weighted: true, source: "R (6)" },
  usa_weighted_causal: { weighting: "exponential", weighted: true, causal: true, source: "R (6); KPR24" },
  usa_weighted_repulsive: { weighting: "exponential", weighted: true, times: -1, source: "R (6); BPA25b" },
} as const satisfies Readonly<Record<string, AttentionLaw>>;

/** A name of the table. */
export type AttentionName = keyof typeof ATTENTION_LAWS;

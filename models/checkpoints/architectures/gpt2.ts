import { type Architecture, type LinearNames, linear } from "../layers/architecture.ts";
import { isCausal } from "../layers/causal.ts";
import { textEmbeddings } from "../layers/text-embeddings.ts";

/** GPT-2 (Radford et al. 2019): causal, pre-LN; its weights are kept in×out, queries, keys and values in one. */
export const gpt2: Architecture = {
  modelTypes: ["gpt2"],
  prefixes: ["", "transformer."],
  tied: { "wte.weight": ["lm_head.weight"] },
  keys: { layers: "n_layer", heads: "n_head" },
  built: { scale_attn_by_inverse_layer_idx: [false] },
  plan(config) {
    const layers = config.size("n_layer");
    const width = config.size("n_embd");
    const heads = config.size("n_head");
    const sd = config.number("initializer_range", 0.02);
    const inOut = (name: string, spread = sd): LinearNames => ({ ...linear(name, { sd: spread }), layout: "in×out" });
    const toStream = sd / Math.sqrt(2 * layers); // The stream's variance should not grow with depth.
    return {
      layers,
      width,
      heads,
      mlpWidth: config.size("n_inner", 4 * width),
      activation: config.text("activation_function", "gelu_new"),
      norm: { kind: "layer", eps: config.number("layer_norm_epsilon", 1e-5), bias: true },
      place: "pre",
      attention: { causal: isCausal(config), ...(config.flag("scale_attn_weights", true) ? {} : { scale: 1 }) },
      finalNorm: "ln_f",
      sd,
      embed: textEmbeddings({
        words: "wte.weight",
        vocabulary: config.size("vocab_size"),
        padding: null,
        positions: { table: "wpe.weight", rows: config.size("n_positions"), scheme: "given" },
      }),
      block(k) {
        const prefix = `h.${k}.`;
        return {
          qkv: { fused: inOut(`${prefix}attn.c_attn`) },
          out: inOut(`${prefix}attn.c_proj`, toStream),
          attentionNorm: `${prefix}ln_1`,
          up: inOut(`${prefix}mlp.c_fc`),
          gate: null,
          down: inOut(`${prefix}mlp.c_proj`, toStream),
          mlpNorm: `${prefix}ln_2`,
        };
      },
    };
  },
};

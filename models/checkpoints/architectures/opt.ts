import { type Architecture, linear } from "../layers/architecture.ts";
import { isCausal } from "../layers/causal.ts";
import { variantNotBuilt } from "../layers/refuse-variant.ts";
import { textEmbeddings } from "../layers/text-embeddings.ts";

/** OPT (Zhang et al. 2022): causal; pre-LN; positions are counted over what the mask keeps, unless they are given. */
export const opt: Architecture = {
  modelTypes: ["opt"],
  prefixes: ["", "model."],
  tied: { "decoder.embed_tokens.weight": ["lm_head.weight"] },
  keys: { layers: "num_hidden_layers", heads: "num_attention_heads" },
  positionsByMask: true,
  built: { layer_norm_elementwise_affine: [true] },
  plan(config) {
    const width = config.size("hidden_size");
    if (config.size("word_embed_proj_dim", width) !== width) throw variantNotBuilt("opt with word_embed_proj_dim");
    const bias = config.flag("enable_bias", true);
    const before = config.flag("do_layer_norm_before", true);
    return {
      layers: config.size("num_hidden_layers"),
      width,
      heads: config.size("num_attention_heads"),
      mlpWidth: config.size("ffn_dim"),
      activation: config.text("activation_function", "relu"),
      norm: { kind: "layer", eps: 1e-5, bias: true },
      place: before ? "pre" : "post",
      attention: { causal: isCausal(config) },
      finalNorm: before && !config.flag("_remove_final_layer_norm", false) ? "decoder.final_layer_norm" : null,
      sd: config.number("init_std", 0.02),
      embed: textEmbeddings({
        words: "decoder.embed_tokens.weight",
        vocabulary: config.size("vocab_size"),
        padding: config.whole("pad_token_id", 1),
        positions: {
          table: "decoder.embed_positions.weight",
          rows: config.size("max_position_embeddings") + 2,
          scheme: "given",
          first: 2,
        },
      }),
      block(k) {
        const prefix = `decoder.layers.${k}.`;
        const names = ["q_proj", "k_proj", "v_proj", "out_proj"].map((name) => `${prefix}self_attn.${name}`);
        const [query, key, value, out] = names.map((name) => linear(name, { bias }));
        return {
          qkv: { query, key, value },
          out,
          attentionNorm: `${prefix}self_attn_layer_norm`,
          up: linear(`${prefix}fc1`, { bias }),
          gate: null,
          down: linear(`${prefix}fc2`, { bias }),
          mlpNorm: `${prefix}final_layer_norm`,
        };
      },
    };
  },
};

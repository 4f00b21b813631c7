import { type Architecture, linear } from "../layers/architecture.ts";
import { isCausal } from "../layers/causal.ts";
import type { ConfigReader } from "../layers/config-reader.ts";
import { variantNotBuilt } from "../layers/refuse-variant.ts";
import { textEmbeddings } from "../layers/text-embeddings.ts";

/** GPT-NeoX and Pythia (Black et al. 2022): causal, attention and perceptron side by side, part of a head turns. */
export const gptNeox: Architecture = {
  modelTypes: ["gpt_neox"],
  prefixes: ["", "gpt_neox."],
  keys: { layers: "num_hidden_layers", heads: "num_attention_heads" },
  plan(config) {
    const width = config.size("hidden_size");
    const heads = config.size("num_attention_heads");
    const bias = config.flag("attention_bias", true);
    const { theta, share } = rotaryOf(config);
    const size = Math.floor((width / heads) * share);
    return {
      layers: config.size("num_hidden_layers"),
      width,
      heads,
      mlpWidth: config.size("intermediate_size"),
      activation: config.text("hidden_act", "gelu"),
      norm: { kind: "layer", eps: config.number("layer_norm_eps", 1e-5), bias: true },
      place: config.flag("use_parallel_residual", true) ? "parallel" : "pre",
      attention: { causal: isCausal(config), rotary: () => ({ theta, size }) },
      finalNorm: "final_layer_norm",
      sd: config.number("initializer_range", 0.02),
      embed: textEmbeddings({
        words: "embed_in.weight",
        vocabulary: config.size("vocab_size"),
        padding: null,
        positions: null,
        positionInput: true,
      }),
      block(k) {
        const prefix = `layers.${k}.`;
        return {
          qkv: { fused: linear(`${prefix}attention.query_key_value`, { bias }), byHead: true },
          out: linear(`${prefix}attention.dense`, { bias }),
          attentionNorm: `${prefix}input_layernorm`,
          up: linear(`${prefix}mlp.dense_h_to_4h`),
          gate: null,
          down: linear(`${prefix}mlp.dense_4h_to_h`),
          mlpNorm: `${prefix}post_attention_layernorm`,
        };
      },
    };
  },
};

function rotaryOf(config: ConfigReader): { readonly theta: number; readonly share: number } {
  const inner = config.inner("rope_parameters") ?? config.inner("rope_scaling");
  const type = inner?.text("rope_type", inner.text("type", "default")) ?? "default";
  if (type !== "default") throw variantNotBuilt(`rotary angles of type ${type}`);
  const theta = config.number("rotary_emb_base", 10000);
  const share = config.number("rotary_pct", 0.25);
  return {
    theta: inner?.number("rope_theta", theta) ?? theta,
    share: inner?.number("partial_rotary_factor", share) ?? share,
  };
}

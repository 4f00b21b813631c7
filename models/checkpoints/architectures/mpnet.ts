import { type Architecture, linear } from "../layers/architecture.ts";
import { textEmbeddings } from "../layers/text-embeddings.ts";

/** MPNet (Song et al. 2020): BERT with RoBERTa's positions and T5's bias by distance. */
export const mpnet: Architecture = {
  modelTypes: ["mpnet"],
  prefixes: ["", "mpnet."],
  tied: { "embeddings.word_embeddings.weight": ["lm_head.decoder.weight"] },
  keys: { layers: "num_hidden_layers", heads: "num_attention_heads" },
  built: { is_causal: [false], is_decoder: [false] },
  plan: (config) => ({
    layers: config.size("num_hidden_layers"),
    width: config.size("hidden_size"),
    heads: config.size("num_attention_heads"),
    mlpWidth: config.size("intermediate_size"),
    activation: config.text("hidden_act", "gelu"),
    norm: { kind: "layer", eps: config.number("layer_norm_eps", 1e-12), bias: true },
    place: "post",
    attention: {
      relative: {
        table: "encoder.relative_attention_bias.weight",
        buckets: config.size("relative_attention_num_buckets", 32),
        maxDistance: 128,
      },
    },
    finalNorm: null,
    sd: config.number("initializer_range", 0.02),
    embed: textEmbeddings({
      words: "embeddings.word_embeddings.weight",
      vocabulary: config.size("vocab_size"),
      padding: 1,
      positions: {
        table: "embeddings.position_embeddings.weight",
        rows: config.size("max_position_embeddings"),
        scheme: "after padding",
      },
      norm: "embeddings.LayerNorm",
    }),
    block(k) {
      const prefix = `encoder.layer.${k}.`;
      const [query, key, value, out] = ["q", "k", "v", "o"].map((name) => linear(`${prefix}attention.attn.${name}`));
      return {
        qkv: { query, key, value },
        out,
        attentionNorm: `${prefix}attention.LayerNorm`,
        up: linear(`${prefix}intermediate.dense`),
        gate: null,
        down: linear(`${prefix}output.dense`),
        mlpNorm: `${prefix}output.LayerNorm`,
      };
    },
  }),
};

import { type Architecture, linear } from "../layers/architecture.ts";
import { textEmbeddings } from "../layers/text-embeddings.ts";

/** ALBERT (Lan et al. 2019): BERT with narrow embeddings and one block, or a few, for all layers. */
export const albert: Architecture = {
  modelTypes: ["albert"],
  prefixes: ["", "albert."],
  tied: { "embeddings.word_embeddings.weight": ["predictions.decoder.weight"] },
  keys: { layers: "num_hidden_layers", heads: "num_attention_heads" },
  built: { inner_group_num: [1], position_embedding_type: ["absolute"], is_causal: [false], is_decoder: [false] },
  plan(config) {
    const layers = config.size("num_hidden_layers");
    const groups = config.size("num_hidden_groups", 1);
    const sd = config.number("initializer_range", 0.02);
    return {
      layers,
      width: config.size("hidden_size"),
      heads: config.size("num_attention_heads"),
      mlpWidth: config.size("intermediate_size"),
      activation: config.text("hidden_act", "gelu_new"),
      norm: { kind: "layer", eps: config.number("layer_norm_eps", 1e-12), bias: true },
      place: "post",
      attention: {},
      finalNorm: null,
      sd,
      embed: textEmbeddings({
        words: "embeddings.word_embeddings.weight",
        vocabulary: config.size("vocab_size"),
        padding: config.whole("pad_token_id", 0),
        width: config.size("embedding_size", 128),
        positions: {
          table: "embeddings.position_embeddings.weight",
          rows: config.size("max_position_embeddings"),
          scheme: "counted",
        },
        types: {
          table: "embeddings.token_type_embeddings.weight",
          rows: config.size("type_vocab_size", 2),
          asked: true,
        },
        norm: "embeddings.LayerNorm",
        project: linear("encoder.embedding_hidden_mapping_in"),
      }),
      block(k) {
        const group = Math.floor(k / (layers / groups));
        const prefix = `encoder.albert_layer_groups.${group}.albert_layers.0.`;
        const { query, key, value, dense } = names(`${prefix}attention.`);
        return {
          qkv: { query, key, value },
          out: dense,
          attentionNorm: `${prefix}attention.LayerNorm`,
          up: linear(`${prefix}ffn`),
          gate: null,
          down: linear(`${prefix}ffn_output`),
          mlpNorm: `${prefix}full_layer_layer_norm`,
        };
      },
    };
  },
};

function names(prefix: string) {
  const [query, key, value, dense] = ["query", "key", "value", "dense"].map((name) => linear(prefix + name));
  return { query, key, value, dense };
}

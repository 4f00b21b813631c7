import { type Architecture, linear } from "../layers/architecture.ts";
import { textEmbeddings } from "../layers/text-embeddings.ts";

/** DistilBERT (Sanh et al. 2019): BERT's blocks under other names, no token types. */
export const distilbert: Architecture = {
  modelTypes: ["distilbert"],
  prefixes: ["", "distilbert."],
  tied: { "embeddings.word_embeddings.weight": ["vocab_projector.weight"] },
  keys: { layers: "n_layers", heads: "n_heads" },
  built: { is_causal: [false], is_decoder: [false] },
  plan: (config) => ({
    layers: config.size("n_layers"),
    width: config.size("dim"),
    heads: config.size("n_heads"),
    mlpWidth: config.size("hidden_dim"),
    activation: config.text("activation", "gelu"),
    norm: { kind: "layer", eps: 1e-12, bias: true },
    place: "post",
    attention: {},
    finalNorm: null,
    sd: config.number("initializer_range", 0.02),
    embed: textEmbeddings({
      words: "embeddings.word_embeddings.weight",
      vocabulary: config.size("vocab_size"),
      padding: config.whole("pad_token_id", 0),
      positions: {
        table: "embeddings.position_embeddings.weight",
        rows: config.size("max_position_embeddings"),
        scheme: "counted",
      },
      norm: "embeddings.LayerNorm",
    }),
    block(k) {
      const prefix = `transformer.layer.${k}.`;
      const [query, key, value] = ["q_lin", "k_lin", "v_lin"].map((name) => linear(`${prefix}attention.${name}`));
      return {
        qkv: { query, key, value },
        out: linear(`${prefix}attention.out_lin`),
        attentionNorm: `${prefix}sa_layer_norm`,
        up: linear(`${prefix}ffn.lin1`),
        gate: null,
        down: linear(`${prefix}ffn.lin2`),
        mlpNorm: `${prefix}output_layer_norm`,
      };
    },
  }),
};

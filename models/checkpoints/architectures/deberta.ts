import { type Architecture, linear } from "../layers/architecture.ts";
import type { ConfigReader } from "../layers/config-reader.ts";
import { type DisentangledFacts, disentangledTerms } from "../layers/disentangled.ts";
import { variantNotBuilt } from "../layers/refuse-variant.ts";
import { FARTHEST } from "../layers/relative-bias.ts";
import { textEmbeddings } from "../layers/text-embeddings.ts";

/** DeBERTa v2 and v3 (He et al. 2020, 2021): BERT's blocks with disentangled attention. */
export const deberta: Architecture = {
  modelTypes: ["deberta-v2"],
  prefixes: ["", "deberta."],
  tied: { "embeddings.word_embeddings.weight": ["cls.predictions.decoder.weight"] },
  keys: { layers: "num_hidden_layers", heads: "num_attention_heads" },
  built: { conv_kernel_size: [0, -1], is_causal: [false], is_decoder: [false] },
  plan(config) {
    const width = config.size("hidden_size");
    const heads = config.size("num_attention_heads");
    const headSize = config.size("attention_head_size", width / heads);
    if (headSize !== width / heads) throw variantNotBuilt(`deberta-v2 with attention_head_size ${headSize}`);
    const tables = config.size("embedding_size", width);
    const types = config.whole("type_vocab_size", 0);
    const facts = config.flag("relative_attention", false) ? disentangled(config) : null;
    const kinds = positionKinds(config);
    const terms = facts ? disentangledTerms(facts) : null;
    return {
      layers: config.size("num_hidden_layers"),
      width,
      heads,
      mlpWidth: config.size("intermediate_size"),
      activation: config.text("hidden_act", "gelu"),
      norm: { kind: "layer", eps: config.number("layer_norm_eps", 1e-7), bias: true },
      place: "post",
      attention: {
        scale: 1 / Math.sqrt((width / heads) * (1 + kinds.length)),
        blindPadding: true,
        ...(terms ? { terms } : {}),
      },
      finalNorm: null,
      sd: config.number("initializer_range", 0.02),
      embed: textEmbeddings({
        words: "embeddings.word_embeddings.weight",
        vocabulary: config.size("vocab_size"),
        padding: config.whole("pad_token_id", 0),
        width: tables,
        positions: config.flag("position_biased_input", true)
          ? {
              table: "embeddings.position_embeddings.weight",
              rows: config.size("max_position_embeddings"),
              scheme: "counted",
            }
          : null,
        ...(types > 0 ? { types: { table: "embeddings.token_type_embeddings.weight", rows: types, asked: true } } : {}),
        norm: "embeddings.LayerNorm",
        ...(tables === width ? {} : { project: linear("embeddings.embed_proj", { bias: false }) }),
        projectFirst: true,
        zeroPadding: true,
      }),
      block(k) {
        const prefix = `encoder.layer.${k}.`;
        const [query, key, value] = ["query", "key", "value"].map((name) => linear(self(k, `${name}_proj`)));
        return {
          qkv: { query, key, value },
          out: linear(`${prefix}attention.output.dense`),
          attentionNorm: `${prefix}attention.output.LayerNorm`,
          up: linear(`${prefix}intermediate.dense`),
          gate: null,
          down: linear(`${prefix}output.dense`),
          mlpNorm: `${prefix}output.LayerNorm`,
        };
      },
    };
  },
};

function self(k: number, name: string): string {
  return `encoder.layer.${k}.attention.self.${name}`;
}

/** `c2p` and `p2c`, as a list or joined by bars. */
function positionKinds(config: ConfigReader): readonly string[] {
  const listed = config.texts("pos_att_type") ?? config.text("pos_att_type", "").split("|");
  return ["c2p", "p2c"].filter((kind) => listed.some((name) => name.trim().toLowerCase() === kind));
}

function disentangled(config: ConfigReader): DisentangledFacts {
  const buckets = Math.max(0, config.whole("position_buckets", -1));
  const asked = config.whole("max_relative_positions", -1);
  const distances = asked < 1 ? "max_position_embeddings" : "max_relative_positions";
  const maxDistance = config.size(distances, undefined, FARTHEST);
  const shared = config.flag("share_att_key", false);
  const kinds = positionKinds(config);
  const normed = config.text("norm_rel_ebd", "none").toLowerCase().includes("layer_norm");
  const maker = (kind: string, own: string, content: string) =>
    kinds.includes(kind) ? (k: number) => linear(self(k, shared ? content : own)) : null;
  return {
    table: "encoder.rel_embeddings.weight",
    tableNorm: normed ? "encoder.LayerNorm" : null,
    span: buckets > 0 ? buckets : maxDistance,
    buckets,
    maxDistance,
    key: maker("c2p", "pos_key_proj", "key_proj"),
    query: maker("p2c", "pos_query_proj", "query_proj"),
  };
}

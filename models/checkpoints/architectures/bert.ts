import { type Architecture, type BlockNames, linear, type ModelPlan } from "../layers/architecture.ts";
import { isCausal } from "../layers/causal.ts";
import type { ConfigReader } from "../layers/config-reader.ts";
import { variantNotBuilt } from "../layers/refuse-variant.ts";
import { type TextEmbeddingFacts, textEmbeddings } from "../layers/text-embeddings.ts";

/** BERT (Devlin et al. 2018) and those that differ by embeddings alone: ELECTRA, RoBERTa, XLM-RoBERTa, CamemBERT. */
export const bert: Architecture = {
  modelTypes: ["bert"],
  prefixes: ["", "bert."],
  tied: { "embeddings.word_embeddings.weight": ["cls.predictions.decoder.weight"] },
  keys: { layers: "num_hidden_layers", heads: "num_attention_heads" },
  built: { position_embedding_type: ["absolute"] },
  plan: (config) => bertPlan(config, {}),
};

/** ELECTRA's discriminator or generator: embeddings may be narrower than the stream. */
export const electra: Architecture = {
  ...bert,
  modelTypes: ["electra"],
  prefixes: ["", "electra."],
  tied: { "embeddings.word_embeddings.weight": ["generator_lm_head.weight"] },
  plan(config) {
    const width = config.size("embedding_size", 128);
    const narrow = width !== config.size("hidden_size");
    return bertPlan(config, narrow ? { width, project: linear("embeddings_project") } : {});
  },
};

/** RoBERTa's positions begin after the padding id, and its one token type is no input. */
export const roberta: Architecture = {
  ...bert,
  modelTypes: ["roberta", "xlm-roberta", "camembert"],
  prefixes: ["", "roberta.", "camembert."],
  tied: { "embeddings.word_embeddings.weight": ["lm_head.decoder.weight"] },
  plan(config) {
    const { positions, types } = bertEmbeddings(config, 1);
    return bertPlan(config, {
      padding: config.whole("pad_token_id", 1),
      positions: { ...positions, scheme: "after padding" },
      types: { ...types, asked: false },
    });
  },
};

/** A plan of BERT's kind, with what differs in the embeddings. */
function bertPlan(config: ConfigReader, embeddings: Partial<TextEmbeddingFacts>): ModelPlan {
  return {
    layers: config.size("num_hidden_layers"),
    width: config.size("hidden_size"),
    heads: config.size("num_attention_heads"),
    mlpWidth: config.size("intermediate_size"),
    activation: config.text("hidden_act", "gelu"),
    norm: { kind: "layer", eps: config.number("layer_norm_eps", 1e-12), bias: true },
    place: "post",
    attention: { causal: looksBack(config) },
    finalNorm: null,
    sd: config.number("initializer_range", 0.02),
    embed: textEmbeddings({ ...bertEmbeddings(config, 2), ...embeddings }),
    block: bertBlock,
  };
}

function bertEmbeddings(config: ConfigReader, typeRows: number) {
  return {
    words: "embeddings.word_embeddings.weight",
    vocabulary: config.size("vocab_size"),
    padding: config.whole("pad_token_id", 0),
    positions: {
      table: "embeddings.position_embeddings.weight",
      rows: config.size("max_position_embeddings"),
      scheme: "counted",
    },
    types: {
      table: "embeddings.token_type_embeddings.weight",
      rows: config.size("type_vocab_size", typeRows),
      asked: true,
    },
    norm: "embeddings.LayerNorm",
  } as const;
}

function bertBlock(k: number): BlockNames {
  const prefix = `encoder.layer.${k}.`;
  const [query, key, value] = ["query", "key", "value"].map((name) => linear(`${prefix}attention.self.${name}`));
  return {
    qkv: { query, key, value },
    out: linear(`${prefix}attention.output.dense`),
    attentionNorm: `${prefix}attention.output.LayerNorm`,
    up: linear(`${prefix}intermediate.dense`),
    gate: null,
    down: linear(`${prefix}output.dense`),
    mlpNorm: `${prefix}output.LayerNorm`,
  };
}

/** A decoder is causal unless its config says otherwise; an encoder that is to be causal is none that is built. */
function looksBack(config: ConfigReader): boolean {
  if (config.flag("is_decoder", false)) return isCausal(config);
  if (config.flag("is_causal", false)) throw variantNotBuilt("is_causal true in an encoder");
  return false;
}

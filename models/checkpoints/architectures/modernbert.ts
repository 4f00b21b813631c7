import { type Architecture, linear } from "../layers/architecture.ts";
import type { ConfigReader } from "../layers/config-reader.ts";
import { variantNotBuilt } from "../layers/refuse-variant.ts";
import { textEmbeddings } from "../layers/text-embeddings.ts";

/** ModernBERT (Warner et al. 2024): pre-LN, rotary, gated; every third block sees all, the others a window. */
export const modernbert: Architecture = {
  modelTypes: ["modernbert"],
  prefixes: ["", "model."],
  tied: { "embeddings.tok_embeddings.weight": ["decoder.weight"] },
  keys: { layers: "num_hidden_layers", heads: "num_attention_heads" },
  built: { is_causal: [false], is_decoder: [false], layer_types: ["full_attention", "sliding_attention"] },
  plan(config) {
    const layers = config.size("num_hidden_layers");
    const sd = config.number("initializer_range", 0.02);
    const bias = { attention: config.flag("attention_bias", false), mlp: config.flag("mlp_bias", false) };
    const toStream = sd / Math.sqrt(2 * layers);
    const seesAll = globalBlocks(config);
    const window = Math.floor(config.size("local_attention", 128) / 2);
    const theta = rotaryBases(config);
    return {
      layers,
      width: config.size("hidden_size"),
      heads: config.size("num_attention_heads"),
      mlpWidth: config.size("intermediate_size"),
      activation: config.text("hidden_activation", "gelu"),
      norm: { kind: "layer", eps: config.number("norm_eps", 1e-5), bias: config.flag("norm_bias", false) },
      place: "pre",
      attention: {
        window: (k) => (seesAll(k) ? null : window),
        rotary: (k) => ({ theta: seesAll(k) ? theta.global : theta.local }),
      },
      finalNorm: "final_norm",
      sd,
      embed: textEmbeddings({
        words: "embeddings.tok_embeddings.weight",
        vocabulary: config.size("vocab_size"),
        padding: config.whole("pad_token_id", 50283),
        positions: null,
        norm: "embeddings.norm",
      }),
      block(k) {
        const prefix = `layers.${k}.`;
        return {
          qkv: { fused: linear(`${prefix}attn.Wqkv`, { bias: bias.attention }) },
          out: linear(`${prefix}attn.Wo`, { bias: bias.attention, sd: toStream }),
          attentionNorm: k === 0 ? null : `${prefix}attn_norm`,
          up: linear(`${prefix}mlp.Wi`, { bias: bias.mlp }),
          gate: null,
          gated: true,
          down: linear(`${prefix}mlp.Wo`, { bias: bias.mlp, sd: toStream }),
          mlpNorm: `${prefix}mlp_norm`,
        };
      },
    };
  },
};

/** Newer configs list the kind of each block, older ones say every how many. */
function globalBlocks(config: ConfigReader): (k: number) => boolean {
  const kinds = config.texts("layer_types");
  const every = config.size("global_attn_every_n_layers", 3);
  return (k) => (kinds?.[k] ? kinds[k] === "full_attention" : k % every === 0);
}

function rotaryBases(config: ConfigReader): { readonly global: number; readonly local: number } {
  const kinds = config.inner("rope_parameters");
  const base = (kind: string, key: string, fallback: number) => {
    const type = kinds?.inner(kind)?.text("rope_type", "default") ?? "default";
    if (type !== "default") throw variantNotBuilt(`rotary angles of type ${type}`);
    return kinds?.inner(kind)?.number("rope_theta", fallback) ?? config.number(key, fallback);
  };
  return {
    global: base("full_attention", "global_rope_theta", 160000),
    local: base("sliding_attention", "local_rope_theta", 10000),
  };
}

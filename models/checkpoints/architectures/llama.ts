import { type Architecture, linear, type ModelPlan } from "../layers/architecture.ts";
import { isCausal } from "../layers/causal.ts";
import type { ConfigReader } from "../layers/config-reader.ts";
import { variantNotBuilt } from "../layers/refuse-variant.ts";
import { textEmbeddings } from "../layers/text-embeddings.ts";

/** Llama (Touvron et al. 2023): causal, pre-RMS-norm, rotary, gated, keys and values shared by groups of heads. */
export const llama: Architecture = {
  modelTypes: ["llama"],
  prefixes: ["", "model."],
  tied: { "embed_tokens.weight": ["lm_head.weight"] },
  keys: { layers: "num_hidden_layers", heads: "num_attention_heads" },
  built: {
    use_sliding_window: [false],
    layer_types: ["full_attention"],
    partial_rotary_factor: [1],
    attn_logit_softcapping: [],
    attention_multiplier: [],
    rope_interleaved: [false],
    use_qk_norm: [false],
    qk_layernorm: [false],
    embedding_multiplier: [1],
    residual_multiplier: [1],
  },
  plan: (config) => llamaPlan(config, config.flag("attention_bias", false), false),
};

/** Qwen2: biases on queries, keys and values. */
export const qwen2: Architecture = {
  ...llama,
  modelTypes: ["qwen2"],
  plan: (config) => llamaPlan(config, true, false),
};

/** Qwen3: queries and keys are normed within each head. */
export const qwen3: Architecture = {
  ...llama,
  modelTypes: ["qwen3"],
  plan: (config) => llamaPlan(config, config.flag("attention_bias", false), true),
};

function llamaPlan(config: ConfigReader, bias: boolean, headNorms: boolean): ModelPlan {
  const width = config.size("hidden_size");
  const heads = config.size("num_attention_heads");
  const theta = rotaryBase(config);
  const outBias = bias && config.flag("attention_bias", false);
  const mlpBias = config.flag("mlp_bias", false);
  return {
    layers: config.size("num_hidden_layers"),
    width,
    heads,
    keyHeads: config.size("num_key_value_heads", heads),
    headSize: config.size("head_dim", headNorms ? 128 : width / heads),
    mlpWidth: config.size("intermediate_size"),
    activation: config.text("hidden_act", "silu"),
    norm: { kind: "rms", eps: config.number("rms_norm_eps", 1e-6), bias: false },
    place: "pre",
    attention: { causal: isCausal(config), rotary: () => ({ theta }) },
    finalNorm: "norm",
    sd: config.number("initializer_range", 0.02),
    embed: textEmbeddings({
      words: "embed_tokens.weight",
      vocabulary: config.size("vocab_size"),
      padding: null,
      positions: null,
      positionInput: true,
    }),
    block(k) {
      const attention = `layers.${k}.self_attn.`;
      const mlp = `layers.${k}.mlp.`;
      const [query, key, value] = ["q_proj", "k_proj", "v_proj"].map((name) => linear(attention + name, { bias }));
      return {
        qkv: { query, key, value },
        out: linear(`${attention}o_proj`, { bias: outBias }),
        attentionNorm: `layers.${k}.input_layernorm`,
        up: linear(`${mlp}up_proj`, { bias: mlpBias }),
        gate: linear(`${mlp}gate_proj`, { bias: mlpBias }),
        down: linear(`${mlp}down_proj`, { bias: mlpBias }),
        mlpNorm: `layers.${k}.post_attention_layernorm`,
        ...(headNorms ? { queryNorm: `${attention}q_norm`, keyNorm: `${attention}k_norm` } : {}),
      };
    },
  };
}

/** The base of the angles, wherever the config's age puts it. Stretched angles are not built. */
function rotaryBase(config: ConfigReader): number {
  const inner = config.inner("rope_parameters") ?? config.inner("rope_scaling");
  const type = inner?.text("rope_type", inner.text("type", "default")) ?? "default";
  if (type !== "default") throw variantNotBuilt(`rotary angles of type ${type}`);
  return inner?.number("rope_theta", config.number("rope_theta", 10000)) ?? config.number("rope_theta", 10000);
}

import { type Architecture, linear, type ModelPlan } from "../layers/architecture.ts";
import type { ConfigReader } from "../layers/config-reader.ts";
import { patchEmbeddings } from "../layers/patch-embeddings.ts";

/** Vision transformer (Dosovitskiy et al. 2020): pre-LN blocks over patches. Images have the size of config.json. */
export const vit: Architecture = {
  modelTypes: ["vit"],
  prefixes: ["", "vit."],
  keys: { layers: "num_hidden_layers", heads: "num_attention_heads" },
  built: { is_causal: [false] },
  plan: (config) => vitPlan(config, ["embeddings.cls_token"]),
};

/** DeiT (Touvron et al. 2020): a second learned token, from which the teacher is distilled. */
export const deit: Architecture = {
  ...vit,
  modelTypes: ["deit"],
  prefixes: ["", "deit."],
  plan: (config) => vitPlan(config, ["embeddings.cls_token", "embeddings.distillation_token"]),
};

/** DINOv2 (Oquab et al. 2023): ViT with a gain on each branch. */
export const dinov2: Architecture = {
  ...vit,
  modelTypes: ["dinov2"],
  built: { ...vit.built, use_swiglu_ffn: [false] },
  prefixes: ["", "dinov2."],
  plan(config) {
    const plan = vitPlan(config, ["embeddings.cls_token"]);
    const initial = config.number("layerscale_value", 1);
    return {
      ...plan,
      mlpWidth: Math.floor(plan.width * config.number("mlp_ratio", 4)),
      block(k) {
        const prefix = `encoder.layer.${k}.`;
        return {
          ...plan.block(k),
          attentionNorm: `${prefix}norm1`,
          mlpNorm: `${prefix}norm2`,
          up: linear(`${prefix}mlp.fc1`),
          down: linear(`${prefix}mlp.fc2`),
          layerScale: { attention: `${prefix}layer_scale1.lambda1`, mlp: `${prefix}layer_scale2.lambda1`, initial },
        };
      },
    };
  },
};

function vitPlan(config: ConfigReader, tokens: readonly string[]): ModelPlan {
  const width = config.size("hidden_size");
  const bias = config.flag("qkv_bias", true);
  return {
    layers: config.size("num_hidden_layers"),
    width,
    heads: config.size("num_attention_heads"),
    mlpWidth: config.size("intermediate_size", 4 * width),
    activation: config.text("hidden_act", "gelu"),
    norm: { kind: "layer", eps: config.number("layer_norm_eps", 1e-12), bias: true },
    place: "pre",
    attention: {},
    finalNorm: "layernorm",
    sd: config.number("initializer_range", 0.02),
    embed: patchEmbeddings({
      projection: "embeddings.patch_embeddings.projection",
      channels: config.size("num_channels", 3),
      imageSize: config.size("image_size", 224),
      patchSize: config.size("patch_size", 16),
      tokens,
      positions: "embeddings.position_embeddings",
    }),
    block(k) {
      const prefix = `encoder.layer.${k}.`;
      const names = ["query", "key", "value"].map((name) => `${prefix}attention.attention.${name}`);
      const [query, key, value] = names.map((name) => linear(name, { bias }));
      return {
        qkv: { query, key, value },
        out: linear(`${prefix}attention.output.dense`),
        attentionNorm: `${prefix}layernorm_before`,
        up: linear(`${prefix}intermediate.dense`),
        gate: null,
        down: linear(`${prefix}output.dense`),
        mlpNorm: `${prefix}layernorm_after`,
      };
    },
  };
}

import { type Architecture, type LinearNames, linear } from "../layers/architecture.ts";
import { FARTHEST } from "../layers/relative-bias.ts";
import { textEmbeddings } from "../layers/text-embeddings.ts";

/** The encoder of T5 (Raffel et al. 2020) and mT5: pre-RMS-norm, no scale, a learned bias by distance. */
export const t5: Architecture = {
  modelTypes: ["t5", "mt5"],
  prefixes: [""],
  tied: { "shared.weight": ["encoder.embed_tokens.weight", "decoder.embed_tokens.weight", "lm_head.weight"] },
  keys: { layers: "num_layers", heads: "num_heads" },
  built: { is_causal: [false] },
  plan(config) {
    const width = config.size("d_model");
    const heads = config.size("num_heads");
    const headSize = config.size("d_kv");
    const mlpWidth = config.size("d_ff");
    const factor = config.number("initializer_factor", 1);
    const spread = (fanIn: number) => factor / Math.sqrt(fanIn);
    const plain = (name: string, fanIn: number): LinearNames => linear(name, { bias: false, sd: spread(fanIn) });
    const { activation, gated } = perceptron(config.text("feed_forward_proj", "relu"));
    const firstAttention = "encoder.block.0.layer.0.SelfAttention.";
    return {
      layers: config.size("num_layers"),
      width,
      heads,
      headSize,
      mlpWidth,
      activation,
      norm: { kind: "rms", eps: config.number("layer_norm_epsilon", 1e-6), bias: false },
      place: "pre",
      attention: {
        scale: 1,
        relative: {
          table: `${firstAttention}relative_attention_bias.weight`,
          buckets: config.size("relative_attention_num_buckets", 32),
          maxDistance: config.size("relative_attention_max_distance", 128, FARTHEST),
        },
      },
      finalNorm: "encoder.final_layer_norm",
      sd: spread(width),
      embed: textEmbeddings({
        words: "shared.weight",
        vocabulary: config.size("vocab_size"),
        padding: null,
        positions: null,
        sd: factor,
      }),
      block(k) {
        const prefix = `encoder.block.${k}.layer.`;
        const attention = `${prefix}0.SelfAttention.`;
        const dense = `${prefix}1.DenseReluDense.`;
        return {
          qkv: {
            query: plain(`${attention}q`, width * headSize),
            key: plain(`${attention}k`, width),
            value: plain(`${attention}v`, width),
          },
          out: plain(`${attention}o`, heads * headSize),
          attentionNorm: `${prefix}0.layer_norm`,
          up: plain(`${dense}${gated ? "wi_1" : "wi"}`, width),
          gate: gated ? plain(`${dense}wi_0`, width) : null,
          down: plain(`${dense}wo`, mlpWidth),
          mlpNorm: `${prefix}1.layer_norm`,
        };
      },
    };
  },
};

/** `relu`, or `gated-gelu`: that gelu is the one by tanh. */
function perceptron(projection: string): { readonly activation: string; readonly gated: boolean } {
  const gated = projection.startsWith("gated-");
  const name = gated ? projection.slice("gated-".length) : projection;
  return { activation: gated && name === "gelu" ? "gelu_new" : name, gated };
}

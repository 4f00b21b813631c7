import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { randomSource } from "../../models/random.ts";
import { bundledModel } from "../../src/sources/bundled.ts";

/** Facts of an ALBERT of a few hundred kB that reads the bundled model's tokens: 6 layers with one set of weights, 4 heads. */
export const TINY = {
  model_type: "albert",
  architectures: ["AlbertModel"],
  vocab_size: 8000,
  embedding_size: 8,
  hidden_size: 32,
  intermediate_size: 64,
  num_hidden_layers: 6,
  num_hidden_groups: 1,
  inner_group_num: 1,
  num_attention_heads: 4,
  max_position_embeddings: 512,
  type_vocab_size: 2,
  hidden_act: "gelu_new",
  layer_norm_eps: 1e-12,
  pad_token_id: 0,
} as const;

/** Files of that model under the names of transformers, weights uniform in ±0.35 from a fixed seed. */
export async function tinyAlbert(): Promise<Record<string, string | Uint8Array>> {
  const tokenizer = ["tokenizer.json", "tokenizer_config.json"];
  const texts = await Promise.all(tokenizer.map((name) => readFile(join(bundledModel(), name), "utf8")));
  return {
    "config.json": JSON.stringify(TINY),
    "model.safetensors": safetensors(shapes()),
    ...Object.fromEntries(tokenizer.map((name, k) => [name, texts[k]])),
  };
}

/** Writes them into a folder. */
export async function writeTinyAlbert(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(await tinyAlbert())) await writeFile(join(folder, name), content);
}

function shapes(): Record<string, readonly number[]> {
  const { embedding_size: e, hidden_size: d, intermediate_size: m } = TINY;
  const layer = "encoder.albert_layer_groups.0.albert_layers.0";
  const norm = (name: string, width: number) => ({ [`${name}.weight`]: [width], [`${name}.bias`]: [width] });
  const linear = (name: string, from: number, to: number) => ({
    [`${name}.weight`]: [to, from],
    [`${name}.bias`]: [to],
  });
  const attention = ["query", "key", "value", "dense"].map((part) => linear(`${layer}.attention.${part}`, d, d));
  return {
    "embeddings.word_embeddings.weight": [TINY.vocab_size, e],
    "embeddings.position_embeddings.weight": [TINY.max_position_embeddings, e],
    "embeddings.token_type_embeddings.weight": [TINY.type_vocab_size, e],
    ...norm("embeddings.LayerNorm", e),
    ...linear("encoder.embedding_hidden_mapping_in", e, d),
    ...Object.assign({}, ...attention),
    ...norm(`${layer}.attention.LayerNorm`, d),
    ...linear(`${layer}.ffn`, d, m),
    ...linear(`${layer}.ffn_output`, m, d),
    ...norm(`${layer}.full_layer_layer_norm`, d),
  };
}

/** A safetensors file: eight bytes of length, the header, the data. Gains of norms are around 1. */
function safetensors(tensors: Readonly<Record<string, readonly number[]>>): Uint8Array {
  const random = randomSource(7);
  const header: Record<string, unknown> = {};
  const parts: Buffer[] = [];
  let end = 0;
  for (const [name, shape] of Object.entries(tensors)) {
    const centre = /layer_norm\.weight$/i.test(name) || name.endsWith("LayerNorm.weight") ? 1 : 0;
    const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => centre + 0.7 * (random() - 0.5));
    header[name] = { dtype: "F32", shape, data_offsets: [end, end + data.byteLength] };
    parts.push(Buffer.from(data.buffer));
    end += data.byteLength;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, ...parts]);
}

import { readFile } from "node:fs/promises";
import type { RawTensor } from "../../models/arrays/raw-tensor.ts";
import { openSafetensors, readTensor } from "../../models/arrays/safetensors-reader.ts";
import { createSafetensors } from "../../models/arrays/safetensors-writer.ts";
import { type OnnxTensor, readOnnxGraph } from "../../models/onnx/graph.ts";
import { indexGraph } from "../../models/onnx/graph-index.ts";

export type Weights = ReadonlyMap<string, RawTensor>;

/** Writes a safetensors file of tensors by name. */
export async function writeWeights(path: string, weights: Weights): Promise<void> {
  const writer = await createSafetensors(path);
  const entries = new Map<string, Awaited<ReturnType<typeof writer.append>>>();
  for (const [name, tensor] of weights) entries.set(name, await writer.append(tensor));
  await writer.finish(entries, { format: "pt" });
}

export async function readWeights(path: string): Promise<Map<string, RawTensor>> {
  const file = await openSafetensors(path);
  const weights = new Map<string, RawTensor>();
  for (const name of file.tensors.keys()) weights.set(name, await readTensor(file, name));
  await file.close();
  return weights;
}

/**
 * The parameters of a TorchScript export under their own names. Parameters that are used as they are keep their names;
 * weights of a Linear are transposed and renamed, but the bias added after them keeps its name.
 */
export async function weightsOfExport(path: string): Promise<Map<string, RawTensor>> {
  const bytes = new Uint8Array(await readFile(path));
  const index = indexGraph(readOnnxGraph(bytes));
  const { initializers } = index.graph;
  const weights = new Map<string, RawTensor>();
  for (const tensor of initializers.values()) {
    if (tensor.dtype === "float32" && /\.(weight|bias)$|token|embeddings$/.test(tensor.name)) {
      weights.set(tensor.name, dataOf(bytes, tensor));
    }
  }
  for (const node of index.nodes) {
    const tensor = node.op === "MatMul" ? initializers.get(node.inputs[1]) : undefined;
    if (!tensor || weights.has(tensor.name)) continue;
    const adds = (index.consumers.get(node.outputs[0]) ?? []).map((k) => index.nodes[k]);
    const bias = adds.flatMap(({ inputs }) => inputs).find((name) => name.endsWith(".bias"));
    if (bias) weights.set(bias.replace(/\.bias$/, ".weight"), transposed(dataOf(bytes, tensor)));
  }
  return weights;
}

function dataOf(bytes: Uint8Array, { dims, location, name }: OnnxTensor): RawTensor {
  if (location.kind !== "raw") throw new Error(`${name} is not raw`);
  const copy = bytes.slice(location.start, location.end);
  return { dtype: "float32", shape: dims, data: new Float32Array(copy.buffer) };
}

function transposed({ shape: [rows, columns], data, dtype }: RawTensor): RawTensor {
  const x = data as Float32Array;
  const y = x.map((_, i) => x[(i % rows) * columns + Math.floor(i / rows)]);
  return { dtype, shape: [columns, rows], data: y };
}

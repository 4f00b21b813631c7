import type { OnnxGraph, OnnxNode, OnnxTensor } from "../onnx/graph.ts";
import { type GraphIndex, indexGraph, productWeight } from "../onnx/graph-index.ts";
import { PRODUCT_OPS } from "../onnx/operator-kinds.ts";
import { shapeVector } from "../onnx/shape-vector.ts";

/**
 * The number of attention heads, read off the graph: fused operators say it; elsewhere the queries, a projection of
 * width h·w, are given the shape `[batch, n, h, w]` before they meet the keys.
 *
 * @param attentions probabilities, as found in the graph.
 * @param bytes of the model file.
 * @returns null where the graph does not tell.
 */
export function headCount(graph: OnnxGraph, attentions: readonly string[], bytes: Uint8Array): number | null {
  for (const { attributes } of graph.nodes) {
    const heads = attributes.get("num_heads")?.int ?? attributes.get("q_num_heads")?.int;
    if (heads) return heads;
  }
  if (attentions.length === 0) return null;
  const index = indexGraph(graph);
  const queries = queriesOf(index, attentions[0]);
  const reshape = queries === null ? null : splitIntoHeads(index, bytes, queries);
  return reshape && headsOfReshape(index, bytes, reshape);
}

const SCORE_OPS = new Set(["Softmax", "Add", "Mul", "Div", "Where", "Cast", "Reshape", "Tanh", "Clip", "Identity"]);

/** The first operand of the product that gives the scores. */
function queriesOf(index: GraphIndex, probabilities: string): string | null {
  const names = new Set([probabilities]);
  for (const name of names) {
    const node = index.nodes[index.producer.get(name) ?? -1];
    if (!node || index.constants.has(name) || names.size > 64) continue;
    if (PRODUCT_OPS.has(node.op)) return productWeight(index, node) ? null : node.inputs[0];
    if (SCORE_OPS.has(node.op)) for (const input of node.inputs) names.add(input);
  }
  return null;
}

/** Scaling, rotary angles and norms lie between the split into heads and the product. */
const QUERY_OPS = new Set([
  ...["Transpose", "Mul", "Div", "Add", "Sub", "Cast", "Identity", "Reshape"],
  ...["LayerNormalization", "SimplifiedLayerNormalization", "RMSNormalization"],
]);

interface HeadSplit {
  readonly node: OnnxNode;
  readonly shape: readonly (number | null)[];
}

function splitIntoHeads(index: GraphIndex, bytes: Uint8Array, queries: string): HeadSplit | null {
  let name = queries;
  for (let step = 0; step < 16; step++) {
    const node = index.nodes[index.producer.get(name) ?? -1];
    if (!node || !QUERY_OPS.has(node.op)) return null;
    const shape = node.op === "Reshape" ? shapeVector(index, bytes, node.inputs[1]) : null;
    if (shape?.length === 4) return { node, shape };
    name = node.inputs.find((input) => !index.constants.has(input)) ?? "";
  }
  return null;
}

/** One of the two numbers may be left to be inferred; together they must be as wide as the projection. */
function headsOfReshape(index: GraphIndex, bytes: Uint8Array, { node, shape }: HeadSplit): number | null {
  const [heads, width] = [shape[2] ?? 0, shape[3] ?? 0];
  const projected = projectionWidth(index, bytes, node.inputs[0]);
  if (projected === null) return null;
  if (heads === -1 && width > 0 && projected % width === 0) return projected / width;
  if (heads > 0 && width === -1 && projected % heads === 0) return heads;
  return heads * width === projected ? heads : null;
}

const KEEPS_WIDTH = new Set(["Add", "Cast", "Identity", "Mul", "Clip", "Reshape"]);

/** The width of the projection that a tensor comes from, or of its equal part, through its bias and changes of type. */
function projectionWidth(index: GraphIndex, bytes: Uint8Array, tensor: string): number | null {
  let name = tensor;
  let parts = 1;
  for (let step = 0; step < 8; step++) {
    const node = index.nodes[index.producer.get(name) ?? -1];
    if (!node) return null;
    const weight = productWeight(index, node);
    if (weight) return (node.attributes.get("N")?.int ?? widthOf(node, weight) ?? Number.NaN) / parts || null;
    if (node.op === "Split") parts *= equalParts(index, bytes, node);
    else if (!KEEPS_WIDTH.has(node.op)) return null;
    name = node.inputs.find((input) => !index.constants.has(input)) ?? "";
  }
  return null;
}

/** NaN where the parts differ. */
function equalParts(index: GraphIndex, bytes: Uint8Array, { inputs, outputs, attributes }: OnnxNode): number {
  const sizes = inputs[1] ? shapeVector(index, bytes, inputs[1]) : (attributes.get("split")?.ints ?? []);
  return sizes?.every((size) => size !== null && size === sizes[0]) ? outputs.length : Number.NaN;
}

function widthOf(node: OnnxNode, { dims }: OnnxTensor): number | null {
  if (dims.length !== 2) return null;
  return dims[node.attributes.get("transB")?.int === 1 ? 0 : 1];
}

import type { OnnxGraph, OnnxNode } from "../onnx/graph.ts";
import { type GraphIndex, indexGraph, productWeight, sourceConstant } from "../onnx/graph-index.ts";
import { NORM_OPS, RELABEL_OPS } from "../onnx/operator-kinds.ts";

/**
 * The width of a stream tensor, read from the constants that act on it: the length of a gain or shift, or the rows of
 * the weights that it is multiplied by, directly or after nodes that keep the width.
 *
 * @returns null where the graph does not tell.
 */
export function hiddenSize(graph: OnnxGraph, tensor: string): number | null {
  const known = graph.outputs.find(({ name }) => name === tensor)?.dims?.at(-1);
  if (typeof known === "number") return known;
  const index = indexGraph(graph);
  const names = new Set([tensor]);
  for (const name of names) {
    for (const k of index.consumers.get(name) ?? []) {
      const width = widthFrom(index, index.nodes[k], name);
      if (width !== null) return width;
      if (keepsWidth(index.nodes[k])) names.add(index.nodes[k].outputs[0]);
    }
  }
  return null;
}

const WIDTH_KEEPING = new Set([
  ...RELABEL_OPS,
  ...NORM_OPS,
  "Sub",
  "Add",
  "Mul",
  "Div",
  "Pow",
  "DynamicQuantizeLinear",
]);

function keepsWidth({ op }: OnnxNode): boolean {
  return WIDTH_KEEPING.has(op);
}

function widthFrom(index: GraphIndex, node: OnnxNode, input: string): number | null {
  if (NORM_OPS.has(node.op)) return index.graph.initializers.get(node.inputs[1])?.dims.at(-1) ?? null;
  if (node.op === "Mul" || node.op === "Add") return vectorLength(index, node);
  if (node.op === "MatMulNBits") return node.attributes.get("K")?.int ?? null;
  const weight = productWeight(index, node);
  if (!weight || node.inputs[0] !== input || weight.dims.length !== 2) return null;
  const flipped = node.attributes.get("transB")?.int === 1 || isTransposed(index, node.inputs[1]);
  return weight.dims[flipped ? 1 : 0];
}

/** A gain or a shift is a vector as long as the stream is wide. */
function vectorLength(index: GraphIndex, { inputs }: OnnxNode): number | null {
  const constant = inputs.find((name) => index.constants.has(name));
  const dims = constant === undefined ? [] : (sourceConstant(index, constant)?.dims ?? []);
  return dims.length === 1 && dims[0] > 1 ? dims[0] : null;
}

function isTransposed(index: GraphIndex, tensor: string): boolean {
  return index.nodes[index.producer.get(tensor) ?? -1]?.op === "Transpose";
}

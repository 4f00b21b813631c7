import { DTYPES, type OnnxGraph, type OnnxNode } from "../onnx/graph.ts";
import { type GraphIndex, indexGraph, productWeight } from "../onnx/graph-index.ts";
import { QUANTIZED_PRODUCTS } from "../onnx/operator-kinds.ts";

/**
 * In which precision a model multiplies by its weights, in words: `float32`, or `6 of 72 products are int8, the others
 * float32`. Quantized files are often only partly so; weights stored in half may be widened before: `float32, from float16
 * weights`.
 */
export function productPrecision(graph: OnnxGraph): string {
  const index = indexGraph(graph);
  return precisionInWords(countPrecisions(index, index.nodes));
}

/** How many of some nodes multiply by weights in each precision. */
export function countPrecisions(index: GraphIndex, nodes: readonly OnnxNode[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const node of nodes) {
    const precision = precisionOf(index, node);
    if (precision) counts.set(precision, (counts.get(precision) ?? 0) + 1);
  }
  return counts;
}

/** Counts of products by precision in words; `unknown` where there are none. */
export function precisionInWords(counts: ReadonlyMap<string, number>): string {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const kinds = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  if (kinds.length === 0) return "unknown";
  if (kinds.length === 1) return kinds[0][0];
  const low = kinds.filter(([kind]) => kind.startsWith("int") || kind.startsWith("uint"));
  const others = kinds.filter((kind) => !low.includes(kind)).map(([kind]) => kind);
  const said = low.map(([kind, count]) => `${count} of ${total} products are ${kind}`);
  return [...said, `the others ${others.join(" and ")}`].join(", ");
}

function precisionOf(index: GraphIndex, node: OnnxNode): string | null {
  const weight = productWeight(index, node);
  if (!weight || weight.dims.length < 2) return null;
  const quantized = QUANTIZED_PRODUCTS.get(node.op);
  if (quantized) return quantized;
  const computed = castOf(index, node) ?? weight.dtype;
  return computed === weight.dtype ? computed : `${computed}, from ${weight.dtype} weights`;
}

/** The type to which a product's constant operand is cast last; null where it is not. */
function castOf(index: GraphIndex, node: OnnxNode): string | null {
  let name = node.inputs.find((input) => index.constants.has(input)) ?? "";
  for (let step = 0; step < 32; step++) {
    const maker = index.nodes[index.producer.get(name) ?? -1];
    if (!maker) return null;
    if (maker.op === "Cast") return DTYPES[maker.attributes.get("to")?.int ?? 0] ?? null;
    name = maker.inputs[0] ?? "";
  }
  return null;
}

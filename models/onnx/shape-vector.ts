import type { OnnxNode, OnnxTensor } from "./graph.ts";
import type { GraphIndex } from "./graph-index.ts";

/** More is no shape: heads of keys and values, one for each head of queries, are the longest list. */
const MOST_BYTES = 8 * 256;

/**
 * Constant entries of a shape, or of another short vector of whole numbers, null where one is computed.
 *
 * @param bytes of the model file.
 * @returns null where it is no vector that is put together here.
 */
export function shapeVector(index: GraphIndex, bytes: Uint8Array, name: string): (number | null)[] | null {
  const tensor = index.graph.initializers.get(name);
  if (tensor) return wholeNumbers(tensor, bytes);
  const node = index.nodes[index.producer.get(name) ?? -1];
  if (!node) return null;
  if (node.op === "Constant") return constantNumbers(node, bytes);
  if (node.op === "Cast" || node.op === "Identity") return shapeVector(index, bytes, node.inputs[0]);
  if (node.op === "Unsqueeze" && index.constants.has(name)) return shapeVector(index, bytes, node.inputs[0]);
  if (node.op !== "Concat") return null;
  return node.inputs.flatMap((input) =>
    index.constants.has(input) ? (shapeVector(index, bytes, input) ?? [null]) : [null],
  );
}

function constantNumbers({ attributes }: OnnxNode, bytes: Uint8Array): number[] | null {
  const tensor = attributes.get("value")?.tensor;
  if (tensor) return wholeNumbers(tensor, bytes);
  const int = attributes.get("value_int")?.int;
  return attributes.get("value_ints")?.ints.slice() ?? (int === null || int === undefined ? null : [int]);
}

function wholeNumbers({ dtype, location }: OnnxTensor, bytes: Uint8Array): number[] | null {
  if (dtype !== "int64" || location.kind !== "raw" || location.end - location.start > MOST_BYTES) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset + location.start, location.end - location.start);
  return Array.from({ length: view.byteLength >> 3 }, (_, i) => Number(view.getBigInt64(8 * i, true)));
}

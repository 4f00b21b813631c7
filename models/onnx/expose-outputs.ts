import { readOnnxGraph } from "./graph.ts";
import { GRAPH, MODEL, NODE, VALUE_INFO, WIRE } from "./onnx-proto.ts";
import { fieldText, readFields } from "./wire-reader.ts";
import { bytesField, concatBytes } from "./wire-writer.ts";

/**
 * The same model with more outputs: protocol buffers merge repeated messages, so a second graph that holds only outputs
 * is appended. ONNX Runtime infers their types. Nothing else changes; names that are outputs already are left out.
 */
export function exposeOutputs(bytes: Uint8Array, names: readonly string[]): Uint8Array {
  const present = new Set(readOnnxGraph(bytes).outputs.map(({ name }) => name));
  const added = [...new Set(names)].filter((name) => !present.has(name));
  if (added.length === 0) return bytes;
  return concatBytes([
    bytes,
    bytesField(
      MODEL.graph,
      added.map((name) => bytesField(GRAPH.output, [bytesField(VALUE_INFO.name, name)])),
    ),
  ]);
}

/**
 * The same model with a name for an output that a node omits, as the residual sum of SkipLayerNormalization.
 *
 * @param nodeStart first byte of the node's message.
 * @param output number of the output among the node's outputs.
 */
export function nameOutput(bytes: Uint8Array, nodeStart: number, output: number, name: string): Uint8Array {
  return rewriteField(bytes, MODEL.graph, nodeStart, (graph, start) =>
    rewriteField(graph, GRAPH.node, nodeStart - start, (node) => withOutput(node, output, name)),
  );
}

/** Replaces the payload of the length-delimited field `id` that holds the byte `at`. */
function rewriteField(
  bytes: Uint8Array,
  id: number,
  at: number,
  rewrite: (payload: Uint8Array, start: number) => Uint8Array,
): Uint8Array {
  let before = 0;
  for (const { field, wire, start, end } of readFields(bytes)) {
    if (field === id && wire === WIRE.len && start <= at && at < end) {
      const payload = bytesField(id, rewrite(bytes.subarray(start, end), start));
      return concatBytes([bytes.subarray(0, before), payload, bytes.subarray(end)]);
    }
    before = end;
  }
  return bytes;
}

function withOutput(node: Uint8Array, output: number, name: string): Uint8Array {
  const outputs: string[] = [];
  const others: Uint8Array[] = [];
  let before = 0;
  for (const field of readFields(node)) {
    if (field.field === NODE.output && field.wire === WIRE.len) outputs.push(fieldText(node, field));
    else others.push(node.subarray(before, field.end));
    before = field.end;
  }
  while (outputs.length <= output) outputs.push("");
  outputs[output] = name;
  return concatBytes([...others, ...outputs.map((text) => bytesField(NODE.output, text))]);
}

import { GRAPH, MODEL, NODE, WIRE } from "./onnx-proto.ts";
import { fieldText, readFields } from "./wire-reader.ts";
import { bytesField, concatBytes } from "./wire-writer.ts";
import { TYPE_CODES, valueInfo } from "./writer.ts";

/**
 * The same model in which every node that reads some tensors of float32 reads inputs of the graph in their place; what writes
 * the tensors stays, so that they can be outputs still. Subgraphs are not looked into.
 *
 * @param feeds the name of the new input, by tensor.
 */
export function feedTensors(bytes: Uint8Array, feeds: ReadonlyMap<string, string>): Uint8Array {
  const fedNode = (node: Uint8Array) =>
    rewriteEach(node, NODE.input, (name, text) => bytesField(NODE.input, feeds.get(text()) ?? name));
  const fedGraph = (graph: Uint8Array) =>
    rewriteEach(graph, GRAPH.node, (node) => bytesField(GRAPH.node, fedNode(node)));
  return concatBytes([
    rewriteEach(bytes, MODEL.graph, (graph) => bytesField(MODEL.graph, fedGraph(graph))),
    bytesField(MODEL.graph, [...feeds.values()].map(floatInput)),
  ]);
}

/** Puts something in the place of every length-delimited field `id` of a message. */
function rewriteEach(
  message: Uint8Array,
  id: number,
  rewrite: (payload: Uint8Array, text: () => string) => Uint8Array,
): Uint8Array {
  const parts: Uint8Array[] = [];
  let before = 0;
  for (const field of readFields(message)) {
    const found = field.field === id && field.wire === WIRE.len;
    const whole = message.subarray(before, field.end);
    parts.push(found ? rewrite(message.subarray(field.start, field.end), () => fieldText(message, field)) : whole);
    before = field.end;
  }
  return concatBytes(parts);
}

/** ValueInfoProto of a tensor of float32 whose shape is not told. */
function floatInput(name: string): Uint8Array {
  return bytesField(GRAPH.input, valueInfo(name, TYPE_CODES.float32, null));
}

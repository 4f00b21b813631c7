import { fieldText, readFields } from "./wire-reader.ts";
import { bytesField, concatBytes, intField } from "./wire-writer.ts";

const FLOAT32 = 1;

/**
 * The same model in which every node that reads some tensors of float32 reads inputs of the graph in their place; what writes
 * the tensors stays, so that they can be outputs still. Subgraphs are not looked into.
 *
 * @param feeds the name of the new input, by tensor.
 */
export function feedTensors(bytes: Uint8Array, feeds: ReadonlyMap<string, string>): Uint8Array {
  const fedNode = (node: Uint8Array) => rewriteEach(node, 1, (name, text) => bytesField(1, feeds.get(text()) ?? name));
  const fedGraph = (graph: Uint8Array) => rewriteEach(graph, 1, (node) => bytesField(1, fedNode(node)));
  return concatBytes([
    rewriteEach(bytes, 7, (graph) => bytesField(7, fedGraph(graph))),
    bytesField(7, [...feeds.values()].map(floatInput)),
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
    const found = field.field === id && field.wire === 2;
    const whole = message.subarray(before, field.end);
    parts.push(found ? rewrite(message.subarray(field.start, field.end), () => fieldText(message, field)) : whole);
    before = field.end;
  }
  return concatBytes(parts);
}

/** ValueInfoProto of a tensor of float32 whose shape is not told. */
function floatInput(name: string): Uint8Array {
  return bytesField(11, [bytesField(1, name), bytesField(2, [bytesField(1, [intField(1, FLOAT32)])])]);
}

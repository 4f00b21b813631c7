import { TokensphereError } from "../errors.ts";
import { readFields, type WireField } from "./wire-reader.ts";

/** The messages of an ONNX file that are read. */
export type OnnxMessage = "model" | "graph" | "node" | "attribute" | "tensor" | "value";

/**
 * Every field that ONNX has, with the wire types it may have. One that is not listed, or has another type, is the trace
 * of damage (a flipped bit makes an operand a note, and the model another one), where a general reader would pass it over.
 * Source: https://github.com/onnx/onnx/blob/v1.20.0/onnx/onnx.proto
 */
const WIRES: Readonly<Record<OnnxMessage, Readonly<Record<number, readonly number[]>>>> = {
  model: { 1: [0], 2: [2], 3: [2], 4: [2], 5: [0], 6: [2], 7: [2], 8: [2], 14: [2], 20: [2], 25: [2], 26: [2] },
  graph: { 1: [2], 2: [2], 5: [2], 10: [2], 11: [2], 12: [2], 13: [2], 14: [2], 15: [2], 16: [2] },
  node: { 1: [2], 2: [2], 3: [2], 4: [2], 5: [2], 6: [2], 7: [2], 8: [2], 9: [2], 10: [2] },
  attribute: {
    ...{ 1: [2], 2: [5], 3: [0], 4: [2], 5: [2], 6: [2], 7: [2, 5], 8: [0, 2], 9: [2], 10: [2], 11: [2] },
    ...{ 13: [2], 14: [2], 15: [2], 20: [0], 21: [2], 22: [2], 23: [2] },
  },
  tensor: {
    ...{ 1: [0, 2], 2: [0], 3: [2], 4: [2, 5], 5: [0, 2], 6: [2], 7: [0, 2], 8: [2], 9: [2], 10: [1, 2] },
    ...{ 11: [0, 2], 12: [2], 13: [2], 14: [0], 16: [2] },
  },
  value: { 1: [2], 2: [2], 3: [2], 4: [2] },
};

/**
 * The fields of a message, in the order of the file.
 *
 * @throws TokensphereError `input` for bytes that are no protocol buffer, and for a field that ONNX has not.
 */
export function* onnxFields(
  bytes: Uint8Array,
  message: OnnxMessage,
  start = 0,
  end = bytes.length,
): Generator<WireField, void, undefined> {
  for (const field of readFields(bytes, start, end)) {
    if (!WIRES[message][field.field]?.includes(field.wire)) throw strange(message, field);
    yield field;
  }
}

function strange(message: OnnxMessage, { field, wire, start }: WireField): TokensphereError {
  const what = `a ${message} with field ${field} of wire type ${wire} at byte ${start}, which ONNX has not`;
  return new TokensphereError("input", `not a readable ONNX file: ${what}. fetch it again`);
}

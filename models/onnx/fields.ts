import { TokensphereError } from "../errors.ts";
import { ATTRIBUTE, GRAPH, MODEL, NODE, TENSOR, VALUE_INFO, WIRE } from "./onnx-proto.ts";
import { readFields, type WireField } from "./wire-reader.ts";

/** The messages of an ONNX file that are read. */
export type OnnxMessage = "model" | "graph" | "node" | "attribute" | "tensor" | "value";

/** Repeated numbers, one by one or packed. */
const INTEGERS = [WIRE.varint, WIRE.len];

/**
 * Every field that ONNX has, with the wire types it may have. One that is not listed, or has another type, is the trace
 * of damage (a flipped bit makes an operand a note, and the model another one), where a general reader would pass it over.
 */
const WIRES: Readonly<Record<OnnxMessage, ReadonlyMap<number, readonly number[]>>> = {
  model: wires(MODEL, { ir_version: [WIRE.varint], model_version: [WIRE.varint] }),
  graph: wires(GRAPH),
  node: wires(NODE),
  attribute: wires(ATTRIBUTE, {
    ...{ f: [WIRE.i32], i: [WIRE.varint], type: [WIRE.varint] },
    ...{ floats: [WIRE.len, WIRE.i32], ints: [WIRE.varint, WIRE.len] },
  }),
  tensor: wires(TENSOR, {
    ...{ dims: INTEGERS, int32_data: INTEGERS, int64_data: INTEGERS, uint64_data: INTEGERS },
    ...{ data_type: [WIRE.varint], data_location: [WIRE.varint] },
    ...{ float_data: [WIRE.len, WIRE.i32], double_data: [WIRE.i64, WIRE.len] },
  }),
  value: wires(VALUE_INFO),
};

/** By number: the wire types of the fields of a message, which is length and bytes where nothing else is said. */
function wires<F extends Readonly<Record<string, number>>>(
  fields: F,
  others: { readonly [name in keyof F]?: readonly number[] } = {},
): ReadonlyMap<number, readonly number[]> {
  return new Map(Object.entries(fields).map(([name, id]) => [id, others[name] ?? [WIRE.len]]));
}

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
    if (!WIRES[message].get(field.field)?.includes(field.wire)) throw strange(message, field);
    yield field;
  }
}

function strange(message: OnnxMessage, { field, wire, start }: WireField): TokensphereError {
  const what = `a ${message} with field ${field} of wire type ${wire} at byte ${start}, which ONNX has not`;
  return new TokensphereError("input", `not a readable ONNX file: ${what}. fetch it again`);
}

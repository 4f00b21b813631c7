import { tensorBytes } from "./check-graph.ts";
import { onnxFields } from "./fields.ts";
import type { OnnxGraph } from "./graph.ts";
import { GRAPH, MODEL, TENSOR, VALUE_INFO, WIRE } from "./onnx-proto.ts";
import { fieldInts, fieldText, readFields, type WireField } from "./wire-reader.ts";
import { bytesField, concatBytes } from "./wire-writer.ts";
import { valueInfo } from "./writer.ts";

/** Constants up to this size stay: shapes and scales, which a runtime wants to know when it loads. */
const SMALL = 4096;

/**
 * The same model without its weights: large constants become inputs of their type and shape. A runtime that loads it has
 * checked every operator, attribute, type and dimension, and nothing of the weights was read or copied.
 */
export function graphSkeleton(bytes: Uint8Array, { initializers }: OnnxGraph): Uint8Array {
  const parts: Uint8Array[] = [];
  let before = 0;
  for (const field of readFields(bytes)) {
    parts.push(
      field.field === MODEL.graph
        ? bytesField(MODEL.graph, bareGraph(bytes, field, initializers))
        : bytes.subarray(before, field.end),
    );
    before = field.end;
  }
  return concatBytes(parts);
}

function bareGraph(bytes: Uint8Array, { start, end }: WireField, tensors: OnnxGraph["initializers"]): Uint8Array[] {
  const fields = [...readFields(bytes, start, end)];
  const inputs = new Set(
    fields.filter(({ field }) => field === GRAPH.input).map((field) => nameOf(bytes, field, VALUE_INFO.name)),
  );
  const parts: Uint8Array[] = [];
  let before = start;
  for (const field of fields) {
    const name = field.field === GRAPH.initializer ? nameOf(bytes, field, TENSOR.name) : "";
    const tensor = tensors.get(name);
    const isLarge = tensor && (tensor.location.kind === "external" || (tensorBytes(tensor) ?? 0) > SMALL);
    if (!isLarge) parts.push(bytes.subarray(before, field.end));
    else if (!inputs.has(name)) parts.push(asInput(bytes, field, name));
    before = field.end;
  }
  return parts;
}

/** ValueInfoProto of a constant: name, then type with element type and shape. */
function asInput(bytes: Uint8Array, { start, end }: WireField, name: string): Uint8Array {
  let type = 0;
  const dims: number[] = [];
  for (const field of onnxFields(bytes, "tensor", start, end)) {
    if (field.field === TENSOR.data_type) type = field.value;
    if (field.field === TENSOR.dims) dims.push(...fieldInts(bytes, field));
  }
  return bytesField(GRAPH.input, valueInfo(name, type, dims));
}

function nameOf(bytes: Uint8Array, { start, end }: WireField, id: number): string {
  for (const field of readFields(bytes, start, end)) {
    if (field.field === id && field.wire === WIRE.len) return fieldText(bytes, field);
  }
  return "";
}

import { TokensphereError } from "../errors.ts";
import { onnxFields } from "./fields.ts";
import {
  ATTRIBUTE,
  DIMENSION,
  EXTERNAL,
  FUNCTION,
  GRAPH,
  MODEL,
  NODE,
  OPERATOR_SET,
  SHAPE,
  STRING_ENTRY,
  TENSOR,
  TENSOR_TYPE,
  TYPE,
  VALUE_INFO,
  WIRE,
} from "./onnx-proto.ts";
import type { WireField } from "./wire-reader.ts";
import { fieldFloat, fieldFloats, fieldInts, fieldText, readFields } from "./wire-reader.ts";

/**
 * Where a constant's data lie: a byte range of the model file, a byte range of another file, or typed fields, of which
 * texts are not counted.
 */
export type TensorLocation =
  | { readonly kind: "raw"; readonly start: number; readonly end: number }
  | { readonly kind: "external"; readonly path: string; readonly offset: number; readonly length: number | null }
  | { readonly kind: "fields"; readonly elements: number | null };

/** A constant of the graph; its data stay where they are. `dtype` is ONNX Runtime's name, as `float32`. */
export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dtype: string;
  readonly location: TensorLocation;
}

/** An attribute of a node. A subgraph is not read, only the outer tensors it may use are: `captures`. */
export interface OnnxAttribute {
  readonly name: string;
  readonly int: number | null;
  readonly float: number | null;
  readonly string: string | null;
  readonly ints: readonly number[];
  readonly floats: readonly number[];
  readonly tensor: OnnxTensor | null;
  readonly hasGraph: boolean;
  readonly captures: readonly string[];
}

/** A node; `start` and `end` are the bytes of its message in the file. An omitted input or output is `""`. */
export interface OnnxNode {
  readonly op: string;
  readonly domain: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
  readonly start: number;
  readonly end: number;
}

/** A graph input or output. A named dimension is a string, an unknown one null; `dims` is null without a shape. */
export interface OnnxValue {
  readonly name: string;
  readonly dtype: string;
  readonly dims: readonly (number | string | null)[] | null;
}

/** What tokensphere reads of a ModelProto. */
export interface OnnxGraph {
  readonly irVersion: number;
  readonly producer: string;
  /** Version by domain; the standard domain is `""`. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: ReadonlyMap<string, OnnxTensor>;
  /** Graph inputs that are no initializers. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** Operators that the file itself defines, as `domain:name`. */
  readonly functions: readonly string[];
}

/** ONNX Runtime's names of element types, by their number in a file. */
export const DTYPES: readonly string[] = [
  ...["undefined", "float32", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool", "float16"],
  ...["float64", "uint32", "uint64", "complex64", "complex128", "bfloat16", "float8e4m3fn", "float8e4m3fnuz"],
  ...["float8e5m2", "float8e5m2fnuz", "uint4", "int4", "float4e2m1"],
];
const MAX_DEPTH = 16;

interface Draft {
  irVersion: number;
  producer: string;
  opsets: Map<string, number>;
  nodes: OnnxNode[];
  initializers: Map<string, OnnxTensor>;
  inputs: OnnxValue[];
  outputs: OnnxValue[];
  functions: string[];
}

/**
 * Reads a ModelProto by offsets: no weight is copied.
 *
 * @throws TokensphereError `input` where the bytes are damaged or hold no graph.
 */
export function readOnnxGraph(bytes: Uint8Array): OnnxGraph {
  const draft: Draft = {
    irVersion: 0,
    producer: "",
    opsets: new Map(),
    nodes: [],
    initializers: new Map(),
    inputs: [],
    outputs: [],
    functions: [],
  };
  for (const field of onnxFields(bytes, "model")) readModelField(bytes, field, draft);
  if (draft.nodes.length === 0 || draft.outputs.length === 0) {
    throw new TokensphereError("input", "an ONNX file without a graph of nodes and outputs. export the model again");
  }
  return { ...draft, inputs: draft.inputs.filter(({ name }) => !draft.initializers.has(name)) };
}

/** Repeated `graph` fields are merged, as protocol buffers ask. */
function readModelField(bytes: Uint8Array, field: WireField, draft: Draft): void {
  if (field.field === MODEL.ir_version && field.wire === WIRE.varint) draft.irVersion = field.value;
  if (field.wire !== WIRE.len) return;
  if (field.field === MODEL.producer_name) draft.producer = fieldText(bytes, field);
  if (field.field === MODEL.graph) {
    for (const inner of onnxFields(bytes, "graph", field.start, field.end)) readGraphField(bytes, inner, draft);
  }
  if (field.field === MODEL.opset_import) {
    const { text, value } = textAndNumber(bytes, field, OPERATOR_SET.domain, OPERATOR_SET.version);
    draft.opsets.set(text === "ai.onnx" ? "" : text, value);
  }
  if (field.field === MODEL.functions) draft.functions.push(readFunctionName(bytes, field));
}

function readGraphField(bytes: Uint8Array, field: WireField, draft: Draft): void {
  if (field.wire !== WIRE.len) return;
  if (field.field === GRAPH.node) draft.nodes.push(readNode(bytes, field, 0));
  if (field.field === GRAPH.initializer) {
    const tensor = readTensor(bytes, field);
    if (draft.initializers.has(tensor.name)) throw twice(tensor.name);
    draft.initializers.set(tensor.name, tensor);
  }
  if (field.field === GRAPH.input) draft.inputs.push(readValue(bytes, field));
  if (field.field === GRAPH.output) draft.outputs.push(readValue(bytes, field));
}

function readNode(bytes: Uint8Array, { start, end }: WireField, depth: number): OnnxNode {
  const node = { op: "", domain: "", name: "", inputs: [] as string[], outputs: [] as string[] };
  const attributes = new Map<string, OnnxAttribute>();
  for (const field of onnxFields(bytes, "node", start, end)) {
    if (field.wire !== WIRE.len) continue;
    if (field.field === NODE.input) node.inputs.push(fieldText(bytes, field));
    if (field.field === NODE.output) node.outputs.push(fieldText(bytes, field));
    if (field.field === NODE.name) node.name = fieldText(bytes, field);
    if (field.field === NODE.op_type) node.op = fieldText(bytes, field);
    if (field.field === NODE.domain) node.domain = fieldText(bytes, field);
    if (field.field === NODE.attribute) {
      const attribute = readAttribute(bytes, field, depth);
      attributes.set(attribute.name, attribute);
    }
  }
  return { ...node, attributes, start, end };
}

function readAttribute(bytes: Uint8Array, { start, end }: WireField, depth: number): OnnxAttribute {
  const draft = {
    name: "",
    int: null as number | null,
    float: null as number | null,
    string: null as string | null,
    ints: [] as number[],
    floats: [] as number[],
    tensor: null as OnnxTensor | null,
    hasGraph: false,
    captures: [] as string[],
  };
  for (const field of onnxFields(bytes, "attribute", start, end)) {
    const { field: id, wire } = field;
    if (id === ATTRIBUTE.name && wire === WIRE.len) draft.name = fieldText(bytes, field);
    if (id === ATTRIBUTE.f && wire === WIRE.i32) draft.float = fieldFloat(bytes, field);
    if (id === ATTRIBUTE.i && wire === WIRE.varint) draft.int = field.value;
    if (id === ATTRIBUTE.s && wire === WIRE.len) draft.string = fieldText(bytes, field);
    if (id === ATTRIBUTE.t && wire === WIRE.len) draft.tensor = readTensor(bytes, field);
    if (id === ATTRIBUTE.floats && (wire === WIRE.len || wire === WIRE.i32))
      append(draft.floats, fieldFloats(bytes, field));
    if (id === ATTRIBUTE.ints && (wire === WIRE.len || wire === WIRE.varint))
      append(draft.ints, fieldInts(bytes, field));
    if ((id === ATTRIBUTE.g || id === ATTRIBUTE.graphs) && wire === WIRE.len) {
      draft.hasGraph = true;
      append(draft.captures, readCaptures(bytes, field, depth + 1));
    }
  }
  return draft;
}

/** Every tensor name that the nodes of a subgraph read: those of the outer graph are among them. */
function readCaptures(bytes: Uint8Array, { start, end }: WireField, depth: number): string[] {
  if (depth > MAX_DEPTH)
    throw new TokensphereError("input", "subgraphs nested deeper than 16. export the model without them");
  const names: string[] = [];
  for (const field of onnxFields(bytes, "graph", start, end)) {
    if (field.wire !== WIRE.len) continue;
    if (field.field === GRAPH.output) names.push(readValue(bytes, field).name);
    if (field.field !== GRAPH.node) continue;
    const node = readNode(bytes, field, depth);
    names.push(...node.inputs);
    for (const attribute of node.attributes.values()) append(names, attribute.captures);
  }
  return names.filter((name) => name !== "");
}

function readTensor(bytes: Uint8Array, { start, end }: WireField): OnnxTensor {
  let name = "";
  let dtype = 0;
  let location: TensorLocation | null = null;
  let elements: number | null = 0;
  let external = false;
  const dims: number[] = [];
  const entries = new Map<string, string>();
  for (const field of onnxFields(bytes, "tensor", start, end)) {
    const { field: id, wire } = field;
    if (id === TENSOR.dims && (wire === WIRE.varint || wire === WIRE.len)) append(dims, fieldInts(bytes, field));
    if (id === TENSOR.data_type && wire === WIRE.varint) dtype = field.value;
    if (id === TENSOR.name && wire === WIRE.len) name = fieldText(bytes, field);
    if (id === TENSOR.raw_data && wire === WIRE.len) location = { kind: "raw", start: field.start, end: field.end };
    if (id in ELEMENTS) elements = (elements ?? 0) + ELEMENTS[id](bytes, field);
    if (id === TENSOR.string_data) elements = null;
    if (id === TENSOR.external_data && wire === WIRE.len) entries.set(...readEntry(bytes, field));
    if (id === TENSOR.data_location && wire === WIRE.varint) external = field.value === EXTERNAL;
  }
  if (external) location = externalLocation(entries);
  return { name, dims, dtype: DTYPES[dtype] ?? `type ${dtype}`, location: location ?? { kind: "fields", elements } };
}

/** How many numbers a typed field of a tensor holds. */
const ELEMENTS: Readonly<Record<number, (bytes: Uint8Array, field: WireField) => number>> = {
  [TENSOR.float_data]: (_, { start, end }) => (end - start) / 4,
  [TENSOR.int32_data]: (bytes, field) => fieldInts(bytes, field).length,
  [TENSOR.int64_data]: (bytes, field) => fieldInts(bytes, field).length,
  [TENSOR.double_data]: (_, { start, end }) => (end - start) / 8,
  [TENSOR.uint64_data]: (bytes, field) => fieldInts(bytes, field).length,
};

function twice(name: string): TokensphereError {
  return new TokensphereError("input", `not a whole ONNX model: two constants named ${name}. fetch it again`);
}

function externalLocation(entries: ReadonlyMap<string, string>): TensorLocation {
  const length = entries.get("length");
  return {
    kind: "external",
    path: entries.get("location") ?? "",
    offset: Number(entries.get("offset") ?? 0),
    length: length === undefined ? null : Number(length),
  };
}

function readEntry(bytes: Uint8Array, { start, end }: WireField): [string, string] {
  const entry: [string, string] = ["", ""];
  for (const field of readFields(bytes, start, end)) {
    if (field.wire !== WIRE.len) continue;
    if (field.field === STRING_ENTRY.key) entry[0] = fieldText(bytes, field);
    if (field.field === STRING_ENTRY.value) entry[1] = fieldText(bytes, field);
  }
  return entry;
}

function readValue(bytes: Uint8Array, { start, end }: WireField): OnnxValue {
  let value: OnnxValue = { name: "", dtype: "undefined", dims: null };
  for (const field of onnxFields(bytes, "value", start, end)) {
    if (field.wire !== WIRE.len) continue;
    if (field.field === VALUE_INFO.name) value = { ...value, name: fieldText(bytes, field) };
    if (field.field === VALUE_INFO.type) value = { ...value, ...readType(bytes, field) };
  }
  return value;
}

/** TypeProto: only tensors are read, anything else keeps the type `undefined`. */
function readType(bytes: Uint8Array, { start, end }: WireField): Partial<OnnxValue> {
  for (const field of readFields(bytes, start, end)) {
    if (field.field !== TYPE.tensor_type || field.wire !== WIRE.len) continue;
    let type: Partial<OnnxValue> = {};
    for (const inner of readFields(bytes, field.start, field.end)) {
      if (inner.field === TENSOR_TYPE.elem_type && inner.wire === WIRE.varint)
        type = { ...type, dtype: DTYPES[inner.value] ?? `type ${inner.value}` };
      if (inner.field === TENSOR_TYPE.shape && inner.wire === WIRE.len)
        type = { ...type, dims: readShape(bytes, inner) };
    }
    return type;
  }
  return {};
}

function readShape(bytes: Uint8Array, { start, end }: WireField): (number | string | null)[] {
  const dims: (number | string | null)[] = [];
  for (const field of readFields(bytes, start, end)) {
    if (field.field !== SHAPE.dim || field.wire !== WIRE.len) continue;
    let dim: number | string | null = null;
    for (const inner of readFields(bytes, field.start, field.end)) {
      if (inner.field === DIMENSION.dim_value && inner.wire === WIRE.varint) dim = inner.value;
      if (inner.field === DIMENSION.dim_param && inner.wire === WIRE.len) dim = fieldText(bytes, inner) || null;
    }
    dims.push(dim);
  }
  return dims;
}

function readFunctionName(bytes: Uint8Array, { start, end }: WireField): string {
  let name = "";
  let domain = "";
  for (const field of readFields(bytes, start, end)) {
    if (field.wire !== WIRE.len) continue;
    if (field.field === FUNCTION.name) name = fieldText(bytes, field);
    if (field.field === FUNCTION.domain) domain = fieldText(bytes, field);
  }
  return `${domain}:${name}`;
}

function textAndNumber(bytes: Uint8Array, { start, end }: WireField, textId: number, numberId: number) {
  let text = "";
  let value = 0;
  for (const field of readFields(bytes, start, end)) {
    if (field.field === textId && field.wire === WIRE.len) text = fieldText(bytes, field);
    if (field.field === numberId && field.wire === WIRE.varint) value = field.value;
  }
  return { text, value };
}

/** A spread would put every value on the stack. */
function append<T>(list: T[], values: readonly T[]): void {
  for (const value of values) list.push(value);
}

import { TokensphereError } from "../errors.ts";
import { onnxFields } from "./fields.ts";
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
    throw new TokensphereError("input", "not an ONNX model: no graph in the file. give a .onnx file");
  }
  return { ...draft, inputs: draft.inputs.filter(({ name }) => !draft.initializers.has(name)) };
}

/** Repeated `graph` fields are merged, as protocol buffers ask. */
function readModelField(bytes: Uint8Array, field: WireField, draft: Draft): void {
  if (field.field === 1 && field.wire === 0) draft.irVersion = field.value;
  if (field.wire !== 2) return;
  if (field.field === 2) draft.producer = fieldText(bytes, field);
  if (field.field === 7) {
    for (const inner of onnxFields(bytes, "graph", field.start, field.end)) readGraphField(bytes, inner, draft);
  }
  if (field.field === 8) {
    const { text, value } = textAndNumber(bytes, field, 1, 2);
    draft.opsets.set(text === "ai.onnx" ? "" : text, value);
  }
  if (field.field === 25) draft.functions.push(readFunctionName(bytes, field));
}

function readGraphField(bytes: Uint8Array, field: WireField, draft: Draft): void {
  if (field.wire !== 2) return;
  if (field.field === 1) draft.nodes.push(readNode(bytes, field, 0));
  if (field.field === 5) {
    const tensor = readTensor(bytes, field);
    if (draft.initializers.has(tensor.name)) throw twice(tensor.name);
    draft.initializers.set(tensor.name, tensor);
  }
  if (field.field === 11) draft.inputs.push(readValue(bytes, field));
  if (field.field === 12) draft.outputs.push(readValue(bytes, field));
}

function readNode(bytes: Uint8Array, { start, end }: WireField, depth: number): OnnxNode {
  const node = { op: "", domain: "", name: "", inputs: [] as string[], outputs: [] as string[] };
  const attributes = new Map<string, OnnxAttribute>();
  for (const field of onnxFields(bytes, "node", start, end)) {
    if (field.wire !== 2) continue;
    if (field.field === 1) node.inputs.push(fieldText(bytes, field));
    if (field.field === 2) node.outputs.push(fieldText(bytes, field));
    if (field.field === 3) node.name = fieldText(bytes, field);
    if (field.field === 4) node.op = fieldText(bytes, field);
    if (field.field === 7) node.domain = fieldText(bytes, field);
    if (field.field === 5) {
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
    if (id === 1 && wire === 2) draft.name = fieldText(bytes, field);
    if (id === 2 && wire === 5) draft.float = fieldFloat(bytes, field);
    if (id === 3 && wire === 0) draft.int = field.value;
    if (id === 4 && wire === 2) draft.string = fieldText(bytes, field);
    if (id === 5 && wire === 2) draft.tensor = readTensor(bytes, field);
    if (id === 7 && (wire === 2 || wire === 5)) append(draft.floats, fieldFloats(bytes, field));
    if (id === 8 && (wire === 2 || wire === 0)) append(draft.ints, fieldInts(bytes, field));
    if ((id === 6 || id === 11) && wire === 2) {
      draft.hasGraph = true;
      append(draft.captures, readCaptures(bytes, field, depth + 1));
    }
  }
  return draft;
}

/** Every tensor name that the nodes of a subgraph read: those of the outer graph are among them. */
function readCaptures(bytes: Uint8Array, { start, end }: WireField, depth: number): string[] {
  if (depth > MAX_DEPTH)
    throw new TokensphereError("input", "subgraphs nested deeper than 16. such a file is not read");
  const names: string[] = [];
  for (const field of onnxFields(bytes, "graph", start, end)) {
    if (field.wire !== 2) continue;
    if (field.field === 12) names.push(readValue(bytes, field).name);
    if (field.field !== 1) continue;
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
    if (id === 1 && (wire === 0 || wire === 2)) append(dims, fieldInts(bytes, field));
    if (id === 2 && wire === 0) dtype = field.value;
    if (id === 8 && wire === 2) name = fieldText(bytes, field);
    if (id === 9 && wire === 2) location = { kind: "raw", start: field.start, end: field.end };
    if (id in ELEMENTS) elements = (elements ?? 0) + ELEMENTS[id](bytes, field);
    if (id === 6) elements = null;
    if (id === 13 && wire === 2) entries.set(...readEntry(bytes, field));
    if (id === 14 && wire === 0) external = field.value === 1;
  }
  if (external) location = externalLocation(entries);
  return { name, dims, dtype: DTYPES[dtype] ?? `type ${dtype}`, location: location ?? { kind: "fields", elements } };
}

/** How many numbers a typed field of a tensor holds. */
const ELEMENTS: Readonly<Record<number, (bytes: Uint8Array, field: WireField) => number>> = {
  4: (_, { start, end }) => (end - start) / 4,
  5: (bytes, field) => fieldInts(bytes, field).length,
  7: (bytes, field) => fieldInts(bytes, field).length,
  10: (_, { start, end }) => (end - start) / 8,
  11: (bytes, field) => fieldInts(bytes, field).length,
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
    if (field.wire === 2 && (field.field === 1 || field.field === 2)) entry[field.field - 1] = fieldText(bytes, field);
  }
  return entry;
}

function readValue(bytes: Uint8Array, { start, end }: WireField): OnnxValue {
  let value: OnnxValue = { name: "", dtype: "undefined", dims: null };
  for (const field of onnxFields(bytes, "value", start, end)) {
    if (field.wire !== 2) continue;
    if (field.field === 1) value = { ...value, name: fieldText(bytes, field) };
    if (field.field === 2) value = { ...value, ...readType(bytes, field) };
  }
  return value;
}

/** TypeProto: only tensors are read, anything else keeps the type `undefined`. */
function readType(bytes: Uint8Array, { start, end }: WireField): Partial<OnnxValue> {
  for (const field of readFields(bytes, start, end)) {
    if (field.field !== 1 || field.wire !== 2) continue;
    let type: Partial<OnnxValue> = {};
    for (const inner of readFields(bytes, field.start, field.end)) {
      if (inner.field === 1 && inner.wire === 0)
        type = { ...type, dtype: DTYPES[inner.value] ?? `type ${inner.value}` };
      if (inner.field === 2 && inner.wire === 2) type = { ...type, dims: readShape(bytes, inner) };
    }
    return type;
  }
  return {};
}

function readShape(bytes: Uint8Array, { start, end }: WireField): (number | string | null)[] {
  const dims: (number | string | null)[] = [];
  for (const field of readFields(bytes, start, end)) {
    if (field.field !== 1 || field.wire !== 2) continue;
    let dim: number | string | null = null;
    for (const inner of readFields(bytes, field.start, field.end)) {
      if (inner.field === 1 && inner.wire === 0) dim = inner.value;
      if (inner.field === 2 && inner.wire === 2) dim = fieldText(bytes, inner) || null;
    }
    dims.push(dim);
  }
  return dims;
}

function readFunctionName(bytes: Uint8Array, { start, end }: WireField): string {
  let name = "";
  let domain = "";
  for (const field of readFields(bytes, start, end)) {
    if (field.wire !== 2) continue;
    if (field.field === 1) name = fieldText(bytes, field);
    if (field.field === 10) domain = fieldText(bytes, field);
  }
  return `${domain}:${name}`;
}

function textAndNumber(bytes: Uint8Array, { start, end }: WireField, textId: number, numberId: number) {
  let text = "";
  let value = 0;
  for (const field of readFields(bytes, start, end)) {
    if (field.field === textId && field.wire === 2) text = fieldText(bytes, field);
    if (field.field === numberId && field.wire === 0) value = field.value;
  }
  return { text, value };
}

/** A spread would put every value on the stack. */
function append<T>(list: T[], values: readonly T[]): void {
  for (const value of values) list.push(value);
}

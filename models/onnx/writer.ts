import { TokensphereError } from "../errors.ts";
import {
  ATTRIBUTE,
  ATTRIBUTE_TYPE,
  DIMENSION,
  EXTERNAL,
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
} from "./onnx-proto.ts";
import { bytesField, concatBytes, floatField, intField } from "./wire-writer.ts";

/** Element types that a written graph may use, by the name ONNX's runtime uses. */
export type WritableType = "float32" | "float64" | "int32" | "int64" | "bool";

/** An attribute with its kind said: `{ int: 1 }` and `{ float: 1 }` are different things to ONNX. */
export type AttributeSpec =
  | { readonly int: number | bigint }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly ints: readonly (number | bigint)[] }
  | { readonly floats: readonly number[] }
  | { readonly strings: readonly string[] }
  | { readonly tensor: TensorSpec };

/** A constant: `data` row-major, its length the product of `dims`. */
export interface TensorSpec {
  readonly type: WritableType;
  readonly dims: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array | readonly (number | bigint)[];
}

/** A constant whose bytes lie in another file, little-endian and row-major; half precision only here. */
export interface ExternalTensorSpec {
  readonly type: WritableType | "float16" | "bfloat16";
  readonly dims: readonly number[];
  /** `path` as the runtime is told it; offset and length in bytes. */
  readonly external: { readonly path: string; readonly offset: number; readonly length: number };
}

/** A graph input or output; a string in `dims` names a free dimension. */
export interface ValueSpec {
  readonly name: string;
  readonly type: WritableType;
  readonly dims: readonly (number | string)[];
}

/** A node; `""` among the inputs leaves an optional input out. */
export interface NodeSpec {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, AttributeSpec>>;
  readonly domain?: string;
  readonly name?: string;
}

/** A whole model of one graph. `domains` adds operator sets beside the standard one, as `{ "com.microsoft": 1 }`. */
export interface ModelSpec {
  readonly opset: number;
  readonly irVersion?: number;
  readonly domains?: Readonly<Record<string, number>>;
  readonly inputs: readonly ValueSpec[];
  readonly outputs: readonly ValueSpec[];
  readonly nodes: readonly NodeSpec[];
  readonly initializers: readonly ((TensorSpec | ExternalTensorSpec) & { readonly name: string })[];
}

/** Numbers of element types. */
export const TYPE_CODES = { float32: 1, float64: 11, int32: 6, int64: 7, bool: 9, float16: 10, bfloat16: 16 } as const;

/**
 * Encodes an ONNX model (ModelProto). Nodes must be in topological order.
 *
 * @throws TokensphereError `input` where a constant's length is not the product of its dims.
 */
export function encodeModel(spec: ModelSpec): Uint8Array {
  const graph = [
    ...spec.nodes.map((node) => bytesField(GRAPH.node, encodeNode(node))),
    bytesField(GRAPH.name, "tokensphere"),
    ...spec.initializers.map((tensor) => bytesField(GRAPH.initializer, encodeInitializer(tensor, tensor.name))),
    ...spec.inputs.map((value) => bytesField(GRAPH.input, encodeValue(value))),
    ...spec.outputs.map((value) => bytesField(GRAPH.output, encodeValue(value))),
  ];
  const opsets = Object.entries({ "": spec.opset, ...spec.domains });
  return concatBytes([
    intField(MODEL.ir_version, spec.irVersion ?? 8),
    bytesField(MODEL.producer_name, "tokensphere"),
    bytesField(MODEL.graph, graph),
    ...opsets.map(([domain, version]) =>
      bytesField(MODEL.opset_import, [
        bytesField(OPERATOR_SET.domain, domain),
        intField(OPERATOR_SET.version, version),
      ]),
    ),
  ]);
}

/** The fields of a NodeProto. */
export function encodeNode(node: NodeSpec): Uint8Array[] {
  return [
    ...node.inputs.map((name) => bytesField(NODE.input, name)),
    ...node.outputs.map((name) => bytesField(NODE.output, name)),
    ...(node.name ? [bytesField(NODE.name, node.name)] : []),
    bytesField(NODE.op_type, node.op),
    ...Object.entries(node.attributes ?? {}).map(([name, value]) =>
      bytesField(NODE.attribute, encodeAttribute(name, value)),
    ),
    ...(node.domain ? [bytesField(NODE.domain, node.domain)] : []),
  ];
}

function encodeAttribute(name: string, value: AttributeSpec): Uint8Array[] {
  return [bytesField(ATTRIBUTE.name, name), ...attributeFields(value)];
}

/** The value and its type. */
function attributeFields(value: AttributeSpec): Uint8Array[] {
  if ("float" in value) return [floatField(ATTRIBUTE.f, value.float), typed("FLOAT")];
  if ("int" in value) return [intField(ATTRIBUTE.i, value.int), typed("INT")];
  if ("string" in value) return [bytesField(ATTRIBUTE.s, value.string), typed("STRING")];
  if ("tensor" in value) return [bytesField(ATTRIBUTE.t, encodeTensor(value.tensor)), typed("TENSOR")];
  if ("floats" in value) return [...value.floats.map((item) => floatField(ATTRIBUTE.floats, item)), typed("FLOATS")];
  if ("ints" in value) return [...value.ints.map((item) => intField(ATTRIBUTE.ints, item)), typed("INTS")];
  return [...value.strings.map((item) => bytesField(ATTRIBUTE.strings, item)), typed("STRINGS")];
}

function typed(type: keyof typeof ATTRIBUTE_TYPE): Uint8Array {
  return intField(ATTRIBUTE.type, ATTRIBUTE_TYPE[type]);
}

function encodeInitializer(tensor: TensorSpec | ExternalTensorSpec, name: string): Uint8Array[] {
  return "external" in tensor ? encodeExternal(tensor, name) : encodeTensor(tensor, name);
}

/** Only the place of the data: three entries of text, and data_location = EXTERNAL. */
function encodeExternal({ type, dims, external }: ExternalTensorSpec, name: string): Uint8Array[] {
  const entries = { location: external.path, offset: String(external.offset), length: String(external.length) };
  return [
    ...dims.map((dim) => intField(TENSOR.dims, dim)),
    intField(TENSOR.data_type, TYPE_CODES[type]),
    bytesField(TENSOR.name, name),
    ...Object.entries(entries).map(([key, value]) =>
      bytesField(TENSOR.external_data, [bytesField(STRING_ENTRY.key, key), bytesField(STRING_ENTRY.value, value)]),
    ),
    intField(TENSOR.data_location, EXTERNAL),
  ];
}

function encodeTensor(tensor: TensorSpec, name = ""): Uint8Array[] {
  const size = tensor.dims.reduce((product, dim) => product * dim, 1);
  if (tensor.data.length !== size) {
    throw new TokensphereError(
      "input",
      `constant ${name || "(unnamed)"}: ${tensor.data.length} values for dims [${tensor.dims}]. give ${size}`,
    );
  }
  return [
    ...tensor.dims.map((dim) => intField(TENSOR.dims, dim)),
    intField(TENSOR.data_type, TYPE_CODES[tensor.type]),
    ...(name ? [bytesField(TENSOR.name, name)] : []),
    bytesField(TENSOR.raw_data, rawData(tensor)),
  ];
}

/** Little-endian bytes, as `raw_data` wants them (every platform Node runs on with ONNX Runtime is little-endian). */
function rawData({ type, data }: TensorSpec): Uint8Array {
  const typed = toTyped(type, data);
  return new Uint8Array(typed.buffer, typed.byteOffset, typed.byteLength);
}

function toTyped(type: WritableType, data: TensorSpec["data"]) {
  const values = data as ArrayLike<number>;
  if (type === "float32") return data instanceof Float32Array ? data : Float32Array.from(values, Number);
  if (type === "float64") return data instanceof Float64Array ? data : Float64Array.from(values, Number);
  if (type === "int32") return data instanceof Int32Array ? data : Int32Array.from(values, Number);
  if (type === "bool") return data instanceof Uint8Array ? data : Uint8Array.from(values, Number);
  return data instanceof BigInt64Array ? data : BigInt64Array.from(Array.from(values, BigInt));
}

function encodeValue({ name, type, dims }: ValueSpec): Uint8Array[] {
  return valueInfo(name, TYPE_CODES[type], dims);
}

/**
 * The fields of a ValueInfoProto.
 *
 * @param type - The number of the element type.
 * @param dims - Null: nothing is said of the shape.
 */
export function valueInfo(name: string, type: number, dims: ValueSpec["dims"] | null): Uint8Array[] {
  const shape = dims?.map((dim) =>
    bytesField(SHAPE.dim, [
      typeof dim === "number" ? intField(DIMENSION.dim_value, dim) : bytesField(DIMENSION.dim_param, dim),
    ]),
  );
  const tensor = [
    intField(TENSOR_TYPE.elem_type, type),
    ...(shape === undefined ? [] : [bytesField(TENSOR_TYPE.shape, shape)]),
  ];
  return [bytesField(VALUE_INFO.name, name), bytesField(VALUE_INFO.type, [bytesField(TYPE.tensor_type, tensor)])];
}

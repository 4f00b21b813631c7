import { TokensphereError } from "../errors.ts";
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

const TYPE_CODES = { float32: 1, float64: 11, int32: 6, int64: 7, bool: 9, float16: 10, bfloat16: 16 } as const;

/**
 * Encodes an ONNX model (ModelProto). Nodes must be in topological order.
 *
 * @throws TokensphereError `input` where a constant's length is not the product of its dims.
 */
export function encodeModel(spec: ModelSpec): Uint8Array {
  const graph = [
    ...spec.nodes.map((node) => bytesField(1, encodeNode(node))),
    bytesField(2, "tokensphere"),
    ...spec.initializers.map((tensor) => bytesField(5, encodeInitializer(tensor, tensor.name))),
    ...spec.inputs.map((value) => bytesField(11, encodeValue(value))),
    ...spec.outputs.map((value) => bytesField(12, encodeValue(value))),
  ];
  const opsets = Object.entries({ "": spec.opset, ...spec.domains });
  return concatBytes([
    intField(1, spec.irVersion ?? 8),
    bytesField(2, "tokensphere"),
    bytesField(7, graph),
    ...opsets.map(([domain, version]) => bytesField(8, [bytesField(1, domain), intField(2, version)])),
  ]);
}

function encodeNode(node: NodeSpec): Uint8Array[] {
  return [
    ...node.inputs.map((name) => bytesField(1, name)),
    ...node.outputs.map((name) => bytesField(2, name)),
    ...(node.name ? [bytesField(3, node.name)] : []),
    bytesField(4, node.op),
    ...Object.entries(node.attributes ?? {}).map(([name, value]) => bytesField(5, encodeAttribute(name, value))),
    ...(node.domain ? [bytesField(7, node.domain)] : []),
  ];
}

function encodeAttribute(name: string, value: AttributeSpec): Uint8Array[] {
  return [bytesField(1, name), ...attributeFields(value)];
}

/** The value and, in field 20, its AttributeType. */
function attributeFields(value: AttributeSpec): Uint8Array[] {
  if ("float" in value) return [floatField(2, value.float), intField(20, 1)];
  if ("int" in value) return [intField(3, value.int), intField(20, 2)];
  if ("string" in value) return [bytesField(4, value.string), intField(20, 3)];
  if ("tensor" in value) return [bytesField(5, encodeTensor(value.tensor)), intField(20, 4)];
  if ("floats" in value) return [...value.floats.map((item) => floatField(7, item)), intField(20, 6)];
  if ("ints" in value) return [...value.ints.map((item) => intField(8, item)), intField(20, 7)];
  return [...value.strings.map((item) => bytesField(9, item)), intField(20, 8)];
}

function encodeInitializer(tensor: TensorSpec | ExternalTensorSpec, name: string): Uint8Array[] {
  return "external" in tensor ? encodeExternal(tensor, name) : encodeTensor(tensor, name);
}

/** Only the place of the data: three entries of text, and data_location = EXTERNAL. */
function encodeExternal({ type, dims, external }: ExternalTensorSpec, name: string): Uint8Array[] {
  const entries = { location: external.path, offset: String(external.offset), length: String(external.length) };
  return [
    ...dims.map((dim) => intField(1, dim)),
    intField(2, TYPE_CODES[type]),
    bytesField(8, name),
    ...Object.entries(entries).map(([key, value]) => bytesField(13, [bytesField(1, key), bytesField(2, value)])),
    intField(14, 1),
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
    ...tensor.dims.map((dim) => intField(1, dim)),
    intField(2, TYPE_CODES[tensor.type]),
    ...(name ? [bytesField(8, name)] : []),
    bytesField(9, rawData(tensor)),
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
  const shape = dims.map((dim) => bytesField(1, [typeof dim === "number" ? intField(1, dim) : bytesField(2, dim)]));
  return [bytesField(1, name), bytesField(2, [bytesField(1, [intField(1, TYPE_CODES[type]), bytesField(2, shape)])])];
}

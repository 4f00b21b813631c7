/** Data of a tensor. float16 and bfloat16 are their bits in a Uint16Array, bool is bytes. */
export type TensorData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

/** A tensor as ONNX Runtime takes and gives it: `dtype` by its name (`float32`, `int64` …), data row-major. */
export interface RawTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** Model inputs by name. */
export type RawInputs = Readonly<Record<string, RawTensor>>;

/** The number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

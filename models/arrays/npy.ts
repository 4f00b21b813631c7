import { readFile, stat } from "node:fs/promises";
import { TokensphereError } from "../errors.ts";
import { halfToFloat } from "./half-floats.ts";
import { refusePointer } from "./lfs-pointer.ts";
import { type NpyHeader, parseNpyHeader } from "./npy-header.ts";
import { type RawTensor, sizeOf, type TensorData } from "./raw-tensor.ts";

/** Bytes of a file that Node reads as a whole. */
const MOST_WHOLE = 2 ** 31 - 1;

/**
 * Reads a .npy file as float64, row-major: whole numbers, booleans and floating point of either byte order.
 * Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 *
 * @throws TokensphereError `input` where the file is none such, or has more than 2 GiB: all of it is held, and twice as float64.
 */
export async function readNpy(path: string): Promise<RawTensor> {
  try {
    const bytes = await readFile(path);
    refusePointer(bytes, path);
    return parseNpy(new Uint8Array(bytes), path);
  } catch (error) {
    if (error instanceof TokensphereError) throw error;
    if ((error as NodeJS.ErrnoException).code === "ERR_FS_FILE_TOO_LARGE") {
      const what = `array cannot be read: ${path}: ${(await stat(path)).size} bytes, and ${MOST_WHOLE} are held at once`;
      throw new TokensphereError("input", `${what}. give fewer rows, or numbers of half the bytes`, { cause: error });
    }
    throw new TokensphereError("input", `array cannot be read: ${path}. check the path`, { cause: error });
  }
}

/** An array from the bytes of a .npy file as float64; `path` is for messages. */
export function parseNpy(bytes: Uint8Array, path: string): RawTensor {
  const header = parseNpyHeader(bytes, path);
  const { dtype, data } = decodeNpy(header, bytes.subarray(header.dataStart), path);
  return { dtype: "float64", shape: header.shape, data: asFloat64(dtype, data) };
}

/**
 * The whole array of a header from the bytes after it, in its own type and row-major.
 *
 * @throws TokensphereError `input` where bytes are missing or the elements are no numbers.
 */
export function decodeNpy(header: NpyHeader, bytes: Uint8Array, path: string): RawTensor {
  const { shape, columnMajor, dtype } = header;
  const data = decodeElements(header, bytes, sizeOf(shape), path);
  checkNothingBehind(header, bytes.length, path);
  return { dtype, shape, data: columnMajor ? rowMajor(data, shape) : data };
}

/**
 * @param length - Bytes from the first element to the end of the file.
 * @throws TokensphereError `input` where there are more than the shape asks for: header and data are not of one array.
 */
export function checkNothingBehind({ shape, itemBytes }: NpyHeader, length: number, path: string): void {
  const extra = length - sizeOf(shape) * itemBytes;
  if (extra > 0) throw badArray(path, `${extra} bytes behind its ${sizeOf(shape)} elements`);
}

const VIEWS: Readonly<Record<string, (buffer: ArrayBuffer) => TensorData>> = {
  float16: (buffer) => new Uint16Array(buffer),
  float32: (buffer) => new Float32Array(buffer),
  float64: (buffer) => new Float64Array(buffer),
  int8: (buffer) => new Int8Array(buffer),
  int16: (buffer) => new Int16Array(buffer),
  int32: (buffer) => new Int32Array(buffer),
  int64: (buffer) => new BigInt64Array(buffer),
  uint8: (buffer) => new Uint8Array(buffer),
  uint16: (buffer) => new Uint16Array(buffer),
  uint32: (buffer) => new Uint32Array(buffer),
  uint64: (buffer) => new BigUint64Array(buffer),
  bool: (buffer) => new Uint8Array(buffer),
};

/** The first `count` elements in the order of the file. */
export function decodeElements(
  { dtype, itemBytes, bigEndian }: NpyHeader,
  bytes: Uint8Array,
  count: number,
  path: string,
): TensorData {
  if (count * itemBytes > bytes.length) throw badArray(path, `the file ends before its ${count} elements`);
  const view = VIEWS[dtype];
  if (!view) throw badArray(path, `elements of type ${dtype}`);
  // Not `slice`: a Buffer's shares its memory.
  const copy = Buffer.from(new Uint8Array(bytes.subarray(0, count * itemBytes)).buffer);
  if (bigEndian && itemBytes === 2) copy.swap16();
  if (bigEndian && itemBytes === 4) copy.swap32();
  if (bigEndian && itemBytes === 8) copy.swap64();
  return view(copy.buffer as ArrayBuffer);
}

/** Strings of an array of fixed-length strings: UCS-4 of either byte order (`U`) or bytes (`S`). */
export function decodeStrings({ dtype, itemBytes, bigEndian, shape }: NpyHeader, bytes: Uint8Array, path: string) {
  const count = sizeOf(shape);
  if (count > 0 && itemBytes === 0) throw badArray(path, "strings of no length");
  if (count * itemBytes > bytes.length) throw badArray(path, `the file ends before its ${count} elements`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const one = (i: number): string => {
    const from = i * itemBytes;
    if (dtype === "bytes") return new TextDecoder().decode(bytes.subarray(from, from + itemBytes)).replace(/\0+$/, "");
    const points = Array.from({ length: itemBytes / 4 }, (_, k) => view.getUint32(from + 4 * k, !bigEndian));
    return points
      .map((point) => String.fromCodePoint(point <= 0x10ffff ? point : 0xfffd))
      .join("")
      .replace(/\0+$/, "");
  };
  return Array.from({ length: count }, (_, i) => one(i));
}

/** Numbers of any type as float64. */
function asFloat64(dtype: string, data: TensorData): Float64Array {
  if (data instanceof Float64Array) return data;
  if (dtype === "float16") return Float64Array.from(halfToFloat(data as Uint16Array));
  return Float64Array.from(data as ArrayLike<number | bigint>, Number);
}

/** A column-major array (the first index runs fastest) as a row-major one (the last does). */
function rowMajor(data: TensorData, shape: readonly number[]): TensorData {
  const out = data.slice() as Float64Array;
  const from = data as Float64Array;
  const index = shape.map(() => 0);
  const strides = shape.map((_, k) => sizeOf(shape.slice(0, k)));
  for (let i = 0, at = 0; i < out.length; i++) {
    out[i] = from[at];
    for (let k = shape.length - 1; k >= 0; k--) {
      at += strides[k];
      if (++index[k] < shape[k]) break;
      at -= strides[k] * shape[k];
      index[k] = 0;
    }
  }
  return out;
}

function badArray(path: string, what: string): TokensphereError {
  return new TokensphereError("input", `array cannot be used: ${path}: ${what}. save it again with numpy.save`);
}

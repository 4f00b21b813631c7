import { readFile } from "node:fs/promises";
import { TokensphereError } from "./errors.ts";
import { type RawTensor, sizeOf } from "./raw-tensor.ts";

/**
 * Reads a .npy file as float64, row-major (f4, f8, i4, i8, little-endian; column-major arrays are turned around up to two dimensions).
 * Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 *
 * @throws TokensphereError `input` where the file is none such.
 */
export async function readNpy(path: string): Promise<RawTensor> {
  try {
    return parseNpy(new Uint8Array(await readFile(path)), path);
  } catch (error) {
    if (error instanceof TokensphereError) throw error;
    throw new TokensphereError("input", `array cannot be read: ${path}. check the path`, { cause: error });
  }
}

/** An array from the bytes of a .npy file; `path` is for messages. */
export function parseNpy(bytes: Uint8Array, path: string): RawTensor {
  const { text, end } = headerOf(bytes, path);
  const type = /'descr':\s*'([^']*)'/.exec(text)?.[1] ?? "";
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape':\s*\(([^)]*)\)/
    .exec(text)?.[1]
    .split(",")
    .filter((part) => part.trim() !== "")
    .map(Number);
  if (!shape || !order || !shape.every((dim) => Number.isSafeInteger(dim) && dim >= 0))
    throw bad(path, "no readable header");
  const element = ELEMENTS[type];
  if (!element) throw bad(path, `elements of type ${type || "unknown"}: known are ${Object.keys(ELEMENTS).join(" ")}`);
  const size = sizeOf(shape);
  if (bytes.length - end < size * element.bytes) throw bad(path, `the file ends before its ${size} elements`);
  const view = new DataView(bytes.buffer, bytes.byteOffset + end, size * element.bytes);
  const x = Float64Array.from({ length: size }, (_, i) => element.get(view, i * element.bytes));
  if (order === "False" || shape.length < 2) return { dtype: "float64", shape, data: x };
  if (shape.length > 2) throw bad(path, "a column-major array of more than two dimensions");
  return { dtype: "float64", shape, data: turned(x, shape[0], shape[1]) };
}

const ELEMENTS: Readonly<
  Record<string, { readonly bytes: number; readonly get: (view: DataView, at: number) => number }>
> = {
  "<f4": { bytes: 4, get: (view, at) => view.getFloat32(at, true) },
  "<f8": { bytes: 8, get: (view, at) => view.getFloat64(at, true) },
  "<i4": { bytes: 4, get: (view, at) => view.getInt32(at, true) },
  "<i8": { bytes: 8, get: (view, at) => Number(view.getBigInt64(at, true)) },
};

/** The header's text and the first byte of the data. */
function headerOf(bytes: Uint8Array, path: string): { readonly text: string; readonly end: number } {
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
  if (bytes.length < 12 || magic.some((byte, i) => bytes[i] !== byte)) throw bad(path, "no .npy file");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const wide = bytes[6] > 1;
  const start = wide ? 12 : 10;
  const end = start + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  if (end > bytes.length) throw bad(path, "the file ends within its header");
  return { text: new TextDecoder("latin1").decode(bytes.subarray(start, end)), end };
}

/** A column-major `[rows, columns]` array as row-major. */
function turned(x: Float64Array, rows: number, columns: number): Float64Array {
  return Float64Array.from({ length: x.length }, (_, i) => x[(i % columns) * rows + Math.floor(i / columns)]);
}

function bad(path: string, what: string): TokensphereError {
  return new TokensphereError("input", `array cannot be used: ${path}: ${what}. save it with numpy.save in C order`);
}

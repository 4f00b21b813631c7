import { TokensphereError } from "../errors.ts";
import { sizeOf } from "./raw-tensor.ts";

/** What the header of a .npy file says. */
export interface NpyHeader {
  /** ONNX Runtime's name of a number's type, else `string` (UCS-4), `bytes` or `object`. */
  readonly dtype: string;
  readonly itemBytes: number;
  readonly bigEndian: boolean;
  /** The first index runs fastest (Fortran order). */
  readonly columnMajor: boolean;
  readonly shape: readonly number[];
  /** First byte of the data. */
  readonly dataStart: number;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** Headers are as long as a shape and a type need; the format allows more than anyone writes. */
export const MOST_NPY_HEADER = 1 << 16;

const NUMBERS: Readonly<Record<string, string>> = {
  f2: "float16",
  f4: "float32",
  f8: "float64",
  i1: "int8",
  i2: "int16",
  i4: "int32",
  i8: "int64",
  u1: "uint8",
  u2: "uint16",
  u4: "uint32",
  u8: "uint64",
  b1: "bool",
};

/** Whether bytes begin as a .npy file does. */
function isNpy(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte);
}

/**
 * The header of a .npy file from its first bytes, of which there may be more or, up to the data, fewer. An object
 * array has a header; its pickled elements are never read.
 *
 * @throws TokensphereError `input` where there is none, or elements of a type that is not known.
 */
export function parseNpyHeader(bytes: Uint8Array, path: string): NpyHeader {
  const { text, dataStart } = headerText(bytes, path);
  const descr = /'descr':\s*'([^']*)'/.exec(text)?.[1] ?? "";
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape':\s*\(([^)]*)\)/
    .exec(text)?.[1]
    .split(",")
    .filter((part) => part.trim() !== "")
    .map(Number);
  if (!shape || !order || !shape.every((dim) => Number.isSafeInteger(dim) && dim >= 0))
    throw bad(path, "no readable header");
  const type = elementType(descr, path);
  if (!Number.isSafeInteger(sizeOf(shape) * type.itemBytes)) throw bad(path, `an impossible shape [${shape}]`);
  return { ...type, columnMajor: order === "True" && shape.length > 1, shape, dataStart };
}

function elementType(descr: string, path: string): Pick<NpyHeader, "dtype" | "itemBytes" | "bigEndian"> {
  const [, order, code, digits] = /^([<>|=])([a-zA-Z])(\d*)$/.exec(descr) ?? [];
  const bigEndian = order === ">";
  const size = Number(digits);
  if (code === "O") return { dtype: "object", itemBytes: 8, bigEndian };
  if (code === "U") return { dtype: "string", itemBytes: 4 * size, bigEndian };
  if (code === "S") return { dtype: "bytes", itemBytes: size, bigEndian };
  const dtype = NUMBERS[`${code}${digits}`];
  if (dtype !== undefined) return { dtype, itemBytes: size, bigEndian };
  const known = Object.keys(NUMBERS).join(" ");
  const brain = code === "V" && size === 2 ? ", as bfloat16 is saved: convert it to float32 first" : "";
  throw bad(path, `elements of type ${descr || "unknown"}${brain}; known are ${known}`);
}

function headerText(bytes: Uint8Array, path: string): { readonly text: string; readonly dataStart: number } {
  if (bytes.length < 12 || !isNpy(bytes)) throw bad(path, "no .npy file");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const wide = bytes[6] > 1;
  const start = wide ? 12 : 10;
  const dataStart = start + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  if (dataStart > bytes.length) throw bad(path, "the file ends within its header");
  return { text: new TextDecoder("latin1").decode(bytes.subarray(start, dataStart)), dataStart };
}

function bad(path: string, what: string): TokensphereError {
  return new TokensphereError("input", `array cannot be used: ${path}: ${what}. save it again with numpy.save`);
}

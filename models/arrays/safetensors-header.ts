import { TokensphereError } from "../errors.ts";
import { sizeOf } from "./raw-tensor.ts";
import { decodeUtf8 } from "./read-utf8.ts";

/** Element types of the safetensors format that are read, their size in bytes and ONNX Runtime's name. */
export const SAFETENSORS_TYPES: Readonly<Record<string, { readonly bytes: number; readonly dtype: string }>> = {
  F32: { bytes: 4, dtype: "float32" },
  F64: { bytes: 8, dtype: "float64" },
  F16: { bytes: 2, dtype: "float16" },
  BF16: { bytes: 2, dtype: "bfloat16" },
  I64: { bytes: 8, dtype: "int64" },
  I32: { bytes: 4, dtype: "int32" },
  U8: { bytes: 1, dtype: "uint8" },
  BOOL: { bytes: 1, dtype: "bool" },
};

/** Where a tensor lies: bytes `[start, end)` counted from the end of the header. */
export interface SafetensorsEntry {
  readonly type: string;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, SafetensorsEntry>;
  readonly metadata: Readonly<Record<string, string>>;
}

const MAX_HEADER = 100_000_000;

/**
 * The length of the JSON header, from the first eight bytes of a file of `size` bytes.
 *
 * @throws TokensphereError `input` where it does not fit the file or passes 100 MB, the format's own limit.
 */
export function headerLength(prefix: Uint8Array, size: number, path: string): number {
  if (size < 8 || prefix.length < 8) throw bad(path, "shorter than its own header");
  const length = new DataView(prefix.buffer, prefix.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER)) throw bad(path, "no header of a plausible length");
  if (Number(length) + 8 > size) throw bad(path, "the file ends within its header");
  return Number(length);
}

/** The text of a header. @throws TokensphereError `input` where its bytes are no UTF-8. */
export function headerText(bytes: Uint8Array, path: string): string {
  try {
    return decodeUtf8(bytes);
  } catch (error) {
    throw bad(path, "its header is no text", error);
  }
}

/**
 * Parses and checks a header: types known, lengths equal to the shapes', ranges inside the data, neither overlapping nor
 * leaving any of it out.
 *
 * @param dataLength bytes of the file after the header.
 * @throws TokensphereError `input` where anything is off.
 */
export function parseHeader(text: string, dataLength: number, path: string): SafetensorsHeader {
  const tensors = new Map<string, SafetensorsEntry>();
  let metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(parseObject(text, path))) {
    if (name === "__metadata__") metadata = stringsOf(value);
    else tensors.set(name, parseEntry(name, value, dataLength, path));
  }
  refuseOverlaps(tensors, path);
  refuseGaps(tensors, dataLength, path);
  return { tensors, metadata };
}

function parseObject(text: string, path: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw bad(path, "its header is no JSON", error);
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    throw bad(path, "its header is no object");
  return parsed as Record<string, unknown>;
}

function stringsOf(value: unknown): Record<string, string> {
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

function parseEntry(name: string, value: unknown, dataLength: number, path: string): SafetensorsEntry {
  const fields = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  const { dtype, shape, data_offsets: offsets } = fields;
  const known = typeof dtype === "string" && Object.hasOwn(SAFETENSORS_TYPES, dtype);
  if (!known) throw bad(path, `tensor ${name} has type ${String(dtype)}, which is not read`);
  if (!isSizes(shape)) throw bad(path, `tensor ${name} has no shape`);
  if (!isSizes(offsets) || offsets.length !== 2) throw bad(path, `tensor ${name} has no offsets`);
  const [start, end] = offsets;
  if (end > dataLength || start > end) throw bad(path, `the file ends before tensor ${name}`);
  const bytes = sizeOf(shape) * SAFETENSORS_TYPES[dtype].bytes;
  if (end - start !== bytes) throw bad(path, `tensor ${name} has ${end - start} bytes for shape [${shape}]`);
  return { type: dtype, shape, start, end };
}

function refuseOverlaps(tensors: ReadonlyMap<string, SafetensorsEntry>, path: string): void {
  const sorted = [...tensors].sort(([, a], [, b]) => a.start - b.start || a.end - b.end);
  for (let i = 1; i < sorted.length; i++) {
    if (sorted[i][1].start < sorted[i - 1][1].end)
      throw bad(path, `tensors ${sorted[i - 1][0]} and ${sorted[i][0]} overlap`);
  }
}

/** The format leaves no byte of the data to nobody: what is left over has lost its tensor. */
function refuseGaps(tensors: ReadonlyMap<string, SafetensorsEntry>, dataLength: number, path: string): void {
  const used = [...tensors.values()].reduce((sum, { start, end }) => sum + end - start, 0);
  if (used !== dataLength) throw bad(path, `${dataLength - used} bytes of its data belong to no tensor`);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

function bad(path: string, what: string, cause?: unknown): TokensphereError {
  return new TokensphereError("input", `not a usable safetensors file: ${path}: ${what}. write it again`, { cause });
}

import { TokensphereError } from "../errors.ts";
import { WIRE } from "./onnx-proto.ts";

/** One field of a message. Length-delimited payloads are given by their place, `[start, end)`, never copied. */
export interface WireField {
  readonly field: number;
  /** 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes. */
  readonly wire: number;
  readonly start: number;
  readonly end: number;
  /** The number of a varint (two's complement, exact below 2^53); 0 for other wire types. */
  readonly value: number;
}

const utf8 = new TextDecoder();
const TWO_32 = 2 ** 32;

/**
 * The fields of the message in `bytes[start, end)`, in the order of the file.
 * Every step moves forward and stays inside the message, so damaged bytes end in an error, never in a loop.
 *
 * @throws TokensphereError `input` where the bytes are no protocol buffer.
 */
export function* readFields(bytes: Uint8Array, start = 0, end = bytes.length): Generator<WireField, void, undefined> {
  let at = start;
  while (at < end) {
    const tag = readVarint(bytes, at, end);
    const field = Math.floor(tag.value / 8);
    if (field < 1 || field > 0x1fffffff) throw malformed(at);
    const one = readPayload(bytes, tag.end, end, field, tag.value % 8);
    yield one;
    at = one.end;
  }
}

/** The UTF-8 text of a length-delimited field. */
export function fieldText(bytes: Uint8Array, { start, end }: WireField): string {
  return utf8.decode(bytes.subarray(start, end));
}

/** The little-endian float of a four-byte field. */
export function fieldFloat(bytes: Uint8Array, { start }: WireField): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getFloat32(start, true);
}

/** The integers of a repeated field, packed or not. */
export function fieldInts(bytes: Uint8Array, { wire, value, start, end }: WireField): number[] {
  if (wire === WIRE.varint) return [value];
  const values: number[] = [];
  for (let at = start; at < end; ) {
    const one = readVarint(bytes, at, end);
    values.push(one.value);
    at = one.end;
  }
  return values;
}

/** The floats of a repeated field, packed or not. */
export function fieldFloats(bytes: Uint8Array, { start, end }: WireField): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return Array.from({ length: Math.floor((end - start) / 4) }, (_, i) => view.getFloat32(start + 4 * i, true));
}

function readPayload(bytes: Uint8Array, at: number, limit: number, field: number, wire: number): WireField {
  if (wire === WIRE.varint) {
    const { value, end } = readVarint(bytes, at, limit);
    return { field, wire, start: at, end, value };
  }
  if (wire === WIRE.len) {
    const { value, end: start } = readVarint(bytes, at, limit);
    return checked({ field, wire, start, end: start + value, value: 0 }, limit);
  }
  if (wire === WIRE.i64 || wire === WIRE.i32) {
    return checked({ field, wire, start: at, end: at + (wire === WIRE.i64 ? 8 : 4), value: 0 }, limit);
  }
  throw malformed(at);
}

function checked(field: WireField, limit: number): WireField {
  if (field.end < field.start || field.end > limit) throw malformed(field.start);
  return field;
}

/** A base-128 varint of at most ten bytes, read as a signed 64-bit integer. */
function readVarint(bytes: Uint8Array, start: number, limit: number): { value: number; end: number } {
  let low = 0;
  let high = 0;
  for (let k = 0; k < 10; k++) {
    if (start + k >= limit) break;
    const byte = bytes[start + k];
    const bits = byte & 127;
    if (k < 4) low += bits * 2 ** (7 * k);
    else if (k === 4) {
      low += (bits & 15) * 2 ** 28;
      high = bits >> 4;
    } else high += bits * 2 ** (7 * k - 32);
    if (byte < 128) return { value: signed(low, high % TWO_32), end: start + k + 1 };
  }
  throw malformed(start);
}

function signed(low: number, high: number): number {
  return high >= TWO_32 / 2 ? (high - TWO_32) * TWO_32 + low : high * TWO_32 + low;
}

function malformed(at: number): TokensphereError {
  return new TokensphereError(
    "input",
    `not a readable ONNX file: malformed or truncated at byte ${at}. fetch it again`,
  );
}

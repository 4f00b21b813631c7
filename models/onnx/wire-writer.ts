/**
 * Protocol buffers, written: the few wire types that ONNX needs. A message is a list of fields, a field a byte array.
 * Encoding: https://protobuf.dev/programming-guides/encoding/
 */

const utf8 = new TextEncoder();

/** Concatenates byte arrays into one. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Base-128 varint of a 64-bit integer; negative numbers in two's complement, ten bytes long. */
export function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

/** An integer field (wire type 0). */
export function intField(field: number, value: number | bigint): Uint8Array {
  return concatBytes([varint(field << 3), varint(value)]);
}

/** A float field (wire type 5, little-endian). */
export function floatField(field: number, value: number): Uint8Array {
  const payload = new Uint8Array(4);
  new DataView(payload.buffer).setFloat32(0, value, true);
  return concatBytes([varint((field << 3) | 5), payload]);
}

/** A length-delimited field (wire type 2): bytes, text, or a message given as its fields. */
export function bytesField(field: number, value: Uint8Array | string | readonly Uint8Array[]): Uint8Array {
  const payload =
    typeof value === "string" ? utf8.encode(value) : value instanceof Uint8Array ? value : concatBytes(value);
  return concatBytes([varint((field << 3) | 2), varint(payload.length), payload]);
}

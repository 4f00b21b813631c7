/** Numbers as base64 of little-endian integers, for pages and files that are text. */
export function base64Of(numbers: Int8Array | Int16Array | Uint16Array): string {
  const bytes = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  // Every machine that runs Node is little-endian, but one; there the bytes are turned.
  const little = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 || numbers.BYTES_PER_ELEMENT === 1;
  return (little ? bytes : Buffer.from(bytes).swap16()).toString("base64");
}

/** A number from −1 to 1 as a 16-bit integer. */
export function toInt16(value: number): number {
  return Math.round(Math.min(1, Math.max(-1, value)) * 32767);
}

/** IEEE 754 half precision: the value of each of the 65536 bit patterns, made at first use. */
let halfTable: Float32Array | null = null;

/** float16 bits as float32, exactly. */
export function halfToFloat(bits: Uint16Array): Float32Array {
  halfTable ??= Float32Array.from({ length: 65536 }, (_, pattern) => halfValue(pattern));
  const out = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) out[i] = halfTable[bits[i]];
  return out;
}

/** Numbers as float16 bits, to the nearest, ties to even. */
export function floatToHalf(values: ArrayLike<number>): Uint16Array {
  return Uint16Array.from(values, halfBits);
}

function halfBits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(size)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00; // Half a step beyond the largest.
  const exponent = Math.max(-14, Math.floor(Math.log2(size)));
  const step = 2 ** (exponent - 10);
  const steps = evenRound(size / step); // A carry goes into the exponent by itself.
  return sign | (size < 2 ** -14 ? steps : ((exponent + 15) << 10) + steps - 1024);
}

function evenRound(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}

/** bfloat16 bits as float32, exactly: the upper half of a float32. */
export function brainToFloat(bits: Uint16Array): Float32Array {
  const wide = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) wide[i] = bits[i] << 16;
  return new Float32Array(wide.buffer);
}

function halfValue(pattern: number): number {
  const sign = pattern & 0x8000 ? -1 : 1;
  const exponent = (pattern >> 10) & 31;
  const fraction = pattern & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

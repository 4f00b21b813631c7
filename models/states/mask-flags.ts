import { asFloat32 } from "../arrays/as-float32.ts";
import type { RawTensor } from "../arrays/raw-tensor.ts";

/** Why numbers are no mask, and what to do about it. */
export interface MaskFault {
  readonly what: string;
  readonly remedy: string;
}

const ONES = "give 1 where a position counts, else 0";

/** Additive masks hold 0 where attention may look, and this or less where it may not: −1e4 is the largest in use. */
const FORBIDDING = -1e3;

/**
 * A mask as flags: 1 where a position counts. Only truth values, and numbers that are exactly 0 or 1, are a mask: one that is
 * added to scores means the opposite, and any other number may mean anything.
 *
 * @returns a fault where the values are something else.
 */
export function maskFlags(stored: Pick<RawTensor, "dtype" | "data">): Uint8Array | MaskFault {
  const values = numbersOf(stored);
  const odd = values.findIndex((value) => value !== 0 && value !== 1);
  if (odd < 0) return Uint8Array.from(values);
  if (isAdditive(values)) {
    const what = `is added to attention scores (0 and ${shown(values.find((value) => value !== 0) ?? 0)})`;
    return { what, remedy: `${ONES}: (mask == 0)` };
  }
  if (Number.isNaN(values[odd])) return { what: "holds NaN", remedy: ONES };
  return { what: `holds ${shown(values[odd])}`, remedy: ONES };
}

/** Flags of a mask that is added to attention scores: 1 where it is 0; null where it is none. */
export function additiveFlags(stored: Pick<RawTensor, "dtype" | "data">): Uint8Array | null {
  const values = numbersOf(stored);
  return isAdditive(values) ? Uint8Array.from(values, (value) => (value === 0 ? 1 : 0)) : null;
}

function isAdditive(values: readonly number[]): boolean {
  return values.every((value) => value === 0 || value <= FORBIDDING);
}

function numbersOf(stored: Pick<RawTensor, "dtype" | "data">): number[] {
  return Array.from(asFloat32(stored) ?? (stored.data as ArrayLike<number | bigint>), Number);
}

/** `-1e+9`, `-10000`, `0.5`: whichever is short. */
function shown(value: number): string {
  return Math.abs(value) >= 1e6 ? value.toExponential() : String(Number(value.toPrecision(6)));
}

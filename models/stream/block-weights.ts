import { sizeOf } from "../arrays/raw-tensor.ts";
import type { OnnxTensor } from "../onnx/graph.ts";
import { type GraphIndex, sourceConstant } from "../onnx/graph-index.ts";

const BYTES: Readonly<Record<string, 1 | 2 | 4>> = { int8: 1, uint8: 1, float16: 2, bfloat16: 2, float32: 4 };

/**
 * A fingerprint of the weights that some nodes read, blind to their order and names: exporters fold, transpose and pack
 * the shared weights of a block in copies of their own, and the same numbers remain. Lone numbers do not count.
 *
 * @param bytes of the model file. Weights in other files are told apart by name and place.
 */
export function weightFingerprint(index: GraphIndex, bytes: Uint8Array, nodes: readonly number[]): string {
  const totals = new Int32Array(3);
  const elsewhere: string[] = [];
  for (const input of nodes.flatMap((k) => index.nodes[k].inputs)) {
    const tensor = index.constants.has(input) ? sourceConstant(index, input) : null;
    if (!tensor || !Object.hasOwn(BYTES, tensor.dtype) || sizeOf(tensor.dims) < 2) continue;
    if (tensor.location.kind === "raw") addValues(totals, bytes, tensor.location, BYTES[tensor.dtype]);
    else elsewhere.push(placeOf(tensor));
  }
  return [totals.join(" "), ...elsewhere.sort()].join("\n");
}

function placeOf({ name, location }: OnnxTensor): string {
  return location.kind === "external" ? `${location.path} ${location.offset}` : name;
}

/** Sums two hashes of every value, and counts them: sums do not depend on the order. Integers wrap around. */
function addValues(
  totals: Int32Array,
  bytes: Uint8Array,
  { start, end }: { readonly start: number; readonly end: number },
  size: 1 | 2 | 4,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, end - start);
  const read = {
    1: (at: number) => view.getUint8(at),
    2: (at: number) => view.getUint16(at, true),
    4: (at: number) => view.getInt32(at, true),
  }[size];
  for (let at = 0; at + size <= view.byteLength; at += size) {
    const value = read(at);
    totals[0] += mix(value, 0x45d9f3b);
    totals[1] += mix(value + 0x9e3779b9, 0x7feb352d);
    totals[2] += 1;
  }
}

/** A bijection of 32-bit integers that leaves no pattern to sums (after Mueller's integer hash). */
function mix(value: number, factor: number): number {
  let x = Math.imul(value ^ (value >>> 16), factor);
  x = Math.imul(x ^ (x >>> 15), factor);
  return x ^ (x >>> 16);
}

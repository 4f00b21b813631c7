import { MOST_BYTES } from "../wasm/wasm-runtime.ts";
import { workspaces } from "../wasm/workspace.ts";
import { PLACES, type SortKernel, sortKernel, TABLES } from "./sort-kernel.ts";

/** Fewer values are sorted as they are. */
const FEW = 512;
/** Steps to its place that a value may take on average; beyond, places tell too little of the order. */
const STEPS = 8;
const workspace = workspaces<SortKernel>(sortKernel);

/**
 * Sorts values in place, smallest first: the same as their own `sort`, up to eight times as fast where there are thousands, no faster where
 * one lies far from the rest. A radix sort by where they lie between the smallest and the largest settles all but neighbours.
 *
 * @param values - None NaN; of −0 and 0 either may come first.
 */
export function sortValues(values: Float64Array): Float64Array {
  const count = values.length;
  if (count < FEW) return values.sort();
  let lo = values[0];
  let hi = lo;
  for (let p = 1; p < count; p++) {
    const v = values[p];
    if (v < lo) lo = v;
    else if (v > hi) hi = v;
  }
  const scale = (PLACES - 1) / (hi - lo);
  const bytes = 16 * count + TABLES;
  // Nothing to tell apart, a width that overflows, or more than a memory holds.
  if (!(scale > 0 && Number.isFinite(scale * (hi - lo)) && bytes < MOST_BYTES)) return values.sort();
  const { numbers, run } = workspace(bytes);
  numbers.set(values);
  run(8 * count, lo, scale);
  return insertAll(numbers, values) ? values : values.sort();
}

/** Writes what is nearly in order to `out` by insertion; given up, with `false`, where values are far from their places. */
function insertAll(from: Float64Array, out: Float64Array): boolean {
  let left = STEPS * out.length;
  for (let p = 0; p < out.length; p++) {
    const v = from[p];
    let q = p - 1;
    while (q >= 0 && out[q] > v) {
      out[q + 1] = out[q];
      q--;
    }
    out[q + 1] = v;
    left -= p - 1 - q;
    if (left < 0) {
      out.set(from.subarray(0, out.length));
      return false;
    }
  }
  return true;
}

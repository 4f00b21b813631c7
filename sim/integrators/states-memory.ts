import { MOST_BYTES } from "../../probes/wasm/wasm-runtime.ts";
import { freshWorkspaces } from "../../probes/wasm/workspace.ts";
import { type CombineKernel, combineKernel, TERMS } from "./combine-kernel.ts";
import { linearCombination } from "./linear-combination.ts";

/** As `linearCombination`, of arrays of one `StatesMemory`. */
export type Combine = typeof linearCombination;

/** Arrays of states side by side, and what adds them up. */
export interface StatesMemory {
  readonly arrays: readonly Float64Array[];
  readonly combine: Combine;
}

/** Numbers of an array from which a kernel pays for its memory. */
const LONG = 2048;

const workspace = freshWorkspaces<CombineKernel>(combineKernel);

/** Arrays of these lengths, all 0: in a memory of WebAssembly, where sums of slopes take a third of the time, unless they are short. */
export function statesMemory(lengths: readonly number[]): StatesMemory {
  const rooms = lengths.map((length) => length + (length % 2));
  const bytes = 8 * rooms.reduce((sum, room) => sum + room, 0);
  if (Math.max(...lengths) < LONG || bytes > MOST_BYTES)
    return { arrays: lengths.map((length) => new Float64Array(length)), combine: linearCombination };
  const { numbers, run } = workspace(bytes);
  let from = 0;
  const arrays = lengths.map((length, i) => {
    const array = numbers.subarray(from, from + length);
    from += rooms[i];
    return array;
  });
  return { arrays, combine: combineWith(run) };
}

function combineWith(run: CombineKernel): Combine {
  const addresses = new Array<number>(TERMS).fill(0);
  const weights = new Array<number>(TERMS).fill(0);
  return (out, outAt, from, sum, at, scale, size) => {
    const even = sum.slopes.length === 0 ? 0 : size - (size % 2);
    const place = (array: Float64Array, start: number) => array.byteOffset + 8 * start;
    if (!from) out.fill(0, outAt, outAt + size);
    let x = from ? place(from, at) : place(out, outAt);
    for (let first = 0; even > 0 && first < sum.slopes.length; first += TERMS) {
      const terms = Math.min(TERMS, sum.slopes.length - first);
      for (let t = 0; t < terms; t++) {
        addresses[t] = place(sum.slopes[first + t], at);
        weights[t] = scale * sum.weights[first + t];
      }
      run(place(out, outAt), x, 8 * even, terms, ...addresses, ...weights);
      x = place(out, outAt);
    }
    if (even < size) linearCombination(out, outAt + even, from, sum, at + even, scale, size - even);
  };
}

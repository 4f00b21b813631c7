import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import type { Contexts } from "./contexts.ts";

/** Float32 rounding, beside the largest entry of a state. */
const ROUNDING = 1e-5;

/**
 * Whether tokens see only what comes before them, as the first block shows: no token changes that comes before all that were
 * taken out, and some of the others do.
 *
 * @param removed `[batch, n]`, by half.
 */
export function seesOnlyBefore({ full, halves }: Contexts, removed: readonly Uint8Array[], row: number): boolean {
  const ahead: boolean[] = [];
  const behind: boolean[] = [];
  halves.forEach((half, h) => {
    const { n } = full.after;
    const out = removed[h].subarray(row * n, (row + 1) * n);
    const first = out.indexOf(1);
    let place = 0;
    for (let i = 0; i < n; i++) {
      if (out[i] === 1 && half.after.n < n) continue;
      const at = half.after.n < n ? place++ : row * n + i;
      if (out[i] === 1 || full.before.mask[row * n + i] === 0) continue;
      (i < first ? ahead : behind).push(changed(full.after, row * n + i, half.after, at));
    }
  });
  return ahead.length > 0 && !ahead.includes(true) && behind.includes(true);
}

/** Whether a token differs after the first block. */
export function changed(a: HiddenStates, at: number, b: HiddenStates, place: number): boolean {
  const x = firstBlock(a).subarray(at * a.d, (at + 1) * a.d);
  const y = firstBlock(b).subarray(place * b.d, (place + 1) * b.d);
  const scale = x.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return x.some((value, k) => Math.abs(value - y[k]) > ROUNDING * scale);
}

function firstBlock({ layers }: HiddenStates): Float32Array {
  return layers.find(({ layer }) => layer === 1)?.x ?? new Float32Array(0);
}

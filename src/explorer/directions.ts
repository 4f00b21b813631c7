import type { Cloud } from "../../probes/cloud.ts";
import { principalDirections } from "../../probes/spectrum/principal-directions.ts";

/** As many tokens of as many layers tell the directions of all. */
const MOST_ROWS = 384;

/**
 * The top three directions of the tokens of all layers together, strongest first: of all planes through the centre those
 * that keep most of their squared length. Not centred, so that the centre of the ball stays the centre. Fewer where they span fewer.
 */
export function topDirections(clouds: readonly Cloud[], n: number): readonly Float64Array[] {
  const { d } = clouds[0];
  const all = clouds.length * n;
  const step = Math.max(1, all / MOST_ROWS);
  const rows = Array.from({ length: Math.min(all, MOST_ROWS) }, (_, k) => Math.floor(k * step));
  const x = new Float64Array(rows.length * d);
  for (const [k, row] of rows.entries()) {
    const [layer, token] = [Math.floor(row / n), row % n];
    x.set(clouds[layer].x.subarray(token * d, (token + 1) * d), k * d);
  }
  return principalDirections({ n: rows.length, d, x }, Math.min(3, rows.length, d));
}

import type { Series } from "./decode.ts";
import { hasHalfSteps, rowOf } from "./steps.ts";

/** How both spheres are turned: about the upright axis, then towards the eye, in radians. */
export interface Turn {
  readonly about: number;
  readonly towards: number;
}

/** Where a point of the ball is seen: right, up, and towards the eye. */
export type Seen = readonly [right: number, up: number, near: number];

/** Turns a point whose first coordinate, the direction of the mean, is upright when nothing is turned. */
export function seenFrom([up, right, near]: readonly [number, number, number], { about, towards }: Turn): Seen {
  const x = right * Math.cos(about) + near * Math.sin(about);
  const z = near * Math.cos(about) - right * Math.sin(about);
  return [x, up * Math.cos(towards) - z * Math.sin(towards), up * Math.sin(towards) + z * Math.cos(towards)];
}

/** How high above the middle the tokens are seen at first, in radians. */
const RAISED = 0.25;

/** The turn that shows the tokens of a series from before: their common direction a little above the middle. */
export function turnToTokens(points: Int16Array): Turn {
  const sum: [number, number, number] = [0, 0, 0];
  for (let p = 0; p < points.length; p++) sum[p % 3]! += points[p]!;
  const [up, right, near] = sum;
  return { about: Math.atan2(-right, near), towards: Math.atan2(up, Math.hypot(right, near)) - RAISED };
}

/**
 * A token's projection at a depth, written to `out`. Between two rows the two are mixed; what is seen there
 * is a guide to the eye and no state of the network.
 *
 * @returns length of the projection, 0 to 1: what of the token is seen.
 */
export function pointAt(
  series: Pick<Series, "points" | "n" | "rows" | "layers">,
  depth: number,
  token: number,
  out: [number, number, number],
): number {
  const { points, n, layers } = series;
  const step = hasHalfSteps(series) ? 0.5 : 1;
  const before = Math.min(Math.floor(depth / step) * step, layers - 1);
  const after = Math.min(before + step, layers - 1);
  const part = (depth - before) / step;
  const [from, to] = [before, after].map((rest) => (rowOf(series, rest) * n + token) * 3) as [number, number];
  for (let k = 0; k < 3; k++) out[k] = ((1 - part) * points[from + k]! + part * points[to + k]!) / 32767;
  return Math.hypot(out[0], out[1], out[2]);
}

import { randomNormal } from "d3-random";
import type { Cloud } from "../probes/cloud.ts";
import { checkWhole } from "./check-number.ts";
import { norm } from "./norm.ts";
import type { RandomSource } from "./random.ts";

/** A simulated cloud: float64, on the unit sphere unless said otherwise. */
export interface Float64Cloud extends Cloud {
  readonly x: Float64Array;
}

/**
 * n independent points, uniform on the unit sphere of R^d: normal vectors, divided by their length.
 *
 * @throws TokensphereError `usage` where n or d is not a whole number ≥ 1.
 */
export function uniformCloud(n: number, d: number, random: RandomSource): Float64Cloud {
  checkWhole("n", n, 1);
  checkWhole("d", d, 1);
  const normal = randomNormal.source(random)();
  const x = new Float64Array(n * d);
  for (let i = 0; i < n; i++) drawRow(x.subarray(i * d, (i + 1) * d), normal);
  return { n, d, x };
}

/** Draws again in the one case in 10³⁰⁰ that has no direction. */
function drawRow(row: Float64Array, normal: () => number): void {
  let length = 0;
  while (length === 0) {
    for (let k = 0; k < row.length; k++) row[k] = normal();
    length = norm(row);
  }
  for (let k = 0; k < row.length; k++) row[k] /= length;
}

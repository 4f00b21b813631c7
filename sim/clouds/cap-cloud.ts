import type { RandomSource } from "../../models/random.ts";
import { checkRange, checkWhole } from "./check-number.ts";
import { type Float64Cloud, uniformCloud } from "./uniform-cloud.ts";

/**
 * n independent points, uniform on the cap of the unit sphere of R^d within `angle` radians of its first axis: at π/2 an open
 * hemisphere, at π the whole sphere.
 *
 * @throws TokensphereError `usage` where n or d is not a whole number, d below 2, `angle` not above 0 and up to π, or n·d above 2²⁸.
 */
export function capCloud(n: number, d: number, angle: number, random: RandomSource): Float64Cloud {
  checkWhole("d", d, 2);
  checkRange("cap", angle, Number.MIN_VALUE, Math.PI);
  const { x: across } = uniformCloud(n, d - 1, random);
  const x = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    const phi = angleToAxis(d, angle, random);
    x[i * d] = Math.cos(phi);
    for (let k = 1; k < d; k++) x[i * d + k] = Math.sin(phi) * across[i * (d - 1) + k - 1];
  }
  return { n, d, x };
}

/**
 * From the density sin^{d−2}φ on (0, angle). Its logarithm is concave: a draw from the exponential law of the tangent at the end, or at
 * π/2 where that lies within, is taken with the probability of their ratio.
 */
function angleToAxis(d: number, angle: number, random: RandomSource): number {
  const top = Math.min(angle, Math.PI / 2);
  const slope = 1 / Math.tan(top);
  const rate = (d - 2) * slope;
  for (;;) {
    const u = random();
    // (e^{rate φ} − 1)/(e^{rate angle} − 1) = 1 − u, from the far end, where nothing overflows.
    const phi = rate > 1e-9 ? angle + Math.log1p(u * Math.expm1(-rate * angle)) / rate : angle * (1 - u);
    const logRatio = Math.log(Math.sin(phi) / Math.sin(top)) - slope * (phi - top);
    if (phi > 0 && Math.log(random()) <= (d - 2) * logRatio) return phi;
  }
}

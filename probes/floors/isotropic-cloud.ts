import { randomNormal } from "d3-random";
import type { RandomSource } from "../../models/random.ts";
import type { Cloud64 } from "../cloud.ts";
import { normalizeCloud } from "../policy/normalize-cloud.ts";

/** n independent points, uniform on the unit sphere of d dimensions. */
export function isotropicCloud(n: number, d: number, random: RandomSource): Cloud64 {
  const normal = randomNormal.source(random)();
  return normalizeCloud({ n, d, x: Float64Array.from({ length: n * d }, normal) }, "l2");
}

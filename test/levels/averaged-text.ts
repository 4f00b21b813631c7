import type { RandomSource } from "../../models/random.ts";
import { normalizeRows } from "../../sim/clouds/normalize-rows.ts";
import { uniformCloud } from "../../sim/clouds/uniform-cloud.ts";
import type { FitText } from "../../src/trajectories/fit-text.ts";

/** Uniform tokens that go towards their mean in every layer. */
export function averagedText(n: number, d: number, layers: number, random: RandomSource): FitText {
  const clouds = [uniformCloud(n, d, random)];
  while (clouds.length < layers) {
    const { x } = clouds[clouds.length - 1];
    const mean = new Float64Array(d);
    x.forEach((value, p) => {
      mean[p % d] += value / n;
    });
    const moved = Float64Array.from(x, (value, p) => value + 0.8 * mean[p % d]);
    clouds.push({ n, d, x: normalizeRows({ n, d, x: moved }) });
  }
  return { n, d, clouds };
}

import { randomNormal } from "d3-random";
import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { normalizeRows } from "../../sim/clouds/normalize-rows.ts";
import { uniformCloud } from "../../sim/clouds/uniform-cloud.ts";
import { freshNoise } from "../../src/alignment/fresh-noise.ts";

const [N, D, LAYERS] = [40, 12, 11];
const start = uniformCloud(N, D, randomSource(3));
const still = Array.from({ length: LAYERS }, () => innerProducts(start, true));

/** Layers of one cloud whose tokens are moved by `step(layer)` times normal vectors, added to what moved them before where it `adds` up. */
function layersWith(size: number, adds: boolean): Float64Array[] {
  const normal = randomNormal.source(randomSource(5))();
  const x = Float64Array.from(start.x);
  return still.map(() => {
    const moved = Float64Array.from(x, (v) => v + (size / Math.sqrt(D)) * normal());
    if (adds) x.set(moved);
    return innerProducts({ n: N, d: D, x: normalizeRows({ n: N, d: D, x: moved }) }, true);
  });
}

describe("fresh noise", () => {
  it.each([0.02, 0.1])("of each token in every layer is told from what it does to inner products: %f", (size) => {
    // Of a normal vector all but one coordinate is tangent.
    const tangent = size * Math.sqrt((D - 1) / D);
    // 780 pairs at eight lags, pairs that share tokens: a standard error of about 3 %.
    expect(Math.abs(freshNoise(layersWith(size, false), still, D)! / tangent - 1)).toBeLessThan(0.1);
  });

  it("is not found in steps that add up, nor in a prediction that drifts away", () => {
    // Of the same length: the estimate is what is left of a difference of large numbers.
    expect(freshNoise(layersWith(0.1, true), still, D)!).toBeLessThan(0.03);
    const drifting = still.map((values, k) => values.map((g, p) => g + 0.02 * k * Math.sin(p)));
    expect(freshNoise(drifting, still, D)!).toBeLessThan(1e-6);
  });

  it("cannot be told from fewer than five layers", () => {
    expect(freshNoise(still.slice(0, 4), still.slice(0, 4), D)).toBeNull();
    expect(freshNoise(still.slice(0, 5), still.slice(0, 5), D)).toBe(0);
  });
});

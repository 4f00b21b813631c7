import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { defaultMasses } from "../../probes/floors/measure-defaults.ts";
import { probeCloud } from "../../probes/probe-cloud.ts";
import { fixedEdges } from "../../probes/products/bin-edges.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { uniformCloud } from "../../sim/clouds/uniform-cloud.ts";
import { cosineStatistics } from "../../src/fit/statistics.ts";

const random = randomSource(7);
/** `[text][layer]`: two texts of different length at three layers, width 3 so that some cosines pass .9. */
const clouds = [9, 14].map((n) => [0, 1, 2].map(() => uniformCloud(n, 3, random)));
const products = clouds.map((layers) => layers.map((cloud) => innerProducts(cloud, true)));
const edges = [...fixedEdges(20)];
const statistics = cosineStatistics(products, edges);

/** The mean over texts of what the probes say of a layer. */
function probed(measure: string, layer: number): number {
  const values = clouds.map((layers) => probeCloud(layers[layer]).measures.find((m) => m.measure === measure)!.value);
  return values.reduce((a, b) => a + b, 0) / values.length;
}

describe("statistics of a fit", () => {
  it.each([0, 1, 2])("are those of the probes at layer %i, mean over texts", (layer) => {
    // The same sums, over another order of pairs at most.
    expect(statistics.mean_cosine[layer]).toBeCloseTo(probed("mean_cosine", layer), 12);
    expect(statistics.sd_cosine[layer]).toBeCloseTo(probed("sd_cosine", layer), 12);
    for (const m of defaultMasses) {
      expect(statistics.mass[m][layer], `mass above ${m}`).toBeCloseTo(probed(`mass_${m}`, layer), 12);
    }
  });

  it("weigh texts alike, however many pairs they have", () => {
    const one = cosineStatistics([[Float64Array.of(1)], [Float64Array.of(0, 0, 0)]], edges);
    expect(one.mean_cosine).toEqual([0.5]);
    expect(one.histograms[0][19]).toBe(0.5);
  });

  it("have histograms that sum to 1", () => {
    for (const histogram of statistics.histograms) {
      expect(histogram).toHaveLength(20);
      expect(histogram.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    }
  });

  it("count cosines of exactly 1 and −1, which lie on the outer edges", () => {
    const [histogram] = cosineStatistics([[Float64Array.of(-1, 1)]], edges).histograms;
    expect([histogram[0], histogram[19]]).toEqual([0.5, 0.5]);
  });
});

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { defaultPolicy } from "../../probes/policy/policy.ts";
import { fixedEdges } from "../../probes/products/bin-edges.ts";
import { layerHistogramsRows } from "../../src/figures/parts/layer-histogram-rows.ts";
import { layerStatistics } from "../../src/figures/parts/layer-statistics.ts";
import { openSinks } from "../../src/measure/sinks.ts";
import type { Histograms, TextHistograms } from "../../src/run/histograms.ts";
import { METRICS, type MetricRow } from "../../src/run/metrics.ts";

const folder = mkdtempSync(join(tmpdir(), "tokensphere-numbers-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const EDGES = [...fixedEdges(8)];
const LAYERS = [0, 1, "final_norm"] as const;

const value = fc.double({ min: -3, max: 3, noNaN: true });
const texts = fc.array(
  fc.record({
    n: fc.integer({ min: 2, max: 9 }),
    values: fc.array(value, { minLength: 6, maxLength: 6 }),
    floor: fc.option(value),
    counts: fc.array(fc.nat(50), { minLength: 24, maxLength: 24 }),
  }),
  { minLength: 1, maxLength: 6 },
);

function probedTexts(all: typeof texts extends fc.Arbitrary<infer T> ? T : never) {
  return all.map(({ n, values, floor, counts }, text) => {
    const metrics = LAYERS.flatMap((layer, k) =>
      ["mean_cosine", "effective_rank"].map(
        (measure, m): MetricRow => ({ text, layer, measure, value: values[2 * k + m], lo: -4, hi: 4, floor, n, d: 3 }),
      ),
    );
    const layers = LAYERS.map((layer, k) => ({ layer, counts: counts.slice(8 * k, 8 * k + 8) }));
    const histograms: TextHistograms = { text, n, d: 3, layers };
    return { metrics, texts: [histograms], specialKnown: true };
  });
}

describe("numbers that are written text by text", () => {
  it("leave the same files, and for the figures the same values, as if all were held", () => {
    fc.assert(
      fc.property(texts, (all) => {
        const probed = probedTexts(all);
        const numbers = openSinks(folder, { policy: defaultPolicy }, { edges: EDGES });
        for (const one of probed) numbers.add(one);
        const kept = numbers.finish();
        const metrics = probed.flatMap((one) => one.metrics);
        expect(METRICS.fromCsv(readFileSync(join(folder, "metrics.csv"), "utf8"))).toEqual(
          METRICS.fromCsv(METRICS.toCsv(metrics)),
        );
        const whole: Histograms = {
          format: "tokensphere/histograms",
          version: 1,
          edges: EDGES,
          texts: probed.flatMap((one) => one.texts),
        };
        expect(JSON.parse(readFileSync(join(folder, "histograms.json"), "utf8"))).toEqual(whole);
        for (const measure of ["mean_cosine", "effective_rank"]) {
          expect(layerStatistics(kept.metrics, measure)).toEqual(layerStatistics(metrics, measure));
        }
        expect(kept.histograms.texts.map(({ n }) => n)).toEqual(whole.texts.map(({ n }) => n));
        const drawn = layerHistogramsRows(kept.histograms);
        // Equal sums in another order: drawn with five digits, of which the last may turn.
        layerHistogramsRows(whole).forEach((row, i) => {
          expect(drawn[i].density).toBeCloseTo(row.density, 4);
        });
      }),
      { seed: 2, numRuns: 60 },
    );
  });

  it("are held by none but sums: what is kept of a thousand texts is as long as what is kept of one, but for their sizes", () => {
    const [one] = probedTexts([{ n: 4, values: [1, 2, 3, 4, 5, 6], floor: null, counts: new Array(24).fill(1) }]);
    const numbers = openSinks(folder, { policy: defaultPolicy }, { edges: EDGES });
    for (let i = 0; i < 1000; i++) numbers.add(one);
    const kept = numbers.finish();
    expect(kept.metrics).toHaveLength(6);
    expect(new Set(kept.histograms.texts.map(({ layers }) => layers)).size).toBe(1);
  });
});

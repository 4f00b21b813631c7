import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { defineMeasure } from "../../probes/measures/define-measure.ts";
import { MEASURES } from "../../probes/measures/measures.ts";
import { definePairMeasure } from "../../probes/pairs/define-pair-measure.ts";
import { PAIR_MEASURES } from "../../probes/pairs/pair-measures.ts";
import { defaultPolicy, resolvePolicy } from "../../probes/policy/policy.ts";
import { probeLayer, viewLayerWith } from "../../probes/probe-layer.ts";
import { probePair } from "../../probes/probe-pair.ts";
import { fixedEdges } from "../../probes/products/bin-edges.ts";
import { type GramEngine, openGramEngine } from "../../probes/products/gram-engine.ts";
import { measureBatch } from "../../src/measure/measure-batch.ts";
import { joinMeasured, type Measured } from "../../src/measure/measured.ts";
import { openMeasurer } from "../../src/measure/measurer.ts";
import type { MeasureOptions } from "../../src/measure/probe.ts";
import { askedTables } from "../../src/measure/probes.ts";
import { openSinks } from "../../src/measure/sinks.ts";
import { RUN_TABLES } from "../../src/run/run-tables.ts";

const folder = mkdtempSync(join(tmpdir(), "tokensphere-measure-"));
let engine: GramEngine;
beforeAll(async () => {
  engine = await openGramEngine(1);
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const N = 5;
const D = 4;
const HEADS = 2;

/** Random states of some texts: three layers, resid_mid and attention of two blocks. */
function states(batch: number, seed: number): HiddenStates {
  const random = randomSource(seed);
  const layers = (labels: readonly number[]) =>
    labels.map((layer) => ({ layer, x: Float32Array.from({ length: batch * N * D }, () => random() - 0.3) }));
  const even = new Float32Array(batch * HEADS * N * N).fill(1 / N);
  return {
    ...{ batch, n: N, d: D, layers: layers([0, 1, 2]), residMid: layers([0, 1]) },
    attentions: [0, 1].map((layer) => ({ layer, heads: HEADS, probabilities: even })),
    ...{ mask: new Uint8Array(batch * N).fill(1), special: null, tokens: null },
  };
}

const spread = defineMeasure({ name: "spread", value: ({ x }) => Math.max(...x), floor: (n, d) => Math.sqrt(n / d) });
const all: MeasureOptions = {
  policy: defaultPolicy,
  measures: [...MEASURES, spread],
  residMid: true,
  attentions: true,
  pairMeasures: PAIR_MEASURES,
};
const [first, second] = [states(2, 1), states(1, 2)];

describe("what is measured text by text", () => {
  it("fills the tables that are asked for, and no others", async () => {
    const measured = await measureBatch(engine, first, 0, { policy: defaultPolicy });
    expect(Object.keys(measured).sort()).toEqual(["metrics", "specialKnown", "texts"]);
    expect(askedTables(all)).toEqual(["metrics", "mid", "attention", "pairs"]);
    expect(Object.keys(await measureBatch(engine, first, 0, all))).toEqual(
      expect.arrayContaining([...askedTables(all)]),
    );
  });

  it("is what the probes say of every text, layer and measure, a user's with its floor", async () => {
    const { metrics = [], texts } = await measureBatch(engine, first, 3, all);
    for (const [row, k] of [0, 1].flatMap((text) => [0, 1, 2].map((layer) => [text, layer] as const))) {
      const alone = probeLayer(first, row, k, all);
      const rows = metrics.filter(({ text, layer }) => text === 3 + row && layer === k);
      expect(rows.map(({ measure }) => measure)).toEqual(alone.measures.map(({ measure }) => measure));
      // Gram matrices by another kernel: a few ε, ranks and skew some hundred.
      rows.forEach(({ value }, i) => {
        expect(value).toBeCloseTo(alone.measures[i].value, 9);
      });
      expect(rows.at(-1)).toMatchObject({ measure: "spread", floor: Math.sqrt(N / D), lo: null, n: N, d: D });
      expect(texts[row].layers[k].counts).toEqual(alone.histogram.counts);
    }
  });

  it("holds every pair of layers of a text once, the earlier first", async () => {
    const { pairs = [] } = await measureBatch(engine, second, 7, all);
    const [a, b] = [await viewLayerWith(engine, second, 0, 0), await viewLayerWith(engine, second, 0, 2)];
    const names = PAIR_MEASURES.map(({ name }) => name);
    const order = ["0 1", "0 2", "1 2"].flatMap((layers) => names.map((name) => `${layers} ${name}`));
    expect(pairs.map(({ layer, other_layer, measure }) => `${layer} ${other_layer} ${measure}`)).toEqual(order);
    expect(pairs.slice(names.length, 2 * names.length)).toEqual(
      probePair(a, b).map((row) => ({ text: 7, layer: 0, other: "layers", other_text: 7, other_layer: 2, ...row })),
    );
  });

  it("names the text and the layers at which a user's measure fails", async () => {
    const bad = { name: "bad", value: () => Number.NaN };
    const rows = measureBatch(engine, first, 0, { ...all, measures: [defineMeasure(bad)] });
    await expect(rows).rejects.toThrow(/^text 0, layer 0: measure bad: value gave NaN\. /);
    const pairs = measureBatch(engine, first, 0, { ...all, pairMeasures: [definePairMeasure(bad)] });
    await expect(pairs).rejects.toThrow(/^text 0, layers 0 and 1: pair measure bad: value gave NaN\. /);
  });
});

describe("a measurer", () => {
  it("numbers the texts of all batches through", async () => {
    const measurer = openMeasurer(engine, all);
    const measured = joinMeasured([await measurer.batch(first), await measurer.batch(second), await measurer.rest()]);
    for (const rows of [measured.metrics, measured.mid, measured.attention, measured.pairs, measured.texts]) {
      expect([...new Set(rows?.map(({ text }) => text))]).toEqual([0, 1, 2]);
    }
    expect(measured.specialKnown).toBe(false);
  });

  it("measures pairs across texts once all are there, and what lies within a text at once", async () => {
    const measurer = openMeasurer(engine, { ...all, policy: resolvePolicy({ pairs: "across" }) });
    const early = [await measurer.batch(first), await measurer.batch(second)];
    expect(early.map(({ metrics, mid }) => [metrics, mid])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
    expect(early[1].attention).toHaveLength(2 * HEADS);
    expect(early[1].pairs).toHaveLength(3 * PAIR_MEASURES.length);
    const { metrics = [], mid = [], pairs = [], texts } = await measurer.rest();
    expect(metrics[0].n).toBe(3 * N);
    expect([...new Set(mid.map(({ layer }) => layer))]).toEqual([0, 1]);
    expect(texts).toHaveLength(3);
    // Token i of one text is not token i of another: only what needs no tokens in common is measured.
    const between = pairs.map(({ text, other_text, layer, other, measure }) => [
      text,
      other_text,
      layer,
      other,
      measure,
    ]);
    const couples = [
      [0, 1],
      [0, 2],
      [1, 2],
    ];
    expect(between).toEqual([0, 1, 2].flatMap((k) => couples.map(([a, b]) => [a, b, k, "texts", "w1"])));
  });
});

describe("sinks", () => {
  let measured: readonly Measured[];
  beforeAll(async () => {
    const { batch } = openMeasurer(engine, all);
    measured = [await batch(first), await batch(second)];
  });
  const filled = (at: string | null, parts: readonly Measured[], fileName?: (name: string) => string) => {
    const sinks = openSinks(at, all, { edges: [...fixedEdges()], ...(fileName ? { fileName } : {}) });
    for (const part of parts) sinks.add(part);
    return sinks.finish();
  };

  it("without a folder keep every row, and with one leave the same rows in the files", () => {
    const whole = joinMeasured(measured);
    const { histograms, specialKnown, ...kept } = filled(null, measured);
    const { texts, specialKnown: _, ...tables } = whole;
    expect(kept).toEqual(tables);
    expect([histograms.texts, specialKnown]).toEqual([texts, false]);
    filled(folder, measured);
    for (const name of askedTables(all)) {
      const { file, csv } = RUN_TABLES[name];
      expect(csv.fromCsv(readFileSync(join(folder, file), "utf8"))).toEqual(whole[name]);
    }
    expect(JSON.parse(readFileSync(join(folder, "histograms.json"), "utf8"))).toEqual(histograms);
  });

  it("with a folder keep the means over texts, of one text its own rows", () => {
    const [, one] = measured;
    const alone = filled(folder, [one]);
    expect([alone.metrics, alone.mid, alone.attention, alone.pairs]).toEqual([
      one.metrics,
      one.mid,
      one.attention,
      one.pairs,
    ]);
    const kept = filled(folder, measured);
    expect(kept.pairs).toHaveLength(one.pairs?.length ?? 0);
    const { pairs = [] } = joinMeasured(measured);
    const same = pairs.filter(({ layer, other_layer, measure }) => `${layer} ${other_layer} ${measure}` === "0 1 w1");
    const mean = same.reduce((sum, { value }) => sum + value, 0) / 3;
    expect(kept.pairs?.[0]).toEqual({ ...same[0], value: mean });
    expect(kept.attention?.[0]).toMatchObject({ rows: 3 * N, beta: 0 });
  });

  it("write under other names, and only the tables that are asked for", () => {
    filled(folder, measured, (name) => name.replace(".", "-again."));
    for (const name of ["metrics-again.csv", "pair-metrics-again.csv", "histograms-again.json"]) {
      expect(existsSync(join(folder, name)), name).toBe(true);
    }
    const sinks = openSinks(mkdtempSync(join(folder, "few-")), { policy: defaultPolicy }, { edges: [...fixedEdges()] });
    sinks.add(measured[0]);
    expect(Object.keys(sinks.finish()).sort()).toEqual(["histograms", "metrics", "specialKnown"]);
  });
});

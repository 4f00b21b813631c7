import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import type { Cloud } from "../../probes/cloud.ts";
import { viewCloud } from "../../probes/measures/cloud-view.ts";
import { coordinateMeasure } from "../../probes/measures/coordinate-measure.ts";
import { asMeasure, defineMeasure } from "../../probes/measures/define-measure.ts";
import { MEASURES } from "../../probes/measures/measures.ts";
import { productMeasures } from "../../probes/measures/product-measures.ts";
import { applyPolicy } from "../../probes/policy/apply-policy.ts";
import { resolvePolicy } from "../../probes/policy/policy.ts";
import { probeCloud } from "../../probes/probe-cloud.ts";
import { probeLayer } from "../../probes/probe-layer.ts";
import { gaussianCloud, randomRotation, reorder, rotate } from "./clouds.ts";

const unit = (cloud: Cloud) => applyPolicy(cloud, resolvePolicy());
const shapes = fc.tuple(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 1, max: 9 }), fc.nat());
const failure = (kind: string, message: RegExp) =>
  expect.objectContaining({ kind, message: expect.stringMatching(message) });

/** Coordinates of the first token that are above 0, as a share: not invariant, and cheap to know by hand. */
const positive = {
  name: "share_positive",
  about: "share of coordinates above 0",
  value: ({ n, d, x }: Cloud) => x.filter((v) => v > 0).length / (n * d),
  floor: () => 0.5,
};

describe.each(MEASURES.map((measure) => [measure.name, measure] as const))("the measure %s", (_name, measure) => {
  const rows = (cloud: Cloud) => measure.rows(viewCloud(cloud, { raw: cloud }));

  it("gives finite rows that are its own and no other's, the same for reordered tokens and, but for what is of coordinates, rotated ones", () => {
    fc.assert(
      fc.property(shapes, ([n, d, seed]) => {
        const random = randomSource(seed);
        const cloud = unit(gaussianCloud(n, d, random, 1));
        const found = rows(cloud);
        for (const { measure: row, value, lo, hi, floor } of found) {
          for (const v of [value, lo ?? 0, hi ?? 0, floor ?? 0]) expect(Number.isFinite(v), row).toBe(true);
          expect(MEASURES.filter((one) => one.owns(row)).map(({ name }) => name)).toEqual([measure.name]);
        }
        const order = Array.from({ length: n }, (_, i) => (i + 1) % n);
        const turned = rotate(cloud, randomRotation(d, random));
        for (const same of measure === coordinateMeasure ? [reorder(cloud, order)] : [turned, reorder(cloud, order)]) {
          rows(same).forEach(({ measure: row, value }, k) => {
            // Inner products move by a few ε when they are rounded or summed otherwise; skew and ranks by some hundred.
            const rounding = 1e-11 * Math.max(1, Math.abs(value));
            expect(Math.abs(value - found[k].value), row).toBeLessThanOrEqual(rounding);
          });
        }
      }),
      { numRuns: 15, seed: 1 },
    );
  });

  it("says what it is", () => {
    expect(measure.about).toBeTruthy();
    expect(asMeasure(measure)).toBe(measure);
  });
});

describe("a measure that a user defines", () => {
  const cloud = unit(gaussianCloud(6, 4, randomSource(5)));

  it("gives one more row after ours, which stay as they are, with its floor", () => {
    const mine = defineMeasure(positive);
    const { measures } = probeCloud(cloud, { measures: [...MEASURES, mine] });
    expect(measures.slice(0, -1)).toEqual(probeCloud(cloud).measures);
    const row = { measure: "share_positive", value: positive.value(cloud), lo: null, hi: null, floor: 0.5 };
    expect(measures.at(-1)).toEqual(row);
    expect(probeCloud(cloud, { measures: [mine] }).measures).toEqual([row]);
  });

  it("may be a plain object, and is handed back where it is defined already", () => {
    const mine = asMeasure(positive);
    expect(defineMeasure(mine)).toBe(mine);
    expect(mine).toMatchObject({ name: "share_positive", about: "share of coordinates above 0" });
  });

  it("has no row where it does not exist, and no floor beside clouds that were centred or are not of length 1", () => {
    const none = defineMeasure({ name: "none", value: () => null });
    expect(probeCloud(cloud, { measures: [none] }).measures).toEqual([]);
    const policy = resolvePolicy({ center: "mean" });
    const [row] = probeCloud(applyPolicy(cloud, policy), { policy, measures: [defineMeasure(positive)] }).measures;
    expect(row.floor).toBeNull();
  });

  it("is told whether tokens are of length 1, and cannot change what others see", () => {
    const seen: boolean[] = [];
    const rough = defineMeasure({
      name: "rough",
      value({ x, unit: of }) {
        seen.push(of);
        x.fill(0);
        return 0;
      },
    });
    const measures = [rough, productMeasures];
    expect(probeCloud(cloud, { measures }).measures.slice(1)).toEqual(
      probeCloud(cloud, { measures: [productMeasures] }).measures,
    );
    probeCloud(gaussianCloud(3, 2), { policy: resolvePolicy({ normalize: "none" }), measures });
    expect(seen).toEqual([true, false]);
  });

  it.each<[string, () => unknown, RegExp]>([
    ["throws", () => nothing.length, /^measure bad: value threw: nothing is not defined\. mend it, or leave it out$/],
    ["gives NaN", () => Number.NaN, /^measure bad: value gave NaN\. return a finite number, or null where/],
    ["gives Infinity", () => -1 / 0, /^measure bad: value gave -Infinity\. /],
    ["gives nothing", () => undefined, /^measure bad: value gave undefined\. /],
    ["gives a word", () => "0.5", /^measure bad: value gave a string\. /],
    ["gives a promise", async () => 1, /^measure bad: value gave an object\. /],
    [
      "throws lines",
      () => {
        throw new Error("one\ntwo");
      },
      /^measure bad: value threw: one\. mend/,
    ],
  ])("ends in one line where it %s", (_what, value, message) => {
    const bad = asMeasure({ name: "bad", value });
    expect(() => probeCloud(cloud, { measures: [bad] })).toThrow(failure("input", message));
  });

  it("ends in one line where its floor is no number", () => {
    const bad = defineMeasure({ ...positive, name: "bad", floor: () => Number.NaN });
    expect(() => probeCloud(cloud, { measures: [bad] })).toThrow(failure("input", /^measure bad: floor gave NaN\. /));
  });

  it("says in which text and layer it failed", () => {
    const layers = [
      { layer: 0, x: Float32Array.of(1, 0, 0, 1) },
      { layer: 1, x: Float32Array.of(1, 0, 1, 1) },
    ];
    const states: HiddenStates = {
      batch: 1,
      n: 2,
      d: 2,
      layers,
      mask: Uint8Array.of(1, 1),
      special: null,
      tokens: null,
    };
    const measures = [defineMeasure({ name: "bad", value: ({ x }) => (x[2] > 0 ? Number.NaN : 0) })];
    expect(probeLayer(states, 0, 0, { measures }).measures).toHaveLength(1);
    expect(() => probeLayer(states, 0, 1, { measures })).toThrow(
      failure("input", /^text 0, layer 1: measure bad: value gave NaN\. /),
    );
  });

  it.each<[string, unknown, RegExp]>([
    ["nothing", undefined, /^measure: undefined\. give \{ name, value \}$/],
    ["a function", () => 1, /^measure: a function\. /],
    ["no name", { value: () => 1 }, /^measure: its name is undefined\. give a string$/],
    ["a name with a comma", { name: "a,b", value: () => 1 }, /^measure "a,b": no name\. use a letter/],
    ["no value", { name: "mine" }, /^measure mine: value is undefined\. give a function$/],
    ["a floor that is a number", { name: "mine", value: () => 1, floor: 0 }, /^measure mine: floor is a number\. /],
    ["an about that is none", { name: "mine", value: () => 1, about: 1 }, /^measure mine: about is a number\. /],
    ["rows that are none", { name: "mine", rows: [], owns: () => true }, /^measure mine: rows is an array\. /],
  ])("is refused where it is %s", (_what, value, message) => {
    expect(() => asMeasure(value)).toThrow(failure("input", message));
  });

  it.each([
    ["mean_cosine", "products"],
    ["mass_0.95", "products"],
    ["effective_rank", "spectrum"],
    ["largest_cluster_0.9", "clusters"],
    ["log_energy_2", "energy"],
    ["norm_max", "norms"],
  ])("is refused with the name of a row of ours: %s", (name, owner) => {
    const message = new RegExp(`^measure ${name}: ${owner} gives a row of this name\\. choose another name$`);
    expect(() => defineMeasure({ name, value: () => 1 })).toThrow(failure("usage", message));
  });

  it("is refused with the name of another", () => {
    const [one, two] = [defineMeasure(positive), defineMeasure(positive)];
    expect(() => probeCloud(cloud, { measures: [one, two] })).toThrow(
      failure("usage", /^measure share_positive: there is one already\. /),
    );
    expect(() => defineMeasure({ name: "w1_isotropic", value: () => 1 })).toThrow(failure("usage", /one already/));
  });
});

declare const nothing: string;

import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { randomSource } from "../../models/random.ts";
import type { Cloud } from "../../probes/cloud.ts";
import { innerProducts, pairCount } from "../../probes/products/inner-products.ts";
import { frozen } from "../../src/rivals/frozen.ts";
import { interpolation } from "../../src/rivals/interpolation.ts";
import { permuted } from "../../src/rivals/permuted.ts";
import { predictedClouds } from "../../src/rivals/predicted-clouds.ts";
import { reshape, reshapeStep } from "../../src/rivals/reshape.ts";
import { RIVALS } from "../../src/rivals/rivals.ts";
import { shuffled } from "../../src/rivals/shuffled.ts";
import { drift, mapping, normals, textOf, unitCloud, walk } from "./fit-texts.ts";
import { pairSkill } from "./skill.ts";

/** Unit tokens of few directions, so that they are often equal, opposite or at right angles; or any. */
const anyText = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 }), fc.nat(1000))
  .map(([n, d, layers, seed]) => {
    const random = randomSource(seed);
    const coarse = seed % 2 === 0;
    const cloud = () => {
      const x = normals(n * d, random).map((v) => (coarse ? Math.round(v) : v));
      for (let i = 0; i < n; i++) if (x.subarray(i * d, (i + 1) * d).every((v) => v === 0)) x[i * d] = 1;
      return unitCloud(n, d, x);
    };
    const first = cloud();
    return { n, d, clouds: [first, ...Array.from({ length: layers }, () => (seed % 5 === 0 ? first : cloud()))] };
  });

describe.each(RIVALS)("$name", (rival) => {
  it("predicts unit tokens and products, or says nothing, whatever it is given", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const before = text.clouds.map(({ x }) => x.slice());
        const { cloud, products } = rival.predict(text);
        text.clouds.forEach((_, k) => {
          const at = cloud?.(k);
          if (at) expectUnit(at, text.n, text.d);
          const pairs = products(k);
          if (!pairs) return;
          expect(pairs).toHaveLength(pairCount(text.n));
          expect(pairs.every((v) => v >= -1 && v <= 1)).toBe(true);
        });
        expect(text.clouds.map(({ x }) => x)).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });

  it("gives the first layer back, and identical layers exactly, where it speaks of them", () => {
    const [first] = textOf(12, 5, 1, (x) => x).clouds;
    const { cloud, products } = rival.predict({ n: 12, d: 5, clouds: [first, first, first] });
    const pairs = innerProducts(first, true);
    for (const k of [0, 1, 2]) {
      cloud?.(k)?.x.forEach((v, p) => {
        expect(v).toBeCloseTo(first.x[p], 10);
      });
      // A function of products passes through its neighbours: as near as eight folds of 66 pairs lie together.
      products(k)?.forEach((v, p) => {
        expect(Math.abs(v - pairs[p])).toBeLessThan(rival === reshape ? 0.3 : 1e-10);
      });
    }
  });

  it("is the same in other coordinates", () => {
    const text = textOf(20, 4, 4, (x, random) => walk(0.05)(drift(4, 0.4)(x), random));
    const turned = { ...text, clouds: text.clouds.map(({ n, d, x }) => ({ n, d, x: swap(x, d) })) };
    const [a, b] = [text, turned].map((t) => rival.predict(t).products(2));
    a?.forEach((v, p) => {
      expect(b?.[p]).toBeCloseTo(v, 6);
    });
  });
});

describe("reshape", () => {
  it("follows a monotone law of products, rising or falling", () => {
    const random = randomSource(1);
    const before = Float64Array.from({ length: pairCount(60) }, () => 2 * random() - 1);
    for (const sign of [1, -1]) {
      const after = before.map((v) => sign * v ** 3);
      reshapeStep(before, after, 60)?.forEach((v, p) => {
        expect(v).toBeCloseTo(after[p], 1);
      });
    }
  });

  it("gains nothing from products that have nothing to do with the first ones", () => {
    const text = textOf(60, 12, 2, (_, random) => normals(60 * 12, random));
    const [g, later] = text.clouds.map((cloud) => innerProducts(cloud, true));
    const predicted = reshape.predict(text).products(1);
    const mean = later.reduce((s, v) => s + v, 0) / later.length;
    const missed = (of: (p: number) => number) => later.reduce((s, v, p) => s + (v - of(p)) ** 2, 0);
    expect(missed((p) => predicted?.[p] ?? g[p])).toBeGreaterThan(0.98 * missed(() => mean));
  });

  it("pools many pairs and loses little by it", () => {
    const text = textOf(200, 3, 2, drift(3, 1));
    const small = { ...text, n: 120, clouds: text.clouds.map(({ d, x }) => ({ n: 120, d, x: x.subarray(0, 360) })) };
    expect(Math.abs(pairSkill(reshape, text) - pairSkill(reshape, small))).toBeLessThan(0.1);
  });

  it("says nothing where there is no other pair to learn from", () => {
    expect(reshape.predict(textOf(2, 3, 2, drift(3, 1))).products(1)).toBeNull();
  });
});

test("interpolation has the mean of the sorted products, and nothing at the ends", () => {
  const text = textOf(10, 4, 3, mapping(4, 0.8));
  const { cloud, products } = interpolation.predict(text);
  expect([cloud?.(0), cloud?.(2), products(0), products(2)]).toEqual([null, null, null, null]);
  const [low, , high] = text.clouds.map((at) => innerProducts(at, true).sort());
  expect([...(products(1) ?? []).slice().sort()]).toEqual([...low.map((v, r) => (v + high[r]) / 2)]);
});

describe("nulls", () => {
  const text = textOf(12, 5, 3, mapping(5, 0.5));
  const truth = predictedClouds(text.clouds);

  it("permuted keeps every histogram and moves tokens and pairs the same way in all layers", () => {
    const null_ = permuted(truth, 12, randomSource(1));
    for (const k of [0, 1, 2]) {
      const at = null_.cloud?.(k) as Cloud;
      const pairs = null_.products(k) as Float64Array;
      innerProducts(at, true).forEach((v, p) => {
        expect(pairs[p]).toBeCloseTo(v, 12);
      });
      expect([...pairs.slice().sort()]).toEqual([...innerProducts(text.clouds[k], true).sort()]);
      expect([...pairs]).not.toEqual([...innerProducts(text.clouds[k], true)]);
    }
    expect(permuted(reshape.predict(text), 12, randomSource(1)).cloud).toBeNull();
  });

  it("shuffled moves every token as far as some token moves, from its own place", () => {
    const null_ = shuffled(truth, text.clouds[0], randomSource(1));
    const moved = (at: Cloud) =>
      [...Array(12).keys()]
        .map((i) => [...at.x.subarray(i * 5, (i + 1) * 5)].reduce((s, v, k) => s + v * text.clouds[0].x[i * 5 + k], 0))
        .sort();
    const [own, given] = [text.clouds[2], null_?.cloud?.(2) as Cloud].map(moved);
    expectUnit(null_?.cloud?.(2) as Cloud, 12, 5);
    own.forEach((v, i) => {
      expect(given[i]).toBeCloseTo(v, 12);
    });
  });

  it("shuffled leaves what does not move where it is, between opposite tokens too", () => {
    const start = unitCloud(3, 2, Float64Array.of(1, 0, -1, 0, 0, 1));
    const still = frozen.predict({ n: 3, d: 2, clouds: [start, start] });
    for (const seed of [1, 2, 3, 4]) {
      shuffled(still, start, randomSource(seed))
        ?.cloud?.(1)
        ?.x.forEach((v, p) => {
          expect(v).toBeCloseTo(start.x[p], 12);
        });
    }
    expect(shuffled(reshape.predict(text), text.clouds[0], randomSource(1))).toBeNull();
  });
});

function expectUnit({ n, d, x }: Cloud, tokens: number, width: number): void {
  expect([n, d]).toEqual([tokens, width]);
  for (let i = 0; i < n; i++) {
    const square = Array.from(x.subarray(i * d, (i + 1) * d)).reduce((s, v) => s + v * v, 0);
    expect(Math.abs(square - 1)).toBeLessThan(1e-6);
  }
}

/** A rotation by a right angle in the first two coordinates. */
function swap(x: ArrayLike<number>, d: number): Float64Array {
  const out = Float64Array.from(x);
  for (let at = 0; at < out.length; at += d) [out[at], out[at + 1]] = [-out[at + 1], out[at]];
  return out;
}

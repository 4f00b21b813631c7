import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import type { TimeMap } from "../../src/alignment/align.ts";
import { orderNull, type Tabulated } from "../../src/alignment/layer-order.ts";

/** A trajectory that is right for layer k at time `right[k]` and misses by |t − right[k]| elsewhere. */
function tabulated(right: readonly number[], end = 12): Tabulated {
  const grid = Float64Array.from({ length: 4 * end + 1 }, (_, i) => i / 4);
  const table = Float64Array.from(right.flatMap((best) => [...grid].map((t) => Math.abs(t - best))));
  return { candidate: { grid }, table };
}

function nullOf(right: readonly number[], map: TimeMap, seed = 1) {
  const fractions = right.map((_, k) => k / (right.length - 1));
  return orderNull([tabulated(right)], fractions, map, randomSource(seed));
}

describe("the null of random orders", () => {
  it.each(["linear", "monotone"] as const)("is beaten by layers in their order: %s", (map) => {
    const found = nullOf([0, 1, 2, 3, 4, 5, 6, 7], map)!;
    // 7! = 5040 orders: 199 of them are drawn, and none is the true one but by a chance of 4 %.
    expect(found).toMatchObject({ orders: 199, p: 1 / 200 });
    expect(found.p_error).toBeCloseTo(Math.sqrt((0.005 * 0.995) / 200), 12);
    expect(found.skill).toBeLessThan(0.9);
  });

  it.each(["linear", "monotone"] as const)("is not beaten by layers in a bad order: %s", (map) => {
    expect(nullOf([0, 7, 1, 6, 2, 5, 3, 4], map)!.p).toBeGreaterThan(0.05);
  });

  it("counts every order where they are few, the true one among them: p is exact", () => {
    const found = nullOf([0, 1, 2, 3, 4], "monotone")!;
    expect(found).toMatchObject({ orders: 23, p: 1 / 24, p_error: 0 });
  });

  it("counts orders that fit equally: of layers that are all alike every one does", () => {
    expect(nullOf([0, 3, 3, 3, 3, 3], "monotone")!.p).toBe(1);
  });

  it("says nothing with fewer than four layers after the first, whose 6 orders allow no p below .17", () => {
    expect(nullOf([0, 1, 2, 3], "linear")).toBeNull();
    expect(nullOf([0, 1, 2, 3, 4], "linear")).not.toBeNull();
  });

  it("says nothing where nothing moves", () => {
    expect(nullOf([0, 0, 0, 0, 0, 0], "linear")).toBeNull();
  });

  it("takes the best trajectory of each order", () => {
    const right = [0, 1, 2, 3, 4, 5];
    const fractions = right.map((k) => k / 5);
    const alone = orderNull([tabulated(right)], fractions, "linear", randomSource(1))!;
    const twisted = tabulated([0, 5, 1, 4, 2, 3]);
    const both = orderNull([tabulated(right), twisted], fractions, "linear", randomSource(1))!;
    expect(both.p).toBeGreaterThan(alone.p);
    expect(both.skill).toBeGreaterThanOrEqual(alone.skill);
  });
});

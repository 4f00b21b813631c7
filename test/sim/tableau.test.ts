import { describe, expect, it } from "vitest";
import { checkTableau, defineMethod } from "../../sim/methods/check-tableau.ts";
import { findMethod, METHODS } from "../../sim/methods/methods.ts";
import { rootedTrees, treeDensity } from "../../sim/methods/rooted-trees.ts";
import type { Tableau } from "../../sim/methods/tableau.ts";
import { denseWeights } from "../../sim/methods/tableau.ts";

const { tsit5, rk4 } = METHODS;

describe("rooted trees", () => {
  it("are counted as Cayley counted them", () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8].map((order) => rootedTrees(order).length)).toEqual([1, 1, 2, 4, 9, 20, 48, 115]);
  });

  it("have density p! for the path and p for the bush", () => {
    expect(treeDensity([[[[]]]])).toBe(24);
    expect(treeDensity([[], [], []])).toBe(4);
  });
});

describe("every tableau of the registry", () => {
  for (const [name, method] of Object.entries(METHODS)) {
    it(`${name} passes its own check and carries its key as name`, () => {
      expect(checkTableau(method)).toEqual([]);
      expect(method.name).toBe(name);
    });

    it(`${name} has dense weights that end in its step and start in nothing`, () => {
      expect(denseWeights(method.dense.weights, 0).every((w) => w === 0)).toBe(true);
      denseWeights(method.dense.weights, 1).forEach((w, i) => {
        // Coefficients of size 90 in float64.
        expect(Math.abs(w - (method.b[i] ?? 0))).toBeLessThan(1e-12);
      });
    });
  }

  it("knows that the last stage of tsit5 is the first of the next step, and rk4's is not", () => {
    expect([tsit5.firstSameAsLast, rk4.firstSameAsLast]).toEqual([true, false]);
  });
});

describe("a wrong tableau is rejected", () => {
  const spoil = (change: Partial<Tableau>): Tableau => ({ ...tsit5, ...change });

  it("where a coefficient is off in the tenth digit", () => {
    const a = tsit5.a.map((row) => [...row]);
    a[4][2] += 1e-10;
    expect(checkTableau(spoil({ a })).join()).toMatch(/row 4 sums to/);
  });

  it("where two coefficients are swapped so that the row sum still holds", () => {
    const a = tsit5.a.map((row) => [...row]);
    [a[5][0], a[5][1]] = [a[5][1], a[5][0]];
    expect(checkTableau(spoil({ a })).join()).toMatch(/b: order \d fails/);
  });

  it("where a weight is off", () => {
    const b = [...tsit5.b];
    b[1] += 1e-9;
    expect(() => defineMethod(spoil({ b }))).toThrow(/tableau tsit5: b: order 1 fails/);
  });

  it("where it claims too much or too little order", () => {
    expect(checkTableau({ ...rk4, order: 5 }).join()).toMatch(/b: order 5 fails/);
    expect(checkTableau({ ...rk4, order: 3 }).join()).toMatch(/above the claimed 3/);
  });

  it("where the pair is no pair", () => {
    expect(checkTableau(spoil({ embedded: [{ order: 4, b: tsit5.b }] })).join()).toMatch(/embedded: order is above/);
  });

  it("where the interpolant is wrong inside the step only", () => {
    const weights = tsit5.dense.weights.map((row) => [...row]);
    weights[3][1] += 1e-6;
    weights[3][2] -= 1e-6;
    expect(checkTableau(spoil({ dense: { order: 4, weights } })).join()).toMatch(/dense at 0.5: order 1 fails/);
  });

  it("where the shapes do not fit", () => {
    expect(checkTableau(spoil({ c: [0] })).join()).toMatch(/c: 1 entries for 7 stages/);
  });
});

describe("an unknown method", () => {
  it("is named, with those there are", () => {
    expect(() => findMethod("rk45")).toThrow("method: rk45. use dop853, euler, heun, rk4, tsit5");
  });
});

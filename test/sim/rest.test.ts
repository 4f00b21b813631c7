import { describe, expect, it } from "vitest";
import { findDynamics } from "../../sim/dynamics/dynamics-table.ts";
import { restOf } from "../../sim/simulate/rest.ts";
import { ringStability } from "../../sim/theory/ring-stability.ts";

const ring = (k: number, d: number) =>
  Float64Array.from(
    Array.from({ length: k }, (_, j) => [
      Math.cos((2 * Math.PI * j) / k),
      Math.sin((2 * Math.PI * j) / k),
      ...new Array<number>(d - 2).fill(0),
    ]).flat(),
  );

describe("clouds at rest", () => {
  it.each([
    ["sa", 4, 1],
    ["sa", 5, 9],
    ["usa", 3, 2],
    ["usa", 6, 30],
  ] as const)("%s: a ring of %i at β = %f has the rates of theory", (name, k, beta) => {
    const rest = restOf({ dynamics: findDynamics(name), params: {}, n: k, d: 2, beta }, ring(k, 2));
    const known = ringStability(k, beta)[name].map((rate) => Number(rate) * Math.exp(-(rest?.logScale ?? 0)));
    known.sort((a, b) => b - a);
    expect(rest?.speed).toBeLessThan(1e-15);
    // Differences of order 4: some 1e-12, times what rates of order β make of it.
    rest?.rates?.forEach((rate, j) => void expect(Math.abs(rate - known[j])).toBeLessThan(1e-10 * (1 + beta)));
    expect(rest?.rates).toHaveLength(k);
  });

  it("two tokens face to face leave their line in every direction: rate 2w/(1 + w), w = e^{−2β}", () => {
    const x = Float64Array.of(1, 0, 0, 0, 0, -1, 0, 0, 0, 0);
    const rest = restOf({ dynamics: findDynamics("sa"), params: {}, n: 2, d: 5, beta: 1 }, x);
    const w = Math.exp(-2);
    // φ̇ = sin(φ) 2w/(1 + w) towards each other at φ = π, as two rates of one token each.
    expect(rest?.rates?.[0]).toBeCloseTo((2 * w) / (1 + w), 10);
  });

  it("where Z differs from token to token the leading rate is told alone; what coincides is stable", () => {
    const task = { dynamics: findDynamics("sa"), params: {}, n: 3, d: 2, beta: 2 };
    const pairAndOne = restOf(task, Float64Array.of(1, 0, 1, 0, -1, 0));
    expect(pairAndOne?.rates).toHaveLength(1);
    // Masses 2 and 1 of 3: φ̇ = −sin φ [w/(2 + w) + 2w/(1 + 2w)], w = e^{−4}.
    const w = Math.exp(-4);
    expect(pairAndOne?.rates?.[0]).toBeCloseTo(w / (2 + w) + (2 * w) / (1 + 2 * w), 8);
    const point = restOf(task, Float64Array.of(1, 0, 1, 0, 1, 0));
    expect(Math.abs(point?.rates?.[0] ?? 1)).toBeLessThan(1e-9);
    expect(point?.rates?.at(-1)).toBeCloseTo(-1, 9);
  });

  it("what moves has a speed and no rates", () => {
    const task = { dynamics: findDynamics("sa"), params: {}, n: 2, d: 2, beta: 0 };
    const { speed, rates } = restOf(task, Float64Array.of(1, 0, 0, 1)) ?? {};
    expect(speed).toBeCloseTo(0.5, 15);
    expect(rates).toBeNull();
  });
});

import { describe, expect, it } from "vitest";
import type { Precision } from "../../models/onnx/graph-builder.ts";
import { randomSource } from "../../models/random.ts";
import { type DynamicsName, findDynamics } from "../../sim/dynamics/dynamics-table.ts";
import { typescriptEngine } from "../../sim/engines/typescript-engine.ts";
import { errorNorm } from "../../sim/integrators/error-norm.ts";
import { tsit5 } from "../../sim/methods/tsit5.ts";
import { stepEngine } from "../../sim/sweep/step-engine.ts";
import { dot, largestDifference, randomParams, start } from "./cases.ts";

const [n, d, h] = [6, 3, 0.3];
const tolerances = { rtol: 1e-4, atol: 3e-5 };
const NAMES: readonly DynamicsName[] = ["sa", "usa", "sa_causal", "sa_weighted", "sa_qkv", "sa_preln", "sa_ngpt"];

/** The step in plain TypeScript, by the tableau. */
function plainStep(name: DynamicsName, x: Float64Array, beta: number) {
  const dynamics = findDynamics(name);
  const params = randomParams(name, n, d, randomSource(5));
  const { velocity } = typescriptEngine({ dynamics, params, n, d });
  const at = (point: Float64Array) => {
    const out = new Float64Array(n * d);
    velocity(point, Float64Array.of(beta), new Float64Array(1), 1, out);
    return out;
  };
  const combined = (slopes: readonly Float64Array[], weights: readonly number[]) =>
    x.map((_, e) => h * weights.reduce((sum, weight, i) => sum + weight * (slopes[i]?.[e] ?? 0), 0));
  const slopes = [at(x)];
  let end = x;
  for (const row of tsit5.a.slice(1)) {
    end = combined(slopes, row).map((change, e) => x[e] + change);
    slopes.push(at(end));
  }
  const error = errorNorm(
    [combined(slopes, tsit5.errorWeights[0])],
    end,
    0,
    { n, d, geometry: dynamics.geometry },
    tolerances,
  );
  const unit = end.map((value, e) => value / Math.hypot(...rowOf(end, Math.floor(e / d))));
  return { params, slopes, error, unit, next: dynamics.geometry === "sphere" ? unit : end };
}

const rowOf = (x: Float64Array, i: number) => x.subarray(i * d, (i + 1) * d);

async function engineSteps(name: DynamicsName, clouds: readonly Float64Array[], beta: number, precision: Precision) {
  const dynamics = findDynamics(name);
  const params = randomParams(name, n, d, randomSource(5));
  const engine = await stepEngine(
    { dynamics, params, n, d },
    { method: tsit5, tolerances },
    precision,
    clouds.length,
    1,
  );
  const { inputs, outputs } = engine;
  for (const [lane, x] of clouds.entries()) inputs.x.set(x, lane * n * d);
  inputs.beta.fill(beta);
  await engine.run(clouds.length);
  const resting = { slope: outputs.next_slope.slice(), next: outputs.next.slice() };
  inputs.slope.set(outputs.next_slope);
  inputs.step.fill(h);
  await engine.run(clouds.length);
  const copies = Object.fromEntries(Object.entries(outputs).map(([key, values]) => [key, Array.from(values)]));
  await engine.release();
  return { resting, ...(copies as Record<keyof typeof outputs, number[]>) };
}

describe.each([
  // Two orders of summation in float64.
  ["float64", 1e-12],
  // A dozen roundings of 6e-8 each.
  ["float32", 3e-6],
] as const)("a whole step as one graph, %s", (precision, rounding) => {
  it.each(NAMES)("is the step of the tableau, with its slope, error, cosines and rates: %s", async (name) => {
    const clouds = [start(n, d, 1), start(n, d, 2)];
    const found = await engineSteps(name, clouds, 1.7, precision);
    for (const [lane, x] of clouds.entries()) {
      const { next, slopes, error, unit } = plainStep(name, x, 1.7);
      const own = (values: ArrayLike<number>, size: number) => Array.from(values).slice(lane * size, (lane + 1) * size);
      const largest = (values: ArrayLike<number>) => Math.max(1, ...Array.from(values, Math.abs));
      expect(largestDifference(own(found.resting.next, n * d), x)).toBeLessThan(rounding);
      expect(largestDifference(own(found.resting.slope, n * d), slopes[0])).toBeLessThan(rounding * largest(slopes[0]));
      expect(largestDifference(own(found.next, n * d), next)).toBeLessThan(rounding * largest(slopes[0]));
      const last = slopes[slopes.length - 1];
      expect(largestDifference(own(found.next_slope, n * d), last)).toBeLessThan(4 * rounding * largest(last));
      // Rounding of the state in units of the tolerance.
      expect(Math.abs(found.error[lane] - error)).toBeLessThan((rounding * largest(last)) / tolerances.atol);
      const products = unit.length / d;
      for (let i = 0; i < products; i++) {
        for (let j = 0; j < products; j++) {
          const at = (lane * n + i) * n + j;
          expect(Math.abs(found.cosines[at] - dot(unit, i, unit, j, d))).toBeLessThan(4 * rounding);
          expect(Math.abs(found.rates[at] - rateOf(next, last, i, j))).toBeLessThan(10 * rounding * largest(last));
        }
      }
    }
  });
});

/** d⟨θ_i, θ_j⟩/dt, with the part of the velocity along a token left out. */
function rateOf(x: Float64Array, v: Float64Array, i: number, j: number): number {
  const unitRow = (k: number) => {
    const [row, slope] = [rowOf(x, k), rowOf(v, k)];
    const length = Math.hypot(...row);
    const along = row.reduce((sum, value, c) => sum + (value * slope[c]) / length ** 2, 0);
    return { theta: row.map((value) => value / length), turning: slope.map((s, c) => (s - along * row[c]) / length) };
  };
  const [a, b] = [unitRow(i), unitRow(j)];
  return dot(a.turning, 0, b.theta, 0, d) + dot(a.theta, 0, b.turning, 0, d);
}

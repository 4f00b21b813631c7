import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { uniformCloud } from "../../sim/clouds/uniform-cloud.ts";
import { pairDifference, pooledDifference, tokenDifference, zOf } from "../../src/levels/difference.ts";
import { observedText } from "../../src/levels/observed-text.ts";
import { pairErrors } from "../../src/levels/pair-errors.ts";
import { predictedClouds } from "../../src/rivals/predicted-clouds.ts";

const random = randomSource(4);
const [n, d] = [9, 4];
const cloud = () => uniformCloud(n, d, random);
const text = observedText({ n, d, clouds: [cloud(), cloud(), cloud()] });
const predictions = [0, 1].map(() => predictedClouds([text.clouds[0], cloud(), cloud()]));
const errors = predictions.map((prediction) => pairErrors(text, prediction, [1, 2])!);

/** The sum over the pairs that are left, straight from the definition. */
function sumOfErrors(prediction: (typeof predictions)[number], without: number | null): number {
  let sum = 0;
  let p = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++, p++) {
      if (i === without || j === without) continue;
      for (const k of [1, 2]) sum += (text.products(k)[p] - prediction.products(k)![p]) ** 2;
    }
  }
  return sum;
}

describe("the difference of two predictions pair by pair", () => {
  it("is the logarithm of the ratio of squared errors, with the jackknife's standard error of leaving tokens out", () => {
    const difference = (without: number | null) =>
      Math.log(sumOfErrors(predictions[0], without) / sumOfErrors(predictions[1], without));
    const left = Array.from({ length: n }, (_, i) => difference(i));
    const center = left.reduce((a, b) => a + b, 0) / n;
    const se = Math.sqrt(((n - 1) / n) * left.reduce((sum, value) => sum + (value - center) ** 2, 0));
    const found = pairDifference(errors[0], errors[1])!;
    expect(found.mean).toBeCloseTo(difference(null), 12);
    expect(found.se).toBeCloseTo(se, 12);
  });

  it("is nothing between a prediction and itself, and changes sign with the order", () => {
    expect(pairDifference(errors[0], errors[0])).toEqual({ mean: 0, se: 0 });
    expect(zOf(pairDifference(errors[0], errors[0])!)).toBe(0);
    const [one, other] = [pairDifference(errors[0], errors[1])!, pairDifference(errors[1], errors[0])!];
    expect(zOf(one)).toBeCloseTo(-zOf(other), 12);
  });

  it("is nothing between two predictions that err by rounding alone", () => {
    const tiny = (error: number) => ({ n: 4, total: error, byToken: new Float64Array(4).fill(error / 2) });
    expect(zOf(pairDifference(tiny(1e-15), tiny(1e-17))!)).toBe(0);
  });

  it("is unknown below three tokens", () => {
    const two = { n: 2, total: 1, byToken: Float64Array.of(1, 1) };
    expect(pairDifference(two, two)).toBeNull();
    expect(tokenDifference(Float64Array.of(1, 2), Float64Array.of(1, 1))).toBeNull();
  });
});

describe("differences of several texts", () => {
  const each = [1, 2, 3, 2, 2].map((mean) => ({ mean, se: 1 }));

  it("are pooled with what tokens say up to four texts", () => {
    expect(pooledDifference(each.slice(0, 4))).toEqual({ mean: 2, se: 0.5 });
  });

  it("and with their own spread from five on", () => {
    const { mean, se } = pooledDifference(each)!;
    expect(mean).toBe(2);
    expect(se).toBeCloseTo(Math.sqrt(0.5 / 5), 12);
  });

  it("are unknown where none is known", () => {
    expect(pooledDifference([null, null])).toBeNull();
    expect(pooledDifference([null, { mean: 1, se: 1 }])).toEqual({ mean: 1, se: 1 });
  });
});

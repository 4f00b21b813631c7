import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { uniformCloud } from "../../sim/clouds/uniform-cloud.ts";
import { observedText } from "../../src/levels/observed-text.ts";
import { crossSums, partitionOf } from "../../src/levels/partition.ts";
import { predictedClouds } from "../../src/rivals/predicted-clouds.ts";
import { averagedText } from "./averaged-text.ts";

const random = randomSource(8);
const [n, d] = [16, 5];
const text = observedText(averagedText(n, d, 3, random));
const right = predictedClouds(text.clouds);
const frozen = predictedClouds(text.clouds.map(() => text.clouds[0]));
const noise = predictedClouds([text.clouds[0], uniformCloud(n, d, random), uniformCloud(n, d, random)]);
const of = (a: typeof right, b: typeof right) => partitionOf([crossSums(text, [a, b], [1, 2])!])!;

describe("the partition of a change of inner products", () => {
  it("gives all to the one that is right beside one that says nothing", () => {
    const found = of(right, frozen);
    expect(found.unique).toBeCloseTo(1, 12);
    expect(found.other).toBeCloseTo(0, 12);
    expect(found.shared).toBeCloseTo(0, 12);
  });

  it("gives all to both where both are right", () => {
    const { unique, other, shared } = of(right, right);
    expect([unique, other]).toEqual([0, 0]);
    expect(shared).toBeCloseTo(1, 12);
  });

  it("adds up to what both together give, by a regression through the origin", () => {
    const change = (one: typeof right) =>
      [1, 2].flatMap((k) => [...one.products(k)!].map((g, p) => g - text.products(0)[p]));
    const [y, a, b] = [right, noise, frozenHalf()].map(change);
    const dot = (u: number[], v: number[]) => u.reduce((sum, value, p) => sum + value * v[p], 0);
    const det = dot(a, a) * dot(b, b) - dot(a, b) ** 2;
    const wa = (dot(y, a) * dot(b, b) - dot(y, b) * dot(a, b)) / det;
    const wb = (dot(y, b) * dot(a, a) - dot(y, a) * dot(a, b)) / det;
    const rest = y.map((value, p) => value - wa * a[p] - wb * b[p]);
    const { unique, other, shared } = of(noise, frozenHalf());
    expect(unique + other + shared).toBeCloseTo(1 - dot(rest, rest) / dot(y, y), 10);
  });

  it("has an interval of what is unique, from five tokens on", () => {
    const { unique, unique_interval } = of(noise, frozenHalf());
    expect(unique_interval![0]).toBeLessThanOrEqual(unique);
    expect(unique_interval![1]).toBeGreaterThanOrEqual(unique);
  });

  it("is nothing where nothing changes", () => {
    const still = observedText({ n, d, clouds: [text.clouds[0], text.clouds[0]] });
    const same = predictedClouds([text.clouds[0], text.clouds[0]]);
    expect(partitionOf([crossSums(still, [same, same], [1])!])).toBeNull();
  });
});

/** Layer 1 right, layer 2 as layer 1. */
function frozenHalf(): typeof right {
  return predictedClouds([text.clouds[0], text.clouds[1], text.clouds[1]]);
}

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { closestInCommon } from "../../probes/pairs/product-agreement.ts";
import { uniformCloud } from "../../sim/clouds/uniform-cloud.ts";
import { clusterAgreement } from "../../src/levels/cluster-agreement.ts";
import { type Contestant, skillsOf, zBetween } from "../../src/levels/contestant.ts";
import { textLevels } from "../../src/levels/level-scores.ts";
import { observedText } from "../../src/levels/observed-text.ts";
import { predictedClouds } from "../../src/rivals/predicted-clouds.ts";

const random = randomSource(11);
const cloud = (n = 8, d = 5) => uniformCloud(n, d, random);

function contestant(text: ReturnType<typeof observedText>, clouds: Parameters<typeof predictedClouds>[0]): Contestant {
  return { name: "p", label: "p", texts: [textLevels(text, predictedClouds(clouds), [1, 2])] };
}

describe("a prediction beside a text", () => {
  const clouds = [cloud(), cloud(), cloud()];
  const text = observedText({ n: 8, d: 5, clouds });
  const frozen = contestant(text, [clouds[0], clouds[0], clouds[0]]);

  it("that is right has every skill and likeness 1, and is clearly nearer than nothing moving", () => {
    const right = contestant(text, clouds);
    expect(skillsOf(right, frozen)).toEqual({ w1_skill: 1, pair_skill: 1, token_skill: 1 });
    const [{ pair_correlation, closest_1_percent, displacement_cosine }] = right.texts;
    expect(pair_correlation).toBeCloseTo(1, 12);
    expect(closest_1_percent).toBe(1);
    expect(displacement_cosine).toBeCloseTo(1, 12);
    for (const level of ["pairs", "tokens"] as const) expect(zBetween(right, frozen, level)).toBeGreaterThan(2);
  });

  it("that nothing moves has no skill, no direction, and is no nearer than itself", () => {
    expect(skillsOf(frozen, frozen)).toEqual({ w1_skill: 0, pair_skill: 0, token_skill: 0 });
    expect(frozen.texts[0].displacement_cosine).toBeNull();
    expect(zBetween(frozen, frozen, "pairs")).toBe(0);
  });

  it("of the same tokens in another order is right as a distribution alone", () => {
    const order = [3, 1, 4, 0, 5, 2, 7, 6];
    const mixed = clouds.map((one, k) =>
      k === 0 ? one : { ...one, x: Float64Array.from(one.x, (_, p) => one.x[order[Math.floor(p / 5)] * 5 + (p % 5)]) },
    );
    const { w1_skill, pair_skill, token_skill } = skillsOf(contestant(text, mixed), frozen);
    expect(w1_skill).toBeCloseTo(1, 12);
    expect(pair_skill).toBeLessThan(0.6);
    expect(token_skill).toBeLessThan(0.6);
  });

  it("that says nothing of a layer has no skill", () => {
    expect(skillsOf(contestant(text, [clouds[0], null, clouds[2]]), frozen)).toMatchObject({
      w1_skill: null,
      pair_skill: null,
    });
  });

  it("of a cloud that never moves has no skill to have", () => {
    const still = observedText({ n: 8, d: 5, clouds: [clouds[0], clouds[0], clouds[0]] });
    const same = contestant(still, [clouds[0], clouds[0], clouds[0]]);
    expect(skillsOf(same, same)).toEqual({ w1_skill: null, pair_skill: null, token_skill: null });
  });
});

describe("the closest pairs in common", () => {
  it("are 1 % of the pairs, at least one", () => {
    expect(closestInCommon(Float64Array.of(0.1, 0.9, 0.3), Float64Array.of(0, 0.2, 0.1))).toBe(1);
    expect(closestInCommon(Float64Array.of(0.1, 0.9, 0.3), Float64Array.of(0, 0.2, 0.7))).toBe(0);
    const [a, b] = [Float64Array.from({ length: 200 }, (_, p) => p), new Float64Array(200).fill(1)];
    b[199] = 2;
    expect(closestInCommon(a, b)).toBe(0.5); // 199 in both; of the equal ones the first, which is not 198.
  });
});

describe("the agreement of clusters", () => {
  const block = (labels: readonly number[], near: number) => {
    const pairs: number[] = [];
    labels.forEach((a, i) => {
      for (const b of labels.slice(i + 1)) pairs.push(a === b ? near : 0.1 * pairs.length * 1e-3);
    });
    return Float64Array.from(pairs);
  };

  it("is 1 for the same clusters, however near their tokens are", () => {
    const labels = [0, 0, 1, 1, 2, 2];
    expect(clusterAgreement(block(labels, 0.95), block(labels, 0.5), 6)).toBe(1);
  });

  it("is scikit-learn's adjusted_rand_score for others", () => {
    // adjusted_rand_score([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 1, 1]) = 0.3243243…
    const [a, b] = [block([0, 0, 0, 1, 1, 1], 0.95), block([0, 0, 1, 1, 1, 1], 0.95)];
    expect(clusterAgreement(a, b, 6)).toBeCloseTo(12 / 37, 12);
  });

  it("is nothing where all are one, or each is its own", () => {
    expect(clusterAgreement(block([0, 0, 0, 0], 0.95), block([0, 0, 1, 1], 0.95), 4)).toBeNull();
    expect(clusterAgreement(block([0, 1, 2, 3], 0.95), block([0, 0, 1, 1], 0.95), 4)).toBeNull();
  });

  it("never leaves [−1, 1]", () => {
    const cosines = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 15, maxLength: 15 });
    fc.assert(
      fc.property(cosines, cosines, (a, b) => {
        const found = clusterAgreement(Float64Array.from(a), Float64Array.from(b), 6);
        return found === null || (found >= -1 && found <= 1);
      }),
    );
  });
});

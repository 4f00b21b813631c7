import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { ceilingOfHalves, ceilingOfTexts, layerQuantiles } from "../../src/levels/ceiling.ts";
import { observedText } from "../../src/levels/observed-text.ts";
import { averagedText } from "./averaged-text.ts";

const random = randomSource(5);

describe("the noise ceiling of several texts", () => {
  it("is 1 where all texts are one", () => {
    const text = layerQuantiles(observedText(averagedText(20, 6, 5, random)));
    expect(ceilingOfTexts([text, text])).toEqual({ lower: 1, upper: 1, by: "texts" });
  });

  it("is near 1 where texts follow one law, the pool of the others below the pool of all", () => {
    const texts = [0, 1, 2].map(() => layerQuantiles(observedText(averagedText(60, 6, 5, random))));
    const { lower, upper } = ceilingOfTexts(texts)!;
    expect(upper).toBeGreaterThan(lower);
    expect(lower).toBeGreaterThan(0.8);
  });

  it("is low where one text changes and the other does not", () => {
    const moving = averagedText(20, 6, 5, random);
    const still = { ...moving, clouds: moving.clouds.map(() => moving.clouds[1]) };
    const { lower } = ceilingOfTexts([moving, still].map((text) => layerQuantiles(observedText(text)))) ?? {
      lower: -1,
    };
    expect(lower).toBeLessThan(0.5);
  });

  it("is unknown of one text", () => {
    expect(ceilingOfTexts([layerQuantiles(observedText(averagedText(20, 6, 5, random)))])).toBeNull();
  });
});

describe("the noise ceiling of one text", () => {
  it("is higher the more tokens its halves have, and never above 1", () => {
    const of = (n: number) => ceilingOfHalves(observedText(averagedText(n, 6, 5, randomSource(2))), randomSource(9))!;
    const [few, many] = [of(10), of(120)];
    expect(many.lower).toBeGreaterThan(few.lower);
    expect(many.upper).toBeGreaterThan(many.lower);
    expect(many.upper).toBeLessThan(1);
  });

  it("is unknown where halves have too few tokens, and where nothing changes", () => {
    expect(ceilingOfHalves(observedText(averagedText(7, 6, 5, random)), random)).toBeNull();
    const still = averagedText(20, 6, 1, random);
    const layers = { ...still, clouds: [still.clouds[0], still.clouds[0]] };
    expect(ceilingOfHalves(observedText(layers), random)).toBeNull();
  });
});

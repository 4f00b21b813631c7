import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { planSketch } from "../../src/alignment/quantile-sketch.ts";
import { chooseHalves, heldTokens } from "../../src/alignment/token-halves.ts";

describe("halves of the tokens", () => {
  it("are halves, another for each text and seed, the same for the same", () => {
    const halves = chooseHalves([20, 21], randomSource(1))!;
    expect(halves.map((half) => half.reduce((a, b) => a + b, 0))).toEqual([10, 11]);
    expect(chooseHalves([20, 21], randomSource(1))).toEqual(halves);
    expect(chooseHalves([20, 21], randomSource(2))).not.toEqual(halves);
  });

  it("need four tokens in every text, so that each half has a pair", () => {
    expect(chooseHalves([20, 3], randomSource(1))).toBeNull();
    expect(chooseHalves([4], randomSource(1))).not.toBeNull();
  });

  it("hold out the tokens that are not fitted to, by their numbers in the text", () => {
    const plans = [planSketch(Int32Array.of(3, 5, 8, 9), 4)];
    expect(heldTokens(plans, [Uint8Array.of(1, 0, 1, 0)])).toEqual([Int32Array.of(5, 9)]);
  });
});

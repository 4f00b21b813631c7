import { randomNormal } from "d3-random";
import { describe, expect, it } from "vitest";
import { expectedModes, randomSource } from "../../sim/index.ts";

/** Local maxima of Σ exp(−β(x − x_j)²/2) on a grid of a twentieth of the bandwidth. */
function modesOf(sample: Float64Array, beta: number): number {
  const h = 1 / Math.sqrt(beta);
  const step = h / 20;
  let [modes, first, rising, last] = [0, 0, false, 0];
  for (let at = sample[0] - 3 * h; at < sample.at(-1)! + 3 * h; at += step) {
    while (sample[first] < at - 7 * h) first++;
    let density = 0;
    for (let j = first; sample[j] < at + 7 * h; j++) density += Math.exp((-beta * (sample[j] - at) ** 2) / 2);
    if (rising && density < last) modes++;
    rising = density > last || (rising && density === last);
    last = density;
  }
  return modes;
}

describe("the number of modes of a Gaussian sample", () => {
  it.each([300, 1000, 3000, 10_000, 30_000, 100_000])("is of order √(β ln β) at β = %d and n = 10⁴", (beta) => {
    const normal = randomNormal.source(randomSource(beta))();
    const sample = Float64Array.from({ length: 10_000 }, normal).sort();
    const share = modesOf(sample, beta) / expectedModes(beta)!;
    // The law leaves the constant open: .30 to .52 was seen here, where the count itself grows from 11 to 380.
    expect(share).toBeGreaterThan(0.25);
    expect(share).toBeLessThan(0.65);
  });

  it("has no law where log β is not positive", () => {
    expect(expectedModes(1)).toBeNull();
    expect(() => expectedModes(Number.NaN)).toThrow("beta: NaN");
  });
});

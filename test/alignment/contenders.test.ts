import { describe, expect, it } from "vitest";
import { contendersOf, type Tried } from "../../src/alignment/contenders.ts";

/** Times that go as a power of β, and a distance that grows with |ln β − ln 2|. */
function tried(betas: readonly number[]): Tried[] {
  return betas.map((beta) => ({
    beta,
    times: [0, beta ** -1, 2 * beta ** -1],
    w1: 0.01 + Math.abs(Math.log(beta / 2)),
    horizon: 10,
  }));
}

describe("contenders", () => {
  const fine = Array.from({ length: 41 }, (_, i) => 2 ** (i / 20));
  const found = contendersOf(tried(fine));

  it("lie at equal ratios around the best, within what was tried", () => {
    const ratios = found.slice(1).map(({ beta }, i) => beta / found[i].beta);
    for (const ratio of ratios) expect(ratio).toBeCloseTo(ratios[0], 10);
    expect(found[0].beta).toBeLessThan(2);
    expect(found[found.length - 1].beta).toBeGreaterThan(2);
    expect(found[0].beta).toBeGreaterThanOrEqual(1);
  });

  it("have the times between those of their neighbours, which follow a power of β exactly", () => {
    for (const { beta, times } of found) {
      expect(times[0]).toBe(0);
      expect(times[1]).toBeCloseTo(1 / beta, 10);
      expect(times[2]).toBeCloseTo(2 / beta, 10);
    }
  });

  it("are one where one was tried", () => {
    expect(contendersOf(tried([0]))).toHaveLength(1);
  });
});

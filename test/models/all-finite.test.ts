import { describe, expect, it } from "vitest";
import { allFinite } from "../../models/arrays/all-finite.ts";
import { randomSource } from "../../models/random.ts";
import { finiteStates } from "../../models/states/check-states.ts";

const NONE = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
const EXTREMES = [0, -0, 5e-324, 1.4e-45, 1.7e308, -1.7e308, 3.4e38, -3.4e38];
const ARRAYS = { Float32Array, Float64Array };

for (const [name, Numbers] of Object.entries(ARRAYS)) {
  describe(`allFinite of a ${name}`, () => {
    it("is true of every finite number, however large or small", () => {
      for (let length = 0; length < 12; length++) {
        const numbers = Array.from({ length }, (_, k) => EXTREMES[k % EXTREMES.length]);
        const x = new Numbers(numbers).filter(Number.isFinite);
        expect(allFinite(x)).toBe(true);
      }
    });

    it("sees one that is none, at every place of every length", () => {
      for (let length = 1; length < 12; length++)
        for (let at = 0; at < length; at++)
          for (const none of NONE) {
            const x = new Numbers(length).fill(1e30);
            x[at] = none;
            expect(allFinite(x)).toBe(false);
          }
    });
  });
}

it("finiteStates: what padding is made of becomes 0 in a copy, what counts is refused, by the definition", () => {
  const random = randomSource(7);
  const [positions, d] = [6, 5];
  for (let trial = 0; trial < 300; trial++) {
    const mask = Uint8Array.from({ length: positions }, () => (random() < 0.7 ? 1 : 0));
    const x = Float32Array.from({ length: positions * d }, random);
    const count = Math.floor(3 * random());
    for (let k = 0; k < count; k++) x[Math.floor(random() * x.length)] = NONE[Math.floor(3 * random())];
    const given = x.slice();
    const wrong = [...x.keys()].filter((p) => !Number.isFinite(x[p]));
    const found = finiteStates(x, mask, d);
    if (wrong.some((p) => mask[Math.floor(p / d)] === 1)) expect(found).toBeNull();
    else {
      expect(found).toEqual(given.map((value) => (Number.isFinite(value) ? value : 0)));
      expect(found === x).toBe(wrong.length === 0);
    }
    expect(x).toEqual(given);
  }
});

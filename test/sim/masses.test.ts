import { describe, expect, it } from "vitest";
import { masses } from "../../sim/dynamics/masses.ts";

describe("the masses of weighted tokens", () => {
  it.each([1e-300, 1, 1e308])("are those of weights in any unit, without overflow (%d)", (unit) => {
    const found = masses([unit, unit, unit / 2]);
    // Three roundings each.
    [0.4, 0.4, 0.2].forEach((mass, i) => {
      expect(found?.[i]).toBeCloseTo(mass, 15);
    });
  });
});

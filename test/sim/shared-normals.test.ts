import { describe, expect, it } from "vitest";
import { keptNormals, type SharedNormals, sharedNormals } from "../../sim/simulate/shared-normals.ts";

/** What steps of one reader of 3 × 4 numbers and one of 2 × 4 come to. */
function path(normals: SharedNormals, steps: number): number[][] {
  return Array.from({ length: steps }, () => {
    const rows = [3, 2].map((count) => {
      const read = normals.reader();
      return Array.from({ length: count }, () => {
        const out = new Float64Array(4);
        read(out);
        return [...out];
      });
    });
    normals.nextStep();
    expect(rows[1]).toEqual(rows[0].slice(0, 2));
    return rows[0].flat();
  });
}

describe("normal numbers that are shared", () => {
  it("are new in every step, and the seed's", () => {
    const numbers = path(sharedNormals(7), 5);
    expect(new Set(numbers.flat()).size).toBe(60);
    expect(path(sharedNormals(7), 5)).toEqual(numbers);
    expect(path(sharedNormals(8), 5)).not.toEqual(numbers);
  });

  it("are the same where they were kept, of every path, also beyond what is kept", () => {
    const numbers = path(sharedNormals(7), 9);
    // All; up to the end of a step; up to the middle of one; none.
    for (const [most, block] of [[1000], [60, 5], [43, 10], [0]] as const) {
      const kept = keptNormals(7, most, block);
      for (const steps of [2, 9, 5]) expect(path(sharedNormals(7, kept), steps)).toEqual(numbers.slice(0, steps));
    }
  });

  it("are read from any place, and not beyond what is kept", () => {
    const kept = keptNormals(7, 30, 8);
    const [all, some, none] = [30, 13, 4].map((length) => new Float64Array(length));
    expect(kept.read(11, some)).toBe(true);
    expect(kept.read(0, all)).toBe(true);
    expect(some).toEqual(all.subarray(11, 24));
    expect(kept.read(27, none)).toBe(false);
    expect(none).toEqual(new Float64Array(4));
  });
});

import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { factorize } from "../../probes/numerics/solve-linear.ts";

const random = randomSource(1);
const numbers = (count: number) => Float64Array.from({ length: count }, () => random() - 0.5);

describe("Gaussian elimination", () => {
  it("solves what it is given, with pivots where the diagonal is 0", () => {
    const size = 7;
    const a = numbers(size * size);
    for (let i = 0; i < size; i++) a[i * size + i] = 0;
    const b = numbers(size);
    const y = factorize(Float64Array.from(a), size)!(b);
    const image = b.map((_, i) => y.reduce((sum, value, j) => sum + a[i * size + j] * value, 0));
    // The condition number of such a matrix is of order 100.
    for (const [i, value] of image.entries()) expect(Math.abs(value - b[i])).toBeLessThan(1e-12);
  });

  it("of a singular matrix finds nothing, or what lies along its null vector where a tiny pivot is allowed", () => {
    expect(factorize(new Float64Array(4), 2)).toBeNull();
    const singular = () => Float64Array.of(1, 1, 1, 1);
    expect(factorize(singular(), 2)).toBeNull();
    const [x, y] = factorize(singular(), 2, 1e-300)!(Float64Array.of(1, 0));
    expect(x / y).toBeCloseTo(-1, 12);
    expect(factorize(Float64Array.of(Number.NaN), 1, 1e-300)).toBeNull();
  });
});

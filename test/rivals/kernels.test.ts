import fc from "fast-check";
import { expect, it, test } from "vitest";
import { randomSource } from "../../models/random.ts";
import type { Cloud } from "../../probes/cloud.ts";
import { cholesky, choleskyRoot } from "../../probes/numerics/cholesky.ts";
import { isotonicRegression } from "../../probes/numerics/isotonic-regression.ts";
import { factorize } from "../../probes/numerics/solve-linear.ts";
import { innerProductsAcross } from "../../probes/products/inner-products-across.ts";
import { rowProducts } from "../../probes/products/row-products.ts";
import { choleskyInBlocks, rootInBlocks } from "../../src/rivals/kernels/cholesky-in-blocks.ts";
import { choleskyInverse } from "../../src/rivals/kernels/cholesky-inverse.ts";
import { allFolds, MOST_TOKENS, tokenFolds } from "../../src/rivals/kernels/folds.ts";
import { orderOf } from "../../src/rivals/kernels/order-of.ts";
import { ownProducts } from "../../src/rivals/kernels/row-products.ts";
import { ridgeFolds } from "../../src/rivals/map/ridge-weights.ts";
import { normals, unitCloud } from "./fit-texts.ts";

const worst = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, v, i) => Math.max(most, Math.abs(v - b[i])), 0);

const defined = (a: Cloud, b: Cloud) =>
  Float64Array.from({ length: a.n * b.n }, (_, p) => {
    const [i, j] = [Math.floor(p / b.n), p % b.n];
    let s = 0;
    for (let k = 0; k < a.d; k++) s += a.x[i * a.d + k] * b.x[j * b.d + k];
    return s;
  });

// Sizes on each side of the four rows that are factorized together, and of the 64 of a block.
test.each([3, 4, 9, 64, 67, 150])(
  "a Cholesky inverse of %i rows times its matrix is the identity, in blocks too, and an indefinite matrix has no factor",
  (n) => {
    const a = normals(n * n, randomSource(1));
    const square = rowProducts(a, a, n, n, n);
    for (let i = 0; i < n; i++) square[i * (n + 1)] += 0.1;
    const l = square.slice();
    expect(cholesky(l, n)).toBe(true);
    const lowerPart = (matrix: Float64Array) => matrix.map((value, p) => (p % n <= Math.floor(p / n) ? value : 0));
    const blocks = square.slice();
    expect(choleskyInBlocks(blocks, n)).toBe(true);
    // Condition about 1e3 at most, of the roots its root: far above ε times that.
    expect(worst(lowerPart(blocks), lowerPart(l))).toBeLessThan(1e-10);
    expect(worst(rootInBlocks(l, n), choleskyRoot(l, n))).toBeLessThan(1e-10);
    const product = rowProducts(square, choleskyInverse(l, n), n, n, n);
    // Condition about 1e3 at most: far above ε times that.
    expect(
      worst(
        product,
        product.map((_, p) => (p % (n + 1) === 0 ? 1 : 0)),
      ),
    ).toBeLessThan(1e-10);
    expect(cholesky(Float64Array.of(1, 2, 2, 1), 2)).toBe(false);
    expect(cholesky(Float64Array.of(Number.NaN), 1)).toBe(false);
    square[(n - 1) * (n + 1)] = -1;
    expect(choleskyInBlocks(square.slice(), n)).toBe(false);
    expect(cholesky(square, n)).toBe(false);
  },
);

test("pooling gives Barlow's example: 1, 3, 2, 4, 3.5 → 1, 2.5, 2.5, 3.75, 3.75", () => {
  expect([...isotonicRegression(Float64Array.of(1, 3, 2, 4, 3.5))]).toEqual([1, 2.5, 2.5, 3.75, 3.75]);
  expect([...isotonicRegression(Float64Array.of(3, 0), Float64Array.of(1, 2))]).toEqual([1, 1]);
});

test("isotonic regression is max over starts of min over ends of the mean between", () => {
  const value = fc.tuple(fc.double({ min: -5, max: 5, noNaN: true }), fc.double({ min: 0.1, max: 3, noNaN: true }));
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 12 }), (rows) => {
      const fitted = isotonicRegression(
        Float64Array.from(rows, ([v]) => v),
        Float64Array.from(rows, ([, w]) => w),
      );
      const mean = (a: number, b: number) => {
        const part = rows.slice(a, b + 1);
        return part.reduce((s, [v, w]) => s + v * w, 0) / part.reduce((s, [, w]) => s + w, 0);
      };
      fitted.forEach((v, i) => {
        const ends = rows.map((_, b) => b).slice(i);
        const maxMin = Math.max(...rows.slice(0, i + 1).map((_, a) => Math.min(...ends.map((b) => mean(a, b)))));
        expect(v).toBeCloseTo(maxMin, 10);
      });
    }),
    { numRuns: 60 },
  );
});

test("orderOf sorts, spread or piled up, and keeps equal values in their own order", () => {
  const values = fc.array(fc.oneof(fc.double({ min: -1, max: 1, noNaN: true }), fc.constantFrom(0, 1, 1 - 1e-15)));
  fc.assert(
    fc.property(values, (list) => {
      const v = Float64Array.from(list);
      expect([...orderOf(v)]).toEqual(list.map((_, p) => p).sort((p, q) => v[p] - v[q] || p - q));
    }),
    { examples: [[[5e-324, 0, 0, 0, 0]]] },
  );
});

test.each([
  [1, 1, 3],
  [5, 7, 6],
  [8, 9, 1],
  [31, 26, 67],
])("products and sums of %i and %i rows of length %i are those of their definitions", (n, m, d) => {
  const random = randomSource(2);
  const a = { n, d, x: normals(n * d, random) };
  const b = { n: m, d, x: normals(m * d, random) };
  // The order of the sums is all that differs.
  const products = rowProducts(a.x, b.x, n, m, d);
  expect(worst(products, defined(a, b))).toBeLessThan(1e-13);
  expect(innerProductsAcross(a, b, false)).toEqual(products);
  const unit = unitCloud(n, d, a.x);
  expect(worst(ownProducts(unit.x, n, d), defined(unit, unit))).toBeLessThan(1e-13);
});

it.each([2, 3, 9, 40, 100, MOST_TOKENS, MOST_TOKENS + 1, 700])(
  "holds each of %i tokens once, in no fold that it trains",
  (n) => {
    const plan = tokenFolds(n);
    const held = allFolds(plan).flatMap((fold) => [...fold.held]);
    expect(held.sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
    for (const fold of allFolds(plan)) {
      expect(fold.train.length).toBeGreaterThan(0);
      expect(fold.train.filter((i) => fold.held.includes(i))).toHaveLength(0);
    }
    expect(plan.folds.length).toBe(n <= 63 ? n : Math.max(8, Math.floor(63 ** 4 / Math.min(n, MOST_TOKENS) ** 3)));
  },
);

it.each([10, 90])("the ridge of %i tokens leaves folds out as a fit without them does", (n) => {
  const d = 6;
  const lambda = 0.03;
  const { x } = unitCloud(n, d, normals(n * d, randomSource(3)));
  const kernel = ownProducts(x, n, d).map((v) => v + 1);
  for (const { held, train, weights, left } of ridgeFolds(kernel, n, lambda, tokenFolds(n).folds) ?? []) {
    const t = train.length;
    const inside = new Float64Array(t * t);
    train.forEach((i, a) => {
      train.forEach((j, b) => {
        inside[a * t + b] = kernel[i * n + j] + (i === j ? lambda : 0);
      });
    });
    const solve = factorize(inside, t);
    held.forEach((i, a) => {
      const brute = solve?.(Float64Array.from(train, (j) => kernel[i * n + j]));
      // λ is a hundredth of what the kernel's eigenvalues come to: condition 1e4.
      expect(worst(weights.subarray(a * t, (a + 1) * t), brute ?? [])).toBeLessThan(1e-10);
    });
    const unit = new Float64Array(t);
    unit[0] = lambda;
    expect(worst(left().subarray(0, t), solve?.(unit) ?? [])).toBeLessThan(1e-10);
  }
});

import { expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { rowProducts } from "../../probes/products/row-products.ts";
import { commonMotion, commonMotionStep } from "../../src/rivals/common-motion.ts";
import { commonVectors } from "../../src/rivals/common-vector.ts";
import { ownProducts } from "../../src/rivals/kernels/row-products.ts";
import { drift, mapping, normals, textOf, unitCloud, walk } from "./fit-texts.ts";
import { tokenSkill } from "./skill.ts";

const N = 30;
const D = 12;

it("recovers one vector to rounding, whether added at once or layer by layer", () => {
  const fixed = drift(D, 0.3);
  expect(tokenSkill(commonMotion, textOf(N, D, 2, fixed))).toBeGreaterThan(1 - 1e-6);
  const turning = textOf(N, D, 6, (x, random) => drift(D, 0.6, Math.floor(random() * 1000))(x));
  expect(tokenSkill(commonMotion, turning)).toBeGreaterThan(1 - 1e-6);
});

it("is not bent by noise: a vector under noise of its own size explains what it should", () => {
  const both = textOf(200, 20, 2, (x, random) => walk(0.15)(drift(20, 1)(x), random));
  // 1 − |noise|/√(|noise|² + |vector|²) in 19 of 20 directions: .45; 1/n of it is lost to the fit.
  expect(tokenSkill(commonMotion, both)).toBeGreaterThan(0.35);
});

it("gains nothing on a random walk, nor on a map that moves tokens apart", () => {
  expect(Math.abs(tokenSkill(commonMotion, textOf(60, D, 3, walk(0.1))))).toBeLessThan(0.05);
  expect(Math.abs(tokenSkill(commonMotion, textOf(60, D, 3, mapping(D, 0.3))))).toBeLessThan(0.1);
});

it("finds a vector at which the gradient of the mean cosine is 0", () => {
  const { x, y } = noisyStep();
  const [{ onX, onY }] = commonVectors(productsOf(x, y), [new Float64Array(N).fill(1)]);
  const c = vectorOf(onX, onY, x, y);
  const total = (shift: number, k: number) => {
    let sum = 0;
    for (let i = 0; i < N; i++) {
      const p = Float64Array.from({ length: D }, (_, a) => x[i * D + a] + c[a] + (a === k ? shift : 0));
      const length = Math.hypot(...p);
      sum += p.reduce((s, v, a) => s + v * y[i * D + a], 0) / length;
    }
    return sum / N;
  };
  // Central differences: h² of a third derivative of order 1, ε/h of rounding.
  for (let k = 0; k < D; k++) expect(Math.abs(total(1e-4, k) - total(-1e-4, k)) / 2e-4).toBeLessThan(1e-5);
});

it("predicts a token by the vector that a fit without that token finds", () => {
  const { x, y } = noisyStep();
  const predicted = commonMotionStep({ n: N, d: D, x }, { n: N, d: D, x: y });
  for (const i of [0, 7, N - 1]) {
    const without = (a: Float64Array) => Float64Array.from([...a.subarray(0, i * D), ...a.subarray((i + 1) * D)]);
    const [xs, ys] = [without(x), without(y)];
    const [{ onX, onY }] = commonVectors(productsOf(xs, ys, N - 1), [new Float64Array(N - 1).fill(1)]);
    const c = vectorOf(onX, onY, xs, ys);
    const alone = unitCloud(
      1,
      D,
      c.map((v, k) => v + x[i * D + k]),
    );
    // Two searches from different starts, each to the square root of its rule.
    alone.x.forEach((v, k) => {
      expect(predicted?.x[i * D + k]).toBeCloseTo(v, 5);
    });
  }
});

it("does not see where its own token goes", () => {
  const { x, y } = noisyStep();
  const elsewhere = y.slice();
  for (let k = 0; k < D; k++) elsewhere[k] = -y[k];
  const a = commonMotionStep({ n: N, d: D, x }, { n: N, d: D, x: y });
  const b = commonMotionStep({ n: N, d: D, x }, { n: N, d: D, x: elsewhere });
  for (let k = 0; k < D; k++) expect(a?.x[k]).toBeCloseTo(b?.x[k] ?? Number.NaN, 5);
  expect(a?.x[D]).not.toBeCloseTo(b?.x[D] ?? Number.NaN, 5);
});

function noisyStep() {
  const random = randomSource(5);
  const x = unitCloud(N, D, normals(N * D, random)).x;
  return { x, y: unitCloud(N, D, walk(0.1)(drift(D, 0.5)(x), random)).x };
}

function productsOf(x: Float64Array, y: Float64Array, m = N) {
  const [crossed, back] = [rowProducts(y, x, m, m, D), rowProducts(x, y, m, m, D)];
  return { m, gram: ownProducts(x, m, D), crossed, back, own: ownProducts(y, m, D) };
}

function vectorOf(onX: Float64Array, onY: Float64Array, x: Float64Array, y: Float64Array): Float64Array {
  const c = new Float64Array(D);
  onX.forEach((v, j) => {
    for (let k = 0; k < D; k++) c[k] += v * x[j * D + k] + onY[j] * y[j * D + k];
  });
  return c;
}

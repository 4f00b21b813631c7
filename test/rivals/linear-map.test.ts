import { expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { rowProducts } from "../../probes/products/row-products.ts";
import { commonMotion } from "../../src/rivals/common-motion.ts";
import { ownProducts } from "../../src/rivals/kernels/row-products.ts";
import { linearMap, linearMapSteps } from "../../src/rivals/linear-map.ts";
import { descend } from "../../src/rivals/map/map-search.ts";
import { equalScales, freeScales } from "../../src/rivals/map/token-scales.ts";
import { drift, mapping, normals, textOf, unitCloud, walk } from "./fit-texts.ts";
import { pairSkill, tokenSkill } from "./skill.ts";

it.each([
  ["a map", mapping(6, 0.4)],
  ["a vector", drift(6, 0.5)],
  ["both", (x: Float64Array) => drift(6, 0.5)(mapping(6, 0.4)(x))],
])("recovers %s exactly, lengths of tokens included", (_, law) => {
  const text = textOf(32, 6, 3, law);
  // Layers after the first are normalized between, so that a vector is no longer one map: two steps of it are nearly one.
  expect(tokenSkill(linearMap, { ...text, clouds: text.clouds.slice(0, 2) })).toBeGreaterThan(0.998);
  expect(pairSkill(linearMap, text)).toBeGreaterThan(0.99);
});

it("gains nothing on a random walk, where it stays with what moves nothing", () => {
  const skill = tokenSkill(linearMap, textOf(50, 12, 3, walk(0.2)));
  expect(skill).toBeGreaterThan(-0.01);
  expect(skill).toBeLessThan(0.05);
});

it("does not fall behind common motion where a vector is all there is, under noise", () => {
  const text = textOf(40, 24, 2, (x, random) => walk(0.1)(drift(24, 1.2)(x), random));
  // A ridge pays for what it might have found: some hundredths.
  expect(tokenSkill(linearMap, text)).toBeGreaterThan(tokenSkill(commonMotion, text) - 0.05);
});

it("knows nothing of tokens that mix: permuted targets gain what their mean gains", () => {
  const text = textOf(40, 12, 2, mapping(12, 0.4));
  const [x, y] = text.clouds;
  const turned = { ...y, x: Float64Array.from([...y.x.subarray(12), ...y.x.subarray(0, 12)]) };
  expect(tokenSkill(linearMap, { ...text, clouds: [x, turned] })).toBeLessThan(0.2);
});

it("predicts tokens outside of the sample as well as those within", () => {
  const text = textOf(300, 4, 2, mapping(4, 0.4));
  expect(tokenSkill(linearMap, text)).toBeGreaterThan(0.998);
});

it("free lengths are where the ridge leaves least, equal ones where they are all the same", () => {
  const n = 7;
  const d = 4;
  const random = randomSource(4);
  const [x, y] = [0, 1].map(() => unitCloud(n, d, normals(n * d, random)).x);
  const target = { m: n, crossed: rowProducts(y, x, n, n, d), own: ownProducts(y, n, d) };
  const a = normals(n * n, random);
  const left = rowProducts(a, a, n, n, n);
  const train = Int32Array.from({ length: n }, (_, i) => i);
  const scales = freeScales({ left: () => left, train }, target);
  const cost = (s: readonly number[]) => {
    let sum = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        for (let k = 0; k < d; k++) {
          sum += left[i * n + j] * (s[i] * y[i * d + k] - x[i * d + k]) * (s[j] * y[j * d + k] - x[j * d + k]);
        }
      }
    }
    return sum;
  };
  const best = Array.from(train, (j) => (scales?.constant?.[j] ?? 0) + 1.5 * (scales?.perUnit[j] ?? 0));
  expect(best.reduce((s, v) => s + v, 0) / n).toBeCloseTo(1.5, 10);
  for (let j = 1; j < n; j++) {
    const aside = (by: number) => best.map((v, i) => v + (i === 0 ? -by : i === j ? by : 0));
    expect(cost(aside(0.01))).toBeGreaterThan(cost(best));
    expect(cost(aside(-0.01))).toBeGreaterThan(cost(best));
  }
  expect(equalScales({ left: () => left, train }, target)?.perUnit.every((v) => v === 1)).toBe(true);
});

it("descends to the least of a valley, from anywhere", () => {
  const valley = (i: number) => Math.abs(i - 9);
  for (const start of [null, 0, 9, 14]) expect(descend(15, start, valley)).toBe(9);
  expect(descend(15, null, (i) => -i)).toBe(14);
});

it("a step is the map of one layer", () => {
  const { clouds } = textOf(20, 6, 2, mapping(6, 0.4));
  expect([...(linearMapSteps()(clouds[0], clouds[1])?.x ?? [])]).toEqual([
    ...(linearMap.predict({ n: 20, d: 6, clouds }).cloud?.(1)?.x ?? []),
  ]);
});

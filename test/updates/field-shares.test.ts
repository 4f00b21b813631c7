import { describe, expect, it } from "vitest";
import type { Cloud64 } from "../../probes/cloud.ts";
import { effectOfVelocity, effectOfWeights } from "../../probes/updates/field-effect.ts";
import { type FieldShares, fieldShares } from "../../probes/updates/field-shares.ts";
import { kernelField } from "../../probes/updates/kernel-field.ts";
import { layerStep, plainProducts } from "../../probes/updates/layer-step.ts";
import { logMap } from "../../probes/updates/log-map.ts";
import { withoutSelection } from "../../probes/updates/without-selection.ts";
import { moved, saVelocity, unitCloud } from "./updates-case.ts";

async function sharesOf(x: Cloud64, y: Cloud64, v: Float64Array): Promise<FieldShares> {
  const step = await layerStep(x, y);
  return fieldShares(step, withoutSelection(step), await effectOfVelocity(step, v, plainProducts));
}

function near(found: FieldShares, expected: FieldShares, tolerance: number, names = Object.keys(expected)): void {
  for (const name of names as (keyof FieldShares)[]) {
    if (found[name] === null && expected[name] === null) continue;
    expect(Math.abs((found[name] ?? Number.NaN) - (expected[name] ?? Number.NaN)), name).toBeLessThan(tolerance);
  }
}

const GRAM = ["gram", "gram_beyond_mean", "partial", "added"];
const x = unitCloud(14, 6, 1);

describe("the logarithm map", () => {
  it("is tangent, has the length of the angle, and its geodesic ends at the token a layer on", () => {
    const y = unitCloud(14, 6, 2);
    const u = logMap(x, y);
    for (let i = 0; i < 14; i++) {
      const [a, b, own] = [x, y, { x: u }].map((cloud) => cloud.x.slice(i * 6, (i + 1) * 6));
      const product = (p: Float64Array, q: Float64Array) => p.reduce((sum, value, k) => sum + value * q[k], 0);
      const theta = Math.sqrt(product(own, own));
      expect(Math.abs(product(own, a))).toBeLessThan(1e-14);
      expect(Math.abs(theta - Math.acos(product(a, b)))).toBeLessThan(1e-13);
      a.forEach((value, k) => {
        const end = Math.cos(theta) * value + (Math.sin(theta) / theta) * own[k];
        expect(Math.abs(end - b[k])).toBeLessThan(1e-14);
      });
    }
  });

  it("keeps its relative accuracy for a step of 1e-9, where the cosine rounds to 1", () => {
    const turn = { n: 1, d: 2, x: Float64Array.of(Math.cos(1e-9), Math.sin(1e-9)) };
    const [along, up] = logMap({ n: 1, d: 2, x: Float64Array.of(1, 0) }, turn);
    expect(up / 1e-9 - 1).toBeCloseTo(0, 12);
    // The token itself has length 1 to a part in 1e-18.
    expect(Math.abs(along)).toBeLessThan(1e-18);
  });

  it("is 0 for a token that stays, and refused for one that turns by half a circle", () => {
    expect([...logMap(x, x)].every((value) => value === 0)).toBe(true);
    const back = { ...x, x: x.x.map((value, p) => (p >= 6 && p < 12 ? -value : value)) };
    expect(() => logMap(x, back)).toThrow("token 1 turned by half a circle");
  });
});

describe("shares of a field", () => {
  const y = moved(x, saVelocity(x, 4), 0.02);

  it("are 1 in the updates where the field is the step itself, whatever its length", async () => {
    const u = logMap(x, y);
    const own = await sharesOf(x, y, u);
    expect(Math.abs((own.update ?? 0) - 1)).toBeLessThan(1e-12);
    expect(Math.abs((own.step ?? 0) - 1)).toBeLessThan(1e-12);
    const thrice = await sharesOf(
      x,
      y,
      u.map((value) => 3 * value),
    );
    near(thrice, own, 1e-12, ["update", ...GRAM]);
    expect(Math.abs((thrice.step ?? 0) - 1 / 3)).toBeLessThan(1e-12);
  });

  it("turn their sign where the field runs backwards", async () => {
    const v = saVelocity(x, 4);
    const [forth, back] = [
      await sharesOf(x, y, v),
      await sharesOf(
        x,
        y,
        v.map((value) => -value),
      ),
    ];
    for (const name of Object.keys(forth) as (keyof FieldShares)[])
      expect(back[name]).toBeCloseTo(-(forth[name] ?? 0), 12);
  });

  it("know nothing of what a velocity has along the tokens", async () => {
    const v = saVelocity(x, 4);
    near(
      await sharesOf(
        x,
        y,
        v.map((value, p) => value + 5 * x.x[p]),
      ),
      await sharesOf(x, y, v),
      1e-12,
    );
  });

  it("of inner products stay where the layer reached is rotated, of updates where both are", async () => {
    // A quarter turn of two coordinates.
    const turned = ({ n, d, x: at }: Cloud64): Cloud64 => {
      const out = Float64Array.from(at);
      for (let i = 0; i < n; i++) [out[i * d], out[i * d + 1]] = [-at[i * d + 1], at[i * d]];
      return { n, d, x: out };
    };
    const v = saVelocity(x, 4);
    const plain = await sharesOf(x, y, v);
    const one = await sharesOf(x, turned(y), v);
    near(one, plain, 1e-12, GRAM);
    expect(Math.abs((one.update ?? 0) - (plain.update ?? 0))).toBeGreaterThan(0.1);
    near(await sharesOf(turned(x), turned(y), saVelocity(turned(x), 4)), plain, 1e-12);
  });

  it("tend to 1 as a step of the field gets small, of the second order that is left out", async () => {
    const v = saVelocity(x, 4);
    const left = await Promise.all(
      [0.02, 0.01].map(async (time) => 1 - ((await sharesOf(x, moved(x, v, time), v)).gram ?? 0)),
    );
    expect(left[1]).toBeLessThan(1e-4);
    // What is missing of ΔG is of the order of time², of its square of time⁴, as a share of ΔG² of time².
    expect(left[0] / left[1]).toBeGreaterThan(3.7);
    expect(left[0] / left[1]).toBeLessThan(4.3);
  });

  it("are those of velocities where they are computed from inner products", async () => {
    const step = await layerStep(x, y);
    const remainder = withoutSelection(step);
    for (const beta of [0, 0.5, 4, 30]) {
      const { softmax, exponential } = await kernelField(step, beta, plainProducts);
      const v = await effectOfVelocity(step, saVelocity(x, beta), plainProducts);
      near(fieldShares(step, remainder, softmax), fieldShares(step, remainder, v), 1e-10);
      // USA is SA with a factor for each token: the sum of its weights.
      const total = (i: number) =>
        Array.from({ length: 14 }, (_, j) => Math.exp(-beta * step.gaps[i * 14 + j])).reduce((a, b) => a + b) / 14;
      const usa = saVelocity(x, beta).map((value, p) => value * total(Math.floor(p / 6)));
      near(
        fieldShares(step, remainder, exponential),
        fieldShares(step, remainder, await effectOfVelocity(step, usa, plainProducts)),
        1e-10,
      );
    }
  });

  it("take weights whose rows do not sum to 1", async () => {
    const step = await layerStep(x, y);
    const weights = Float64Array.from({ length: 14 * 14 }, (_, p) => ((p * 7) % 11) / 5);
    const v = new Float64Array(14 * 6);
    for (let i = 0; i < 14; i++)
      for (let j = 0; j < 14; j++) for (let k = 0; k < 6; k++) v[i * 6 + k] += weights[i * 14 + j] * x.x[j * 6 + k];
    const [byWeights, byVelocity] = [
      await effectOfWeights(step, weights, plainProducts),
      await effectOfVelocity(step, v, plainProducts),
    ];
    const remainder = withoutSelection(step);
    near(fieldShares(step, remainder, byWeights), fieldShares(step, remainder, byVelocity), 1e-11);
  });

  it("keep their accuracy in a cloud of diameter 1e-4, where cosines round at 1e-8 of what is told apart", async () => {
    const tight = unitCloud(14, 6, 3, 1e-4);
    const v = saVelocity(tight, 4);
    const step = await layerStep(tight, moved(tight, v, 0.5));
    const found = await kernelField(step, 4, plainProducts);
    const expected = await effectOfVelocity(step, v, plainProducts);
    const total = (values: Float64Array | null) => values?.reduce((a, b) => a + b, 0) ?? 0;
    expect(total(found.softmax.squared) / total(expected.squared)).toBeCloseTo(1, 6);
    expect(total(found.softmax.along) / total(expected.along)).toBeCloseTo(1, 6);
  });

  it("of averaging lie within what needs no selection: it adds nothing", async () => {
    const step = await layerStep(x, y);
    const { softmax } = await kernelField(step, 0, plainProducts);
    expect(fieldShares(step, withoutSelection(step), softmax)).toMatchObject({ partial: null, added: 0 });
  });

  it("are null and never NaN where nothing is there to explain", async () => {
    const nothing = { step: null, update: null, gram: null, gram_beyond_mean: null, partial: null, added: null };
    expect(await sharesOf(x, y, new Float64Array(14 * 6))).toEqual({ ...nothing, added: 0 });
    expect(await sharesOf(x, x, saVelocity(x, 4))).toEqual({ ...nothing, step: 0 });
    const pair = { n: 2, d: 2, x: Float64Array.of(1, 0, 0, 1) };
    const closer = { n: 2, d: 2, x: Float64Array.of(1, 0, 0.6, 0.8) };
    expect(await sharesOf(pair, closer, saVelocity(pair, 1))).toMatchObject({
      gram: null,
      gram_beyond_mean: null,
      added: null,
    });
  });

  it("want the same tokens twice, and numbers", async () => {
    await expect(layerStep(x, unitCloud(13, 6, 1))).rejects.toThrow(
      "step of a layer: 14 × 6 and 13 × 6. give the same tokens twice",
    );
    const wrong = { ...y, x: y.x.with(8, Number.NaN) };
    await expect(layerStep(x, wrong)).rejects.toThrow("step of a layer: NaN in token 1. give finite states");
  });
});

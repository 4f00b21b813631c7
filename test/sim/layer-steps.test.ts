import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import type { Head } from "../../sim/dynamics/params.ts";
import { type LayerStepsOptions, layerSteps } from "../../sim/simulate/layer-steps.ts";
import { dot, largestDifference, record, start } from "./cases.ts";

const [N, D, BETA] = [6, 3, 2];
const x0 = start(N, D, 1);
const usual = { n: N, d: D, x0, beta: BETA, step: 0.3, norm: "post" } as const;

const random = randomSource(2);
const matrix = () => Array.from({ length: D }, () => Array.from({ length: D }, () => random() - 0.5));
const head = (): Head => ({ Q: matrix(), K: matrix(), V: matrix() });
const IDENTITY = Array.from({ length: D }, (_, i) => Array.from({ length: D }, (_, j) => Number(i === j)));

async function statesOf(options: LayerStepsOptions): Promise<Float64Array[]> {
  const states: Float64Array[] = [];
  await layerSteps(options, (layer, { x }) => {
    states[layer] = Float64Array.from(x);
  });
  return states;
}

/** One post-LN layer of one head, written down plainly. */
function plainLayer(x: Float64Array, { Q, K, V }: Head, step: number): Float64Array {
  const rows = Array.from({ length: N }, (_, i) => [...x.subarray(i * D, (i + 1) * D)]);
  const times = (m: readonly (readonly number[])[], y: readonly number[]) =>
    m.map((row) => row.reduce((sum, value, k) => sum + value * y[k], 0));
  const product = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, k) => sum + value * b[k], 0);
  return Float64Array.from(
    rows.flatMap((row) => {
      const weights = rows.map((other) => Math.exp(BETA * product(times(Q, row), times(K, other))));
      const total = weights.reduce((a, b) => a + b);
      const next = row.map(
        (value, k) => value + step * rows.reduce((sum, other, j) => sum + (weights[j] / total) * times(V, other)[k], 0),
      );
      return next.map((value) => value / Math.hypot(...next));
    }),
  );
}

describe("plain residual layers", () => {
  it("with new matrices in each layer do one layer after another, layer 0 being the start", async () => {
    const heads = [head(), head(), head()];
    for (const engine of ["ts", "ort"] as const) {
      const states = await statesOf({ ...usual, engine, layers: heads.map((h) => [h]) });
      expect(states).toHaveLength(4);
      expect(largestDifference(states[0], x0)).toBeLessThan(1e-15);
      let x = x0;
      heads.forEach((h, l) => {
        x = plainLayer(x, h, usual.step);
        // Sums of six products, three layers.
        expect(largestDifference(states[l + 1], x)).toBeLessThan(1e-13);
      });
    }
  });

  it("with heads add up what each adds to the residual stream", async () => {
    const [a, b] = [head(), head()];
    const output = async (heads: readonly Head[]) => (await statesOf({ ...usual, norm: "pre", layers: [heads] }))[1];
    const [both, first, second] = [await output([a, b]), await output([a]), await output([b])];
    expect(
      largestDifference(
        both,
        first.map((value, e) => value + second[e] - x0[e]),
      ),
    ).toBeLessThan(1e-14);
  });

  it("without matrices are those with Q = K = V = I", async () => {
    const plain = await statesOf({ ...usual, layers: 3 });
    const same = await statesOf({ ...usual, layers: new Array(3).fill([{ Q: IDENTITY, K: IDENTITY, V: IDENTITY }]) });
    plain.forEach((x, layer) => {
      expect(largestDifference(x, same[layer])).toBeLessThan(1e-14);
    });
  });

  it("before the norm are Euler's steps of Pre-LN", async () => {
    const states = await statesOf({ ...usual, norm: "pre", layers: 4 });
    const options = { dynamics: "sa_preln", n: N, d: D, systems: [{ beta: BETA, x0 }], reduce: false } as const;
    const { clouds } = await record({ ...options, method: "euler", step: 0.3, times: [0, 0.3, 0.6, 0.9, 1.2] });
    states.forEach((x, layer) => {
      expect(largestDifference(x, clouds[0][layer].x)).toBeLessThan(1e-14);
    });
  });

  it("tend to the flow with an error of order 1 in the step", async () => {
    const options = { dynamics: "sa", n: N, d: D, systems: [{ beta: BETA, x0 }], times: [1], lift: true } as const;
    const flow = (await record(options)).clouds[0][0].x;
    const errors = await Promise.all(
      [100, 200].map(async (layers) =>
        largestDifference((await statesOf({ ...usual, step: 1 / layers, layers })).at(-1)!, flow),
      ),
    );
    expect(errors[0]).toBeLessThan(0.02);
    // Of first order; the next term of the error is a few percent of it at h = 0.01.
    expect(Math.abs(Math.log2(errors[0] / errors[1]) - 1)).toBeLessThan(0.1);
  });

  it("of a large step are not the flow's: the part along the token counts", async () => {
    const [, after] = await statesOf({ ...usual, step: 2, layers: 1 });
    const options = { dynamics: "sa", n: N, d: D, systems: [{ beta: BETA, x0 }], reduce: false } as const;
    const { clouds } = await record({ ...options, method: "euler", step: 2, times: [2] });
    expect(largestDifference(after, clouds[0][0].x)).toBeGreaterThan(0.05);
    for (let i = 0; i < N; i++) expect(Math.abs(dot(after, i, after, i, D) - 1)).toBeLessThan(1e-14);
  });

  it.each([
    ["sa_mixln", { norm: "mix", tau: 0.4 }, 0.3],
    ["sa_periln", { norm: "peri" }, 0.3],
    ["sa_ngpt", { norm: "ngpt", alpha: 0.6 }, 0.6],
    ["sa_sqrt", { norm: "sqrt" }, 0.3],
  ] as const)("tend to the flow of %s with an error of order 1 in the step", async (dynamics, scheme, most) => {
    const { norm, ...params } = scheme;
    const flow = (
      await record({
        ...{ dynamics, params, n: N, d: D, times: [1], reduce: false },
        systems: [{ beta: BETA, x0 }],
      })
    ).clouds[0][0].x;
    const errors = await Promise.all(
      [100, 200].map(async (layers) =>
        largestDifference((await statesOf({ ...usual, ...scheme, step: 1 / layers, layers })).at(-1)!, flow),
      ),
    );
    expect(errors[0]).toBeLessThan(most / 10);
    // Of first order; the next term is a few percent.
    expect(Math.abs(Math.log2(errors[0] / errors[1]) - 1)).toBeLessThan(0.1);
  });

  it("say how many were done and why they stopped", async () => {
    expect(await layerSteps({ ...usual, layers: 5 })).toEqual({ outcome: "reached the end", message: "", layers: 5 });
    expect(await layerSteps({ ...usual, layers: 5 }, (layer) => layer < 2)).toMatchObject({
      outcome: "stopped by condition",
      layers: 2,
    });
    const negative = IDENTITY.map((row) => row.map((value) => -value));
    const lone = { n: 1, d: D, x0: Float64Array.of(1, 0, 0), beta: 1, step: 1, norm: "post" } as const;
    // x − x has no direction.
    const gone = await layerSteps({ ...lone, layers: [[{ Q: IDENTITY, K: IDENTITY, V: negative }]] });
    expect(gone).toMatchObject({ outcome: "blow-up", layers: 0 });
  });

  it("are refused with numbers out of range or matrices of the wrong size", async () => {
    await expect(layerSteps({ ...usual, layers: -1 })).rejects.toThrow("layers: -1.");
    await expect(layerSteps({ ...usual, layers: 1, step: 0 })).rejects.toThrow("step: 0.");
    await expect(layerSteps({ ...usual, layers: 1, beta: Number.NaN })).rejects.toThrow("beta: NaN.");
    await expect(layerSteps({ ...usual, layers: [[]] })).rejects.toThrow("heads: none.");
    const wrong = { Q: [[1]], K: IDENTITY, V: IDENTITY };
    await expect(layerSteps({ ...usual, layers: [[wrong]] })).rejects.toThrow("head 0, Q: 1 rows of 1. give 3 × 3");
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { attentionEntropy } from "../../probes/attention/attention-entropy.ts";
import { attentionSlope } from "../../probes/attention/attention-slope.ts";
import { probeAttention } from "../../probes/attention/probe-attention.ts";
import { normalizeCloud } from "../../probes/policy/normalize-cloud.ts";
import { defaultPolicy } from "../../probes/policy/policy.ts";
import { squaredNorms, unpackGram } from "../../probes/products/gram-matrix.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { gaussianCloud } from "./clouds.ts";

const all = (n: number) => Array.from({ length: n }, (_, i) => i);
const sphere = (n: number, d: number, seed = 1) => normalizeCloud(gaussianCloud(n, d, randomSource(seed)), "l2");
const gramOf = (cloud: ReturnType<typeof sphere>) => unpackGram(innerProducts(cloud, true), squaredNorms(cloud));

/** Rows of softmax(scores), entries outside `sees` masked, as float32 like a model's. */
function softmax(n: number, score: (i: number, j: number) => number, sees = (_i: number, _j: number) => true) {
  const out = new Float32Array(n * n);
  for (let i = 0; i < n; i++) {
    const weights = all(n).map((j) => (sees(i, j) ? Math.exp(score(i, j)) : 0));
    const total = weights.reduce((a, b) => a + b, 0);
    weights.forEach((weight, j) => {
      out[i * n + j] = weight / total;
    });
  }
  return out;
}

describe("the slope of log attention against inner product", () => {
  it("is β where attention is SA's, under any mask and with or without the diagonal", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 20 }),
        fc.integer({ min: 2, max: 12 }),
        fc.double({ min: -12, max: 12, noNaN: true }),
        fc.boolean(),
        fc.boolean(),
        (n, d, beta, causal, diagonal) => {
          const gram = gramOf(sphere(n, d, n * 100 + d));
          const attention = softmax(
            n,
            (i, j) => beta * gram[i * n + j],
            (i, j) => !causal || j <= i,
          );
          const slope = attentionSlope(attention, 0, n, all(n), gram, diagonal);
          // float32 probabilities: log attention is off by 6e-8 a pair, against inner products that vary by 0.1 or more.
          expect(Math.abs((slope.beta ?? Number.NaN) - beta)).toBeLessThan(1e-5);
          if (Math.abs(beta) > 0.1) expect(slope.r2 ?? Number.NaN).toBeGreaterThan(1 - 1e-5);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("does not see what is added to a row, for the softmax takes it away", () => {
    const n = 10;
    const gram = gramOf(sphere(n, 5));
    const plain = softmax(n, (i, j) => 3 * gram[i * n + j]);
    const shifted = softmax(n, (i, j) => 3 * gram[i * n + j] + i);
    expect(attentionSlope(shifted, 0, n, all(n), gram).beta).toBeCloseTo(
      attentionSlope(plain, 0, n, all(n), gram).beta ?? 0,
      5,
    );
  });

  it("agrees with least squares on the pairs, written out", () => {
    const n = 7;
    const gram = gramOf(sphere(n, 3));
    const random = randomSource(5);
    const scores = all(n * n).map(() => 4 * random());
    const attention = softmax(n, (i, j) => scores[i * n + j]);
    const pairs = all(n).flatMap((i) =>
      all(n)
        .filter((j) => j !== i)
        .map((j) => ({ i, x: gram[i * n + j], y: Math.log(attention[i * n + j]) })),
    );
    const centred = pairs.map(({ i, x, y }) => {
      const row = pairs.filter((pair) => pair.i === i);
      const mean = (key: "x" | "y") => row.reduce((sum, pair) => sum + pair[key], 0) / row.length;
      return { x: x - mean("x"), y: y - mean("y") };
    });
    const sum = (f: (p: { x: number; y: number }) => number) => centred.reduce((total, p) => total + f(p), 0);
    const [xx, xy, yy] = [sum((p) => p.x ** 2), sum((p) => p.x * p.y), sum((p) => p.y ** 2)];
    const slope = attentionSlope(attention, 0, n, all(n), gram);
    expect(slope.pairs).toBe(n * (n - 1));
    expect(slope.beta).toBeCloseTo(xy / xx, 12);
    expect(slope.r2).toBeCloseTo(xy ** 2 / (xx * yy), 12);
  });

  it("explains nothing of attention that goes by something else", () => {
    const n = 40;
    const gram = gramOf(sphere(n, 8, 2));
    const other = gramOf(sphere(n, 8, 3));
    const attention = softmax(n, (i, j) => 4 * other[i * n + j]);
    // 1560 pairs from 40 tokens: r² of nothing is about 1/1560, and far below 0.02 even with pairs that share tokens.
    expect(attentionSlope(attention, 0, n, all(n), gram).r2).toBeLessThan(0.02);
    expect(attentionSlope(attention, 0, n, all(n), other).r2).toBeGreaterThan(0.999);
  });

  it("is not made up where inner products or attention do not vary", () => {
    const n = 6;
    const same = new Float64Array(n * n).fill(0.5);
    expect(
      attentionSlope(
        softmax(n, (i, j) => i * j),
        0,
        n,
        all(n),
        same,
      ),
    ).toMatchObject({ beta: null, r2: null });
    const flat = attentionSlope(
      softmax(n, () => 0),
      0,
      n,
      all(n),
      gramOf(sphere(n, 4)),
    );
    expect(flat.beta).toBeCloseTo(0, 6);
    expect(flat.r2).toBeNull();
    expect(
      attentionSlope(
        softmax(
          n,
          () => 0,
          (i, j) => i === j,
        ),
        0,
        n,
        all(n),
        gramOf(sphere(n, 4)),
      ),
    ).toEqual({
      pairs: 0,
      beta: null,
      r2: null,
    });
  });
});

describe("the entropy of attention", () => {
  it("is log n for equal weights, 0 for one key, and lies between", () => {
    const n = 9;
    expect(
      attentionEntropy(
        softmax(n, () => 0),
        0,
        n,
        all(n),
      ).entropy,
    ).toBeCloseTo(Math.log(n), 6);
    expect(
      attentionEntropy(
        softmax(
          n,
          () => 0,
          (i, j) => i === j,
        ),
        0,
        n,
        all(n),
      ),
    ).toEqual({ entropy: 0, logKeys: 0 });
    const some = attentionEntropy(
      softmax(n, (i, j) => Math.sin(i + 2 * j)),
      0,
      n,
      all(n),
    );
    expect(some.entropy).toBeGreaterThan(0);
    expect(some.entropy).toBeLessThan(some.logKeys);
  });

  it("is compared with what a row can see", () => {
    const n = 5;
    const causal = softmax(
      n,
      () => 0,
      (i, j) => j <= i,
    );
    const expected = all(n).reduce((sum, i) => sum + Math.log(i + 1), 0) / n;
    const { entropy, logKeys } = attentionEntropy(causal, 0, n, all(n));
    expect(logKeys).toBeCloseTo(expected, 12);
    // float32 weights.
    expect(entropy).toBeCloseTo(expected, 6);
  });
});

describe("attention of hidden states", () => {
  const n = 8;
  const beta = 4;
  /** Two texts of one cloud; the second is padded by two, its first and last token are special in both. */
  function states(): HiddenStates {
    const cloud = sphere(n, 6);
    const gram = gramOf(cloud);
    const lengths = [n, n - 2];
    const heads = [beta, -1];
    const probabilities = new Float32Array(2 * heads.length * n * n);
    lengths.forEach((length, text) => {
      heads.forEach((slope, head) => {
        const rows = softmax(
          n,
          (i, j) => slope * gram[i * n + j],
          (_, j) => j < length,
        );
        probabilities.set(rows, (text * heads.length + head) * n * n);
      });
    });
    const x = Float32Array.from([...cloud.x, ...cloud.x]);
    // The states after the block are others: only those that enter it count.
    const after = x.map((value, i) => value * Math.sin(i));
    return {
      batch: 2,
      n,
      d: 6,
      layers: [
        { layer: 0, x },
        { layer: 1, x: after },
      ],
      mask: Uint8Array.from(lengths.flatMap((length) => all(n).map((i) => (i < length ? 1 : 0)))),
      special: Uint8Array.from(lengths.flatMap((length) => all(n).map((i) => (i === 0 || i === length - 1 ? 1 : 0)))),
      tokens: null,
      attentions: [{ layer: 0, heads: heads.length, probabilities }],
    };
  }

  it("is measured head by head, padding and special tokens as the policy has it", async () => {
    const [first, second] = [await probeAttention(states(), 0), await probeAttention(states(), 1)];
    expect(first.map(({ text, layer, head, rows }) => [text, layer, head, rows])).toEqual([
      [0, 0, 0, 6],
      [0, 0, 1, 6],
    ]);
    expect(second.map(({ rows, pairs }) => [rows, pairs])).toEqual([
      [4, 12],
      [4, 12],
    ]);
    for (const probes of [first, second]) {
      // float32 states and probabilities.
      expect(probes[0].beta).toBeCloseTo(beta, 4);
      expect(probes[1].beta).toBeCloseTo(-1, 4);
    }
    expect(first[0].logKeys).toBeCloseTo(Math.log(n), 12);
    expect(second[0].logKeys).toBeCloseTo(Math.log(n - 2), 12);
    const kept = await probeAttention(states(), 1, { ...defaultPolicy, specialTokens: "keep", diagonal: "include" });
    expect(kept.map(({ rows, pairs }) => [rows, pairs])).toEqual([
      [6, 36],
      [6, 36],
    ]);
  });

  it("is the same with an engine, and nothing where the states hold none", async () => {
    const engine = { gram: async (cloud: ReturnType<typeof sphere>) => gramOf(cloud) };
    expect(await probeAttention(states(), 0, defaultPolicy, engine)).toEqual(await probeAttention(states(), 0));
    const { attentions, ...without } = states();
    expect(attentions).toHaveLength(1);
    expect(await probeAttention(without, 0)).toEqual([]);
  });
});

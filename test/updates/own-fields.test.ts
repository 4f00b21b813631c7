import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeModel } from "../../models/onnx/writer.ts";
import { openModel } from "../../models/open-model.ts";
import { randomSource } from "../../models/random.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { valueOutputSpectrum } from "../../probes/attention/value-output-spectrum.ts";
import type { Cloud64 } from "../../probes/cloud.ts";
import { normalizeCloud } from "../../probes/policy/normalize-cloud.ts";
import { effectOfVelocity } from "../../probes/updates/field-effect.ts";
import { fieldShares } from "../../probes/updates/field-shares.ts";
import { kernelField } from "../../probes/updates/kernel-field.ts";
import { layerStep, plainProducts } from "../../probes/updates/layer-step.ts";
import { logMap } from "../../probes/updates/log-map.ts";
import { attentionWeights, branchVelocities, transported } from "../../probes/updates/own-fields.ts";
import { withoutSelection } from "../../probes/updates/without-selection.ts";
import { attentionBranch, mlpBranch, ownAttention } from "../../src/updates/network-fields.ts";
import type { FieldInput, UpdateField } from "../../src/updates/update-field.ts";
import { builder } from "../models/toy-transformer.ts";
import { gaussianCloud } from "../probes/clouds.ts";

const sphere = (n: number, d: number, seed: number) => normalizeCloud(gaussianCloud(n, d, randomSource(seed)), "l2");
const difference = (a: Float64Array, b: Float64Array) => Math.hypot(...a.map((value, p) => value - b[p]));
const rowsOf = ({ d }: Pick<Cloud64, "d">, v: Float64Array) =>
  Array.from({ length: v.length / d }, (_, i) => v.subarray(i * d, (i + 1) * d));
const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, k) => sum + value * b[k], 0);

/** x moved by h along a fixed field of directions, and brought back to length 1. */
function moved(x: Cloud64, h: number, seed: number): Cloud64 {
  const by = gaussianCloud(x.n, x.d, randomSource(seed)).x;
  return normalizeCloud({ ...x, x: x.x.map((value, p) => value + h * by[p]) }, "l2") as Cloud64;
}

describe("the weights of a network's attention", () => {
  const [heads, n] = [2, 4];
  // Two texts; rows sum to 1.
  const probabilities = Float32Array.from({ length: 2 * heads * n * n }, (_, p) => [0.5, 0.25, 0.125, 0.125][p % n]);

  it("of a head are those of the text's own block of numbers", () => {
    const marked = Float32Array.from({ length: 2 * heads * n * n }, (_, p) => p);
    const weights = attentionWeights({ heads, probabilities: marked }, n, 1, [0, 1, 2, 3], 1);
    expect([...weights]).toEqual(Array.from({ length: 16 }, (_, p) => 48 + p));
    const mean = attentionWeights({ heads, probabilities: marked }, n, 1, [0, 1, 2, 3], null);
    expect([...mean]).toEqual(Array.from({ length: 16 }, (_, p) => 40 + p));
  });

  it("leave out columns of tokens that do not count, and are not brought back to sum 1", () => {
    const all = attentionWeights({ heads, probabilities }, n, 0, [0, 1, 2, 3], null);
    expect(rowsOf({ d: 4 }, all).map((row) => row.reduce((a, b) => a + b, 0))).toEqual([1, 1, 1, 1]);
    // Position 0 is a separator that rests half of every row.
    const kept = attentionWeights({ heads, probabilities }, n, 0, [1, 2, 3], null);
    expect([...kept]).toEqual([0.25, 0.125, 0.125, 0.25, 0.125, 0.125, 0.25, 0.125, 0.125]);
  });
});

describe("the branches of a block as motions on the sphere", () => {
  const x = sphere(7, 5, 1) as Cloud64;

  it("are each the whole step where the other does nothing", () => {
    const y = moved(x, 0.6, 2);
    const attentionAlone = branchVelocities(x, y, y);
    expect(difference(attentionAlone.attention, logMap(x, y))).toBe(0);
    expect(Math.hypot(...attentionAlone.mlp)).toBe(0);
    const mlpAlone = branchVelocities(x, x, y);
    // ⟨x, w⟩ of a tangent vector is rounding.
    expect(difference(mlpAlone.mlp, logMap(x, y))).toBeLessThan(1e-14);
    expect(Math.hypot(...mlpAlone.attention)).toBe(0);
  });

  it("are tangent at the token, as long as the ways they stand for", () => {
    const [mid, y] = [moved(x, 0.8, 3), moved(x, 1.1, 4)];
    const { attention, mlp } = branchVelocities(x, mid, y);
    const [tokens, middle, last] = [x, mid, y].map((cloud) => rowsOf(cloud, cloud.x));
    rowsOf(x, mlp).forEach((w, i) => {
      expect(Math.abs(dot(w, tokens[i]))).toBeLessThan(1e-14);
      expect(Math.hypot(...w)).toBeCloseTo(Math.acos(dot(middle[i], last[i])), 12);
      expect(Math.hypot(...rowsOf(x, attention)[i])).toBeCloseTo(Math.acos(dot(tokens[i], middle[i])), 12);
    });
  });

  it("keep angles on the way back, and go back again", () => {
    const mid = moved(x, 0.9, 5);
    const [v, w] = [6, 7].map((seed) => logMap(mid, moved(mid, 0.5, seed)));
    const back = [v, w].map((one) => transported(mid, x, one));
    rowsOf(x, v).forEach((row, i) => {
      expect(dot(rowsOf(x, back[0])[i], rowsOf(x, back[1])[i])).toBeCloseTo(dot(row, rowsOf(x, w)[i]), 13);
    });
    expect(difference(transported(x, mid, back[0]), v)).toBeLessThan(1e-13);
  });

  it("add up to the step, to second order", () => {
    const error = (h: number) => {
      const mid = moved(x, h, 8);
      const y = moved(mid, h, 9);
      const { attention, mlp } = branchVelocities(x, mid, y);
      return difference(
        attention.map((value, p) => value + mlp[p]),
        logMap(x, y),
      );
    };
    // Curvature is met at third order: an eighth for half the step.
    expect(error(0.01) / error(0.005)).toBeGreaterThan(7.5);
    expect(error(0.01) / error(0.005)).toBeLessThan(8.5);
  });

  it("of a stream that is added to are what is added, in units of the token's length, across it", () => {
    const pre = gaussianCloud(7, 5, randomSource(10), 20);
    const by = gaussianCloud(7, 5, randomSource(11)).x;
    const h = 1e-4;
    const unit = (cloud: Cloud64) => normalizeCloud(cloud, "l2") as Cloud64;
    const mid = unit({ ...pre, x: pre.x.map((value, p) => value + h * by[p]) });
    const { attention } = branchVelocities(unit(pre), mid, mid);
    const tokens = rowsOf(pre, unit(pre).x);
    rowsOf(pre, attention).forEach((u, i) => {
      const added = rowsOf(pre, by)[i];
      const length = Math.hypot(...rowsOf(pre, pre.x)[i]);
      const radial = dot(added, tokens[i]);
      const across = added.map((value, k) => (h * (value - radial * tokens[i][k])) / length);
      // First order in h: what is left is (h/20)² of it.
      expect(difference(u, across)).toBeLessThan(1e-5 * Math.hypot(...across));
    });
  });
});

/** The step from layer 0 of the first text of some states, all positions counted. */
async function stepOf(states: HiddenStates): Promise<FieldInput> {
  const { n, d } = states;
  const unit = (x: Float32Array) => normalizeCloud({ n, d, x: x.subarray(0, n * d) }, "l2") as Cloud64;
  const step = await layerStep(unit(states.layers[0].x), unit(states.layers[1].x));
  return {
    step,
    layer: 0,
    next: 1,
    states,
    row: 0,
    positions: Array.from({ length: n }, (_, i) => i),
    tokensOf: ({ x }) => unit(x),
    spanned: async () => step,
    across: plainProducts,
    kernel: (beta) => kernelField(step, beta, plainProducts),
  };
}

async function updateOf(at: FieldInput, field: UpdateField): Promise<number | null> {
  const answer = await field.answer(at, 0);
  if ("missing" in answer) throw new Error(answer.missing);
  if ("change" in answer) return null;
  const effect = "effect" in answer ? answer.effect : await effectOfVelocity(at.step, answer.velocity, at.across);
  return fieldShares(at.step, withoutSelection(at.step), effect).update;
}

describe("a network that is SA with V = I, with a small step", () => {
  const [d, n, beta, h] = [6, 12, 3, 1e-3];
  let states: HiddenStates;
  let folder: string;
  let spectra: ReturnType<typeof valueOutputSpectrum>[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tokensphere-own-"));
    const b = builder();
    const constant = (name: string, dims: readonly number[], data: Float32Array) => {
      b.initializers.push({ name, type: "float32", dims, data });
      return name;
    };
    const diagonal = (name: string, value: number) =>
      constant(
        name,
        [d, d],
        Float32Array.from({ length: d * d }, (_, p) => (p % (d + 1) === 0 ? value : 0)),
      );
    let x = b.op("Gather", [constant("table", [n, d], Float32Array.from(sphere(n, d, 20).x)), "input_ids"]);
    for (const block of [0, 1]) {
      const [q, k, v] = [beta, 1, 1].map((value, i) => b.op("MatMul", [x, diagonal(`w${block}${i}`, value)]));
      const scores = b.op("MatMul", [q, b.op("Transpose", [k], { perm: { ints: [0, 2, 1] } })]);
      const mixed = b.op("MatMul", [b.op("Softmax", [scores], { axis: { int: -1 } }), v]);
      x = b.op("Add", [x, b.op("MatMul", [mixed, diagonal(`out${block}`, h)])]);
    }
    const output = b.op("Identity", [x]);
    const bytes = encodeModel({
      opset: 17,
      inputs: [{ name: "input_ids", type: "int64", dims: ["batch", "n"] }],
      outputs: [{ name: output, type: "float32", dims: ["batch", "n", d] }],
      nodes: b.nodes,
      initializers: b.initializers,
    });
    await writeFile(join(folder, "model.onnx"), bytes);
    const model = await openModel(join(folder, "model.onnx"), { threads: 1 });
    model.read({ attentions: true });
    const ids = BigInt64Array.from({ length: n }, (_, i) => BigInt(i));
    states = await model.states({ input_ids: { dtype: "int64", shape: [1, n], data: ids } });
    spectra = [];
    for await (const block of model.valueOutputs()) {
      if ("why" in block) throw new Error(block.why);
      for (const { values, output: out } of block.heads) spectra.push(valueOutputSpectrum(values, out, d, block.width));
    }
    await model.close();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("moves as its own attention with V = I says, and as SA says", async () => {
    const at = await stepOf(states);
    // 1 − O(h²), and float32 states that err by 6e-8 where they move by 1e-3.
    expect(await updateOf(at, ownAttention)).toBeGreaterThan(1 - 1e-6);
    const heads = ownAttention.parts?.(states) ?? [];
    expect(heads.map(({ name }) => name)).toEqual(["attention", "attention.h0"]);
    expect(await updateOf(at, heads[1])).toBe(await updateOf(at, heads[0]));
    const { softmax } = await at.kernel(beta);
    expect(fieldShares(at.step, withoutSelection(at.step), softmax).update).toBeGreaterThan(1 - 1e-6);
  });

  it("does not move as another text's attention says", async () => {
    const at = await stepOf(states);
    const attentions = states.attentions?.map(({ probabilities, ...rest }) => {
      const turned = probabilities.map((_, p) => probabilities[Math.floor(p / n) * n + ((p + 5) % n)]);
      return { ...rest, probabilities: turned };
    });
    const share = await updateOf({ ...at, states: { ...states, ...(attentions ? { attentions } : {}) } }, ownAttention);
    expect(share).toBeLessThan(0.9);
  });

  it("has one eigenvalue, the size of its step", () => {
    expect(spectra).toHaveLength(1); // Both blocks multiply by the same numbers.
    for (const { eigenvalues, copying, identity } of spectra) {
      for (const [re, im] of eigenvalues) expect([re, im]).toEqual([Math.fround(h), 0]);
      expect([copying, identity]).toEqual([expect.closeTo(1, 12), expect.closeTo(1, 12)]);
    }
  });

  it("says what it has not: the middle of a block, or one block alone", async () => {
    const at = await stepOf(states);
    expect(await mlpBranch.answer(at, 0)).toEqual({ missing: "no resid_mid of this block" });
    expect(await ownAttention.answer({ ...at, next: 2 }, 0)).toEqual({
      missing: "no attention probabilities where a step goes over more than one block",
    });
    const bare = { ...at, states: { ...states, attentions: [] } };
    expect(await ownAttention.answer(bare, 0)).toEqual({ missing: "no attention probabilities of this block" });
  });

  it("is explained wholly by the branch that does all of it", async () => {
    const at = await stepOf({ ...states, residMid: [{ layer: 0, x: states.layers[1].x }] });
    expect(await updateOf(at, attentionBranch)).toBeCloseTo(1, 12);
    expect(await updateOf(at, mlpBranch)).toBeNull(); // The field is 0.
  });
});

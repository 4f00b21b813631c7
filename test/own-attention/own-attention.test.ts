import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BlockAttention } from "../../models/attention-weights/attention-weights.ts";
import { openModel } from "../../models/open-model.ts";
import { randomSource } from "../../models/random.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { defaultPolicy } from "../../probes/policy/policy.ts";
import { uniformCloud } from "../../sim/clouds/uniform-cloud.ts";
import { findDynamics } from "../../sim/dynamics/dynamics-table.ts";
import { onnxEngine } from "../../sim/engines/onnx/onnx-engine.ts";
import { typescriptEngine } from "../../sim/engines/typescript-engine.ts";
import { fitFamilies } from "../../src/fit/fit.ts";
import { familyNamed, type MovingFamily } from "../../src/laws/families.ts";
import { ownFamily } from "../../src/own-attention/own-family.ts";
import { readOwn } from "../../src/own-attention/read-own.ts";
import { ownAttention, resolveOwn } from "../../src/own-attention/resolve-own.ts";
import { visitSimulated } from "../../src/trajectories/simulated-products.ts";
import { statesOf } from "../fit/simulated-states.ts";
import { unpackFixtures } from "../models/unpack-fixtures.ts";

let fixtures: Awaited<ReturnType<typeof unpackFixtures>>;
beforeAll(async () => {
  fixtures = await unpackFixtures("albert", "electra", "gpt2", "llama", "opt", "t5-encoder");
}, 60_000);
afterAll(() => fixtures.remove());

const IDS = { dtype: "int64" as const, shape: [1, 8], data: BigInt64Array.from([5, 9, 3, 7, 11, 2, 8, 30], BigInt) };
const OWN = familyNamed("sa_own") as MovingFamily;

async function opened(name: string) {
  const model = await openModel(join(fixtures.folder, name), { threads: 1, attentions: true });
  const states = await model.states({ input_ids: IDS });
  const blocks: BlockAttention[] = [];
  for await (const block of model.attentionWeights()) if (!("why" in block)) blocks.push(block);
  await model.close();
  return { model, states, blocks };
}

/** A block of one head whose scores are β⟨x, y⟩ and whose values are the tokens. */
function identity(d: number, beta: number): BlockAttention {
  const one = Float32Array.from({ length: d * d }, (_, p) => Number(p % (d + 1) === 0));
  const plain = { matrix: one, bias: null };
  return {
    ...{ layer: 0, to: 2, d, width: d, valueWidth: d, factor: beta, norm: null },
    ...{ queries: plain, keys: plain, heads: [{ values: one, output: one }] },
  };
}

const unit = (d: number) => statesOf([Float32Array.from({ length: 3 * d }, (_, p) => Number(p % d === 0))], 3, d);
const place = (states: HiddenStates, causal = false) => ({ states: [states], startLayer: 0, causal });

describe("the attention of a network from its weights", () => {
  it.each([
    ["albert/model.onnx", false, 1],
    ["albert/model_sdpa_op18.onnx", false, 1],
    ["albert/model_ortfused.onnx", false, 1],
    ["electra", false, 2],
    ["gpt2/model.onnx", true, 3],
    ["opt", true, 2],
  ])("gives its probabilities, norms and biases included: %s", async (name, causal, count) => {
    const { model, states } = await opened(name);
    const own = await readOwn(model, states, causal);
    expect("why" in own ? own.why : own.blocks.length).toBe(count);
    // Decoders see back alone, encoders all: the other way weights do not give what the network had.
    expect(await readOwn(model, states, !causal)).toEqual({
      why: expect.stringMatching(/^block 1: its weights alone/),
    });
  });

  it("is left out with the reason where positions take part, or nothing was read to check it by", async () => {
    const [llama, t5, albert] = [await opened("llama"), await opened("t5-encoder"), await opened("albert/model.onnx")];
    expect(await readOwn(llama.model, llama.states, true)).toEqual({
      why: "block 1: Mul stands between the queries and attention",
    });
    expect(await readOwn(t5.model, t5.states, false)).toEqual({
      why: "block 1: its weights alone do not give its probabilities. positions or a mask take part",
    });
    const { attentions: _, ...blind } = albert.states;
    expect(await readOwn(albert.model, blind, false)).toEqual({ why: expect.stringMatching(/were not read/) });
    const about = { policy: defaultPolicy, causal: false };
    expect(await ownAttention(["sa"], null, blind, about)).toBeNull();
    const none = await ownAttention(["sa", "sa_own"], null, blind, about);
    expect(none).toEqual({ why: expect.stringMatching(/^there is no model/) });
    expect(resolveOwn(["sa", "sa_own"], none, place(blind))).toEqual(["sa"]);
    expect(() => resolveOwn(["sa_own"], none, place(blind))).toThrow("families: there is no model");
    const centred = { policy: { ...defaultPolicy, center: "mean" as const }, causal: false };
    const opening = { model: albert.model, inputs: async function* () {} };
    expect(await ownAttention(["sa_own"], opening, blind, centred)).toEqual({
      why: expect.stringMatching(/^its matrices/),
    });
    await expect(fitFamilies([blind], { families: ["sa_own"] })).rejects.toThrow("its matrices are a model's");
  });
});

describe("the family of a network's own attention", () => {
  const velocity = async (engine: Awaited<ReturnType<typeof onnxEngine>>, x: Float64Array) => {
    const out = new Float64Array(x.length);
    await engine.velocity(x, Float64Array.of(1), Float64Array.of(0), 1, out);
    await engine.release();
    return out;
  };

  it("is SA where all matrices are the identity", async () => {
    const [n, d, beta] = [6, 4, 3];
    const { x } = uniformCloud(n, d, randomSource(1));
    const own = findDynamics(ownFamily(OWN, [identity(d, beta)], place(unit(d))).dynamics);
    const sa = { dynamics: findDynamics("sa"), params: {}, n, d };
    const wanted = new Float64Array(n * d);
    await typescriptEngine(sa).velocity(x, Float64Array.of(beta), Float64Array.of(0), 1, wanted);
    const found = await velocity(typescriptEngine({ dynamics: own, params: {}, n, d }), x);
    found.forEach((v, p) => void expect(v).toBeCloseTo(wanted[p], 13));
  });

  it.each([
    ["electra", false],
    ["opt", true],
  ])("moves tokens alike in plain TypeScript and in ONNX Runtime: %s", async (name, causal) => {
    const { states, blocks } = await opened(name);
    const dynamics = findDynamics(ownFamily(OWN, blocks, place(states, causal)).dynamics);
    const task = { dynamics, params: { block: 1 }, n: 5, d: states.d };
    const { x } = uniformCloud(5, states.d, randomSource(2));
    const [a, b] = [await velocity(typescriptEngine(task), x), await velocity(await onnxEngine(task, 1), x)];
    const largest = Math.max(...a.map(Math.abs));
    // Sums of some hundred products of float64 numbers.
    a.forEach((v, p) => void expect(Math.abs(v - b[p])).toBeLessThan(1e-12 * largest));
    const [first] = dynamics.pieces?.({}) ?? [];
    expect(first).toEqual({ until: 1, params: { block: 0 } });
  });

  it("is named again, at its own clock, where it moved the tokens", async () => {
    const { states, blocks } = await opened("albert/model.onnx");
    const family = ownFamily(OWN, blocks, place(states));
    const [n, d] = [8, states.d];
    const text = { n, d, clouds: [{ n, d, x: uniformCloud(n, d, randomSource(3)).x }] };
    const layers: Float32Array[] = [];
    const keep = (k: number, { x }: { readonly x: ArrayLike<number> }) => {
      layers[k] = Float32Array.from(x);
    };
    await visitSimulated(text, family, 1, [0, 1, 2, 3], keep, { tolerance: 1e-9 });
    const options = { bootstrap: 0, checks: false, time: "linear", betaMin: 1, betaMax: 2 } as const;
    const { result } = await fitFamilies([statesOf(layers, n, d)], { ...options, families: ["sa", family] });
    const [sa, own] = result.families;
    expect(own).toMatchObject({ beta: 1, complexity: 1 });
    expect(own.time.values[3]).toBeCloseTo(3, 1);
    expect(own.w1).toBeLessThan(0.05 * sa.w1);
  });
});

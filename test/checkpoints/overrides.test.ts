import { cp, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { readInputs } from "../../models/inputs/raw-inputs.ts";
import { openModel } from "../../models/open-model.ts";
import type { OpenOptions } from "../../models/open-options.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { writeToyTokenizer } from "../models/toy-tokenizer.ts";
import { unpackFixtures } from "../models/unpack-fixtures.ts";

let fixtures: Awaited<ReturnType<typeof unpackFixtures>>;
let albert = "";
let onnxOnly = "";
let llama = "";
beforeAll(async () => {
  fixtures = await unpackFixtures("albert", "bert", "llama");
  albert = join(fixtures.folder, "albert");
  llama = join(fixtures.folder, "llama");
  onnxOnly = join(fixtures.folder, "onnx-only");
  await mkdir(onnxOnly);
  await cp(join(albert, "model.onnx"), join(onnxOnly, "model.onnx"));
  await writeToyTokenizer(albert);
});
afterAll(() => fixtures.remove());

async function statesOf(reference: string, options: OpenOptions, inputs = join(reference, "inputs.json")) {
  const model = await openModel(reference, { threads: 1, ...options });
  const states = await model.states(await readInputs(inputs));
  await model.close();
  return { states, description: model.description };
}

function largestDifference(a: HiddenStates, b: HiddenStates): number {
  const differences = a.layers.map(({ x }, i) =>
    x.reduce((max, value, k) => Math.max(max, Math.abs(value - b.layers[i].x[k])), 0),
  );
  return Math.max(...differences);
}

describe("a folder that holds both an ONNX file and a checkpoint", () => {
  it("is read as ONNX, even at another depth", async () => {
    const said: string[] = [];
    const { description } = await openModel(albert, { depth: 8, warn: (message) => said.push(message) });
    expect(description).toMatchObject({ source: "onnx", layers: 8, overrides: { depth: 8 } });
    expect(description.files.map(({ name }) => name)).toEqual(["model.onnx"]);
    expect(said).toEqual([]);
  });

  it("is read as a checkpoint where heads change, and says so", async () => {
    const said: string[] = [];
    const { description } = await openModel(albert, { heads: 1, warn: (message) => said.push(message) });
    expect(description).toMatchObject({ source: "checkpoint", heads: 1, overrides: { heads: 1 } });
    expect(description.files.map(({ name }) => name)).toEqual(["config.json", "model.safetensors"]);
    expect(said).toEqual(["built from the checkpoint: heads cannot be changed in model.onnx"]);
  });
});

describe("depth", () => {
  it("leaves the layers that were there as they were, and repeats the block after them", async () => {
    const inputs = join(albert, "inputs.json");
    const weights = join(albert, "model.safetensors");
    const [six, two, nine] = await Promise.all(
      [6, 2, 9].map((depth) => statesOf(weights, { depth }, inputs).then(({ states }) => states)),
    );
    for (const [other, count] of [
      [two, 3],
      [nine, 7],
    ] as const) {
      for (let k = 0; k < count; k++) expect(other.layers[k].x, `layer ${k}`).toEqual(six.layers[k].x);
    }
    expect(nine.layers).toHaveLength(10);
    expect(nine.layers[9].x).not.toEqual(nine.layers[8].x);
  });

  it("is refused with the reason where every block has weights of its own", async () => {
    const bert = join(fixtures.folder, "bert");
    await expect(openModel(bert, { depth: 6 })).rejects.toMatchObject({
      kind: "input",
      message: /^depth 6: blocks 1 and 3 of the file differ in their weights/,
    });
    await expect(openModel(join(llama, "model.safetensors"), { depth: 6 })).rejects.toMatchObject({
      kind: "input",
      message: /^depth 6: llama has weights of its own in each of its 3 blocks/,
    });
  });
});

describe("heads", () => {
  it("change the states but not the embedding", async () => {
    const [four, one] = await Promise.all([4, 1].map((heads) => statesOf(albert, { heads })));
    expect(one.states.layers[0].x).toEqual(four.states.layers[0].x);
    expect(largestDifference(one.states, four.states)).toBeGreaterThan(0.01);
  });

  it("that are the model's own change nothing", async () => {
    const [own, plain] = await Promise.all([statesOf(albert, { heads: 4 }), statesOf(albert, {})]);
    // The exported graph and the built one sum in another order.
    expect(largestDifference(own.states, plain.states)).toBeLessThan(2e-5);
  });

  it("must divide the width", async () => {
    await expect(openModel(albert, { heads: 3 })).rejects.toMatchObject({
      kind: "usage",
      message: "heads 3: does not divide the width 32. use one of 1, 2, 4, 8, 16, 32",
    });
  });

  it("are refused where the weights fit one number only", async () => {
    await expect(openModel(llama, { heads: 2 })).rejects.toMatchObject({
      kind: "input",
      message: /^heads 2: llama gives its heads a width of their own/,
    });
  });

  it("need a checkpoint", async () => {
    await expect(openModel(onnxOnly, { heads: 1 })).rejects.toMatchObject({
      kind: "input",
      message: /heads needs a checkpoint.*put config\.json and model\.safetensors beside the ONNX file/,
    });
  });
});

describe("fresh weights", () => {
  it("are the same for a seed, and others for another", async () => {
    const [a, b, c] = await Promise.all([7, 7, 8].map((randomInit) => statesOf(albert, { randomInit })));
    expect(a.states.layers).toEqual(b.states.layers);
    expect(largestDifference(a.states, c.states)).toBeGreaterThan(0.1);
    expect(a.description).toMatchObject({ source: "checkpoint", shared_weights: true, overrides: { randomInit: 7 } });
  });

  it("need config.json alone, at any depth and number of heads", async () => {
    const bare = join(fixtures.folder, "bare");
    await mkdir(bare);
    await cp(join(fixtures.folder, "bert/config.json"), join(bare, "config.json"));
    await expect(openModel(bare)).rejects.toMatchObject({ message: /checkpoint without weights.*random-init seed/ });
    const inputs = join(fixtures.folder, "bert/inputs.json");
    const { states, description } = await statesOf(bare, { randomInit: 1, depth: 5, heads: 2 }, inputs);
    expect(states.layers).toHaveLength(6);
    expect(description).toMatchObject({ layers: 5, heads: 2, shared_weights: false });
    await rm(bare, { recursive: true });
  });

  it("are written to a temporary folder that is gone before the states are there", async () => {
    const temporary = join(fixtures.folder, "temporary");
    await mkdir(temporary);
    vi.stubEnv("TMPDIR", temporary);
    const model = await openModel(albert, { threads: 1, randomInit: 7 });
    const inputs = await readInputs(join(albert, "inputs.json"));
    const first = await model.states(inputs);
    expect(await readdir(temporary)).toEqual([]);
    expect(await model.states(inputs)).toEqual(first);
    await model.close();
    vi.stubEnv("TMPDIR", join(temporary, "missing"));
    const nowhere = await openModel(albert, { threads: 1, randomInit: 7 });
    await expect(nowhere.states(inputs)).rejects.toMatchObject({ kind: "disk", message: /cannot write fresh weights/ });
    vi.unstubAllEnvs();
  });

  it("are refused without a config", async () => {
    await expect(openModel(onnxOnly, { randomInit: 1 })).rejects.toThrow(/random-init needs a checkpoint/);
  });
});

describe("shuffled tokens", () => {
  const text = "the sphere and a token the sphere";

  it("are the text's own in another order, the template in place", async () => {
    const plain = await openModel(albert, { threads: 1 });
    const shuffled = await openModel(albert, { threads: 1, shuffleTokens: 3 });
    const [a, b, again] = [await plain.states(text), await shuffled.states(text), await shuffled.states(text)];
    const tokens = b.tokens![0];
    expect(tokens).not.toEqual(a.tokens![0]);
    expect([...tokens].sort()).toEqual([...a.tokens![0]].sort());
    expect([tokens[0], tokens[tokens.length - 1]]).toEqual(["[CLS]", "[SEP]"]);
    expect(b.special).toEqual(a.special);
    expect(again).toEqual(b);
    expect(b.layers[0].x).not.toEqual(a.layers[0].x);
    await Promise.all([plain.close(), shuffled.close()]);
  });

  it("cannot be told in raw inputs", async () => {
    await expect(statesOf(albert, { shuffleTokens: 3 })).rejects.toMatchObject({
      kind: "input",
      message: /tokens cannot be shuffled: neither raw inputs nor images say/,
    });
  });
});

describe("a number out of range", () => {
  it.each([
    [{ depth: 0 }, "depth: 0. use a whole number from 1 to 4096"],
    [{ depth: 1.5 }, "depth: 1.5. use a whole number from 1 to 4096"],
    [{ heads: -1 }, "heads: -1. use a whole number from 1 to 4096"],
    [{ randomInit: -1 }, "random-init seed: -1. use a whole number from 0 to 4294967295"],
    [{ shuffleTokens: 2 ** 32 }, "shuffle-tokens seed: 4294967296. use a whole number from 0 to 4294967295"],
  ] as const)("%o is a usage error", async (options, message) => {
    await expect(openModel(albert, options)).rejects.toMatchObject({ kind: "usage", message });
  });
});

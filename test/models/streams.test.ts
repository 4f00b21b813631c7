import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RawInputs, RawTensor } from "../../models/arrays/raw-tensor.ts";
import { encodeModel } from "../../models/onnx/writer.ts";
import { openModel } from "../../models/open-model.ts";
import { attention, type Builder, builder, layerNorm, mlp, preNormBlock, TOY } from "./toy-transformer.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tokensphere-streams-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let count = 0;
/** A model whose outputs are as drawn, from inputs of token ids. */
async function written(inputs: readonly string[], draw: (b: Builder) => readonly string[]): Promise<string> {
  const b = builder();
  const outputs = draw(b);
  const bytes = encodeModel({
    opset: 17,
    inputs: inputs.map((name) => ({ name, type: "int64", dims: ["a", "b"] })),
    outputs: outputs.map((name) => ({ name, type: "float32", dims: ["a", "b", TOY.d] })),
    nodes: b.nodes,
    initializers: b.initializers,
  });
  const path = join(folder, `${count++}.onnx`);
  await writeFile(path, bytes);
  return path;
}

const ids = (shape: readonly number[], data: readonly number[]): RawTensor => ({
  dtype: "int64",
  shape,
  data: BigInt64Array.from(data, BigInt),
});

/** States of a model at its last layer, and what was said. */
async function lastState(path: string, inputs: RawInputs, stream?: string) {
  const said: string[] = [];
  const model = await openModel(path, {
    threads: 1,
    warn: (message) => said.push(message),
    ...(stream === undefined ? {} : { stream }),
  });
  try {
    const { batch, n, layers } = await model.states(inputs);
    return { batch, n, x: [...layers[TOY.layers].x], said, description: model.description };
  } finally {
    await model.close();
  }
}

/** The toy transformer, whose attention sees the axis that `turned` brings to the middle. */
function embedded(b: Builder, input: string, block: (b: Builder, x: string) => string): string {
  let x = b.op("Gather", [b.weight([TOY.vocabulary, TOY.d], 1), input]);
  for (let k = 0; k < TOY.layers; k++) x = block(b, x);
  return layerNorm(b, x);
}

const swap = (b: Builder, x: string): string => b.op("Transpose", [x], { perm: { ints: [1, 0, 2] } });

function tokensFirstBlock(b: Builder, x: string): string {
  const mid = b.op("Add", [x, swap(b, attention(b, swap(b, layerNorm(b, x))))]);
  return b.op("Add", [mid, mlp(b, layerNorm(b, mid))]);
}

describe("the token axis", () => {
  const TEXTS = [1, 2, 3, 4, 5, 6, 7, 8]; // Two texts of four tokens.
  const TURNED = [1, 5, 2, 6, 3, 7, 4, 8];

  it("is the one that attention mixes, be it the first of the input or the second", async () => {
    const plain = await written(["input_ids"], (b) => [embedded(b, "input_ids", preNormBlock)]);
    const turned = await written(["input_ids"], (b) => [embedded(b, "input_ids", tokensFirstBlock)]);
    const a = await lastState(plain, { input_ids: ids([2, 4], TEXTS) });
    const b = await lastState(turned, { input_ids: ids([4, 2], TURNED) });
    expect([b.batch, b.n]).toEqual([a.batch, a.n]);
    expect(a.said).toEqual([]);
    expect(b.said).toEqual(["input_ids is [tokens, texts]: attention mixes its first axis"]);
    for (const [i, value] of a.x.entries()) expect(b.x[i]).toBeCloseTo(value, 5); // The same sums in float32.
  });

  it("is found where texts and tokens are as many, and of a single text", async () => {
    const turned = await written(["input_ids"], (b) => [embedded(b, "input_ids", tokensFirstBlock)]);
    const square = await lastState(turned, { input_ids: ids([2, 2], [1, 3, 2, 4]) });
    const first = await lastState(turned, { input_ids: ids([2, 1], [1, 2]) });
    expect([first.batch, first.n]).toEqual([1, 2]);
    for (const [i, value] of first.x.entries()) expect(square.x[i]).toBeCloseTo(value, 5);
  });
});

describe("several streams in one file", () => {
  const inputs = { left: ids([1, 3], [1, 2, 3]), right: ids([1, 3], [4, 5, 6]) };
  const towers = () =>
    written(["left", "right"], (b) => [embedded(b, "left", preNormBlock), embedded(b, "right", preNormBlock)]);

  it("are named, each with its input, and chosen by name", async () => {
    const path = await towers();
    const left = await lastState(path, inputs);
    expect(left.said).toEqual([
      "the model has 2 streams: left (2 blocks), right (2 blocks). read is left; choose another with `stream: NAME`",
    ]);
    expect(left.description.streams).toEqual([
      { name: "left", source: "left", layers: 2, read: true },
      { name: "right", source: "right", layers: 2, read: false },
    ]);
    const right = await lastState(path, inputs, "right");
    expect(right.said).toEqual([]);
    expect(right.description.streams.map(({ read }) => read)).toEqual([false, true]);
    expect(right.x).not.toEqual(left.x);
    await expect(openModel(path, { stream: "up" })).rejects.toMatchObject({
      kind: "usage",
      message: "no stream up: the model has left, right. give one of them",
    });
  });

  it("need no ids of another stream", async () => {
    const path = await towers();
    const alone = await lastState(path, { right: inputs.right }, "right");
    expect(alone.said).toEqual(["input left not given: filled with zeros, the stream does not depend on it"]);
    expect(alone.x).toEqual((await lastState(path, inputs, "right")).x);
  });

  it("of one input are numbered", async () => {
    const path = await written(["input_ids"], (b) => [
      embedded(b, "input_ids", preNormBlock),
      embedded(b, "input_ids", preNormBlock),
    ]);
    const { description } = await lastState(path, { input_ids: inputs.left });
    expect(description.streams.map(({ name }) => name)).toEqual(["input_ids.1", "input_ids.2"]);
  });

  it("of an encoder and a decoder that looks at it are two", async () => {
    const path = await written(["input_ids", "decoder_input_ids"], (b) => {
      const memory = embedded(b, "input_ids", preNormBlock);
      const looking = (c: Builder, x: string): string => {
        const own = c.op("Add", [x, attention(c, layerNorm(c, x))]);
        const keys = c.op("Transpose", [c.op("MatMul", [memory, c.weight([TOY.d, TOY.d])])], {
          perm: { ints: [0, 2, 1] },
        });
        const scores = c.op("Softmax", [c.op("MatMul", [c.op("MatMul", [own, c.weight([TOY.d, TOY.d])]), keys])]);
        const seen = c.op("MatMul", [scores, c.op("MatMul", [memory, c.weight([TOY.d, TOY.d])])]);
        const mid = c.op("Add", [own, c.op("MatMul", [seen, c.weight([TOY.d, TOY.d])])]);
        return c.op("Add", [mid, mlp(c, layerNorm(c, mid))]);
      };
      return [embedded(b, "decoder_input_ids", looking)];
    });
    const { streams } = (await openModel(path)).description;
    expect(streams).toEqual([
      { name: "decoder_input_ids", source: "decoder_input_ids", layers: 2, read: true },
      { name: "input_ids", source: "input_ids", layers: 2, read: false },
    ]);
  });
});

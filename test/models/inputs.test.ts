import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSafetensors } from "../../models/arrays/safetensors-writer.ts";
import { fillInputs, type InputNeeds, tensorOf } from "../../models/inputs/fill-inputs.ts";
import { parseInputs, readInputs } from "../../models/inputs/raw-inputs.ts";

const needs: InputNeeds = {
  source: "input_ids",
  vocabulary: 10,
  positions: 6,
  inputs: [
    { name: "input_ids", dtype: "int64", dims: ["batch", "n"] },
    { name: "attention_mask", dtype: "int64", dims: ["batch", "n"] },
    { name: "token_type_ids", dtype: "int64", dims: ["batch", "n"] },
    { name: "position_ids", dtype: "int64", dims: ["batch", "n"] },
    { name: "past_key_values.0.key", dtype: "float32", dims: ["batch", 4, "past", 8] },
    { name: "use_cache_branch", dtype: "bool", dims: [1] },
  ],
};
const ids = tensorOf("int64", [2, 3], [1, 2, 3, 4, 5, 9]);

describe("inputs left out", () => {
  it("are filled in, and said", () => {
    const { inputs, filled } = fillInputs(needs, { input_ids: ids });
    expect([...inputs.attention_mask.data].map(Number)).toEqual([1, 1, 1, 1, 1, 1]);
    expect([...inputs.token_type_ids.data].map(Number)).toEqual([0, 0, 0, 0, 0, 0]);
    expect([...inputs.position_ids.data].map(Number)).toEqual([0, 1, 2, 0, 1, 2]);
    expect(inputs["past_key_values.0.key"].shape).toEqual([2, 4, 0, 8]);
    expect([...inputs.use_cache_branch.data]).toEqual([0]);
    expect(filled).toContain("input attention_mask not given: filled with ones");
    expect(filled).toHaveLength(5);
  });

  it("are positions over what the mask keeps, where a model counts so", () => {
    const mask = tensorOf("int64", [2, 3], [0, 1, 1, 1, 0, 1]);
    const { inputs } = fillInputs({ ...needs, positionsByMask: true }, { input_ids: ids, attention_mask: mask });
    expect([...inputs.position_ids.data].map(Number)).toEqual([-1, 0, 1, 0, -1, 1]);
  });

  it("are not touched where they are given", () => {
    const mask = tensorOf("int64", [2, 3], [1, 1, 0, 1, 0, 0]);
    expect(fillInputs(needs, { input_ids: ids, attention_mask: mask }).inputs.attention_mask).toBe(mask);
  });

  it("are an error where nothing is known of them", () => {
    const inputs = [...needs.inputs, { name: "pixel_values", dtype: "float32", dims: ["batch", 3, 16, 16] }];
    expect(() => fillInputs({ ...needs, inputs }, { input_ids: ids })).toThrow(/no input pixel_values/);
  });
});

describe("inputs given", () => {
  it.each([
    ["an unknown name", { input_ids: ids, tokens: ids }, /unknown input: tokens. the model takes input_ids, /],
    ["another type", { input_ids: tensorOf("int32", [2, 3], [1, 2, 3, 4, 5, 6]) }, /is int32. the model takes int64/],
    ["another rank", { input_ids: tensorOf("int64", [3], [1, 2, 3]) }, /shape \[3\]. the model takes \[batch, n\]/],
    ["no tokens", { input_ids: tensorOf("int64", [1, 0], []) }, /input_ids is empty/],
    ["an id above the table", { input_ids: tensorOf("int64", [1, 2], [1, 10]) }, /outside the embedding: 10 .*0 … 9/],
    ["a negative id", { input_ids: tensorOf("int64", [1, 2], [1, -1]) }, /outside the embedding: -1/],
    [
      "too many positions",
      { input_ids: tensorOf("int64", [1, 7], Array(7).fill(1)) },
      /7 in input_ids, the model takes 6/,
    ],
    [
      "unequal lengths",
      { input_ids: ids, attention_mask: tensorOf("int64", [2, 2], [1, 1, 1, 1]) },
      /differ in n: 3 and 2/,
    ],
    ["no ids at all", { attention_mask: ids }, /no input input_ids/],
  ])("are refused for %s", (_, given, message) => {
    expect(() => fillInputs(needs, given as Parameters<typeof fillInputs>[1])).toThrow(message);
  });
});

describe("a file of inputs", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tokensphere-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("is JSON, nested or flat", () => {
    const { a } = parseInputs('{"a": {"dtype": "float32", "shape": [2, 2], "data": [[1, 2], [3, 4.5]]}}', "f");
    expect(a).toEqual({ dtype: "float32", shape: [2, 2], data: Float32Array.of(1, 2, 3, 4.5) });
  });

  it("is safetensors", async () => {
    const path = join(folder, "inputs.safetensors");
    const writer = await createSafetensors(path);
    await writer.finish(new Map([["input_ids", await writer.append(ids)]]));
    expect(await readInputs(path)).toEqual({ input_ids: ids });
  });

  it.each([
    ["[]", /no object of inputs/],
    ["{}", /no inputs/],
    ["{", /no JSON/],
    ['{"a": [[1]]}', /input a has dtype undefined/],
    ['{"a": {"dtype": "int64", "shape": [2], "data": [1]}}', /1 values for shape \[2\]/],
    ['{"a": {"dtype": "int64", "shape": [1], "data": [1.5]}}', /holds 1.5, no int64/],
    ['{"a": {"dtype": "float32", "shape": [1], "data": [null]}}', /holds null/],
    ['{"a": {"dtype": "toString", "shape": [1], "data": [1]}}', /has dtype toString/],
    ['{"a": {"dtype": "int64", "shape": [-1], "data": []}}', /no shape of whole numbers/],
  ])("is refused where it is %s", (text, message) => {
    expect(() => parseInputs(text, "f.json")).toThrow(message);
  });

  it("is refused where it is missing or empty", async () => {
    await expect(readInputs(join(folder, "none.json"))).rejects.toMatchObject({
      kind: "input",
      message: /cannot be read/,
    });
    await writeFile(join(folder, "empty.safetensors"), "");
    await expect(readInputs(join(folder, "empty.safetensors"))).rejects.toMatchObject({ kind: "input" });
  });
});

import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readInputs } from "../../models/inputs/raw-inputs.ts";
import { openModel } from "../../models/open-model.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { unpackFixtures } from "../models/unpack-fixtures.ts";

let fixtures: Awaited<ReturnType<typeof unpackFixtures>>;
let albert = "";
beforeAll(async () => {
  fixtures = await unpackFixtures("albert");
  albert = join(fixtures.folder, "albert");
});
afterAll(() => fixtures.remove());

async function statesAt(file: string, depth: number): Promise<HiddenStates> {
  const model = await openModel(join(albert, file), { threads: 1, depth });
  const states = await model.states(await readInputs(join(albert, "inputs.json")));
  expect(model.description).toMatchObject({ layers: depth, shared_weights: depth > 1 });
  await model.close();
  return states;
}

function differences(a: HiddenStates, b: HiddenStates): number[] {
  return a.layers.map(({ x }, i) => x.reduce((max, value, k) => Math.max(max, Math.abs(value - b.layers[i].x[k])), 0));
}

const FILES = ["", "_masklm", "_dynamo", "_sdpa_op18", "_torch113", "_ortfused", "_fp16"].map(
  (end) => `model${end}.onnx`,
);

describe.each(FILES)("the shared block of albert/%s", (file) => {
  // float32 in another order; float16: 11 bits a step, as in the contract of these files.
  const tolerance = file.includes("fp16") ? 1e-2 : 2e-5;

  it.each([1, 3, 12])("is cut out and gives the states of a checkpoint with %i blocks", async (depth) => {
    const [looped, built] = [await statesAt(file, depth), await statesAt("model.safetensors", depth)];
    expect(looped.layers).toHaveLength(depth + 1);
    differences(looped, built).forEach((difference, k) => {
      expect(difference, `layer ${k}`).toBeLessThan(tolerance);
    });
  });
});

describe("a loop", () => {
  it("of any depth begins as every other does", async () => {
    const deep = await statesAt("model.onnx", 20);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), async (depth) => {
        const states = await statesAt("model.onnx", depth);
        const prefix = { ...deep, layers: deep.layers.slice(0, depth + 1) };
        // The optimizer fuses by what it sees around a node.
        expect(Math.max(...differences(states, prefix))).toBeLessThan(2e-5);
      }),
      { numRuns: 5, seed: 4 },
    );
  });

  it("is refused where quantization left the first block weights of its own", async () => {
    await expect(openModel(join(albert, "model_int8.onnx"), { depth: 12 })).rejects.toMatchObject({
      kind: "input",
      message: /^depth 12: blocks 1 and 6 of the file differ in their weights.*give the checkpoint$/,
    });
  });
});

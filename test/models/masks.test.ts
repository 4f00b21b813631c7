import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkLayer } from "../../models/states/check-states.ts";
import { positionMask } from "../../models/states/position-mask.ts";
import { readHiddenStates, storedStates } from "../../models/states/read-hidden-states.ts";
import { bytesOf, floats, type NpyArray, npzBytes } from "./write-npz.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tokensphere-masks-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Two layers of two rows of two tokens in one dimension. */
const STATES = floats([2, 2, 2, 1], [1, 2, 3, 4, 5, 6, 7, 8]);

let count = 0;
async function saved(arrays: Readonly<Record<string, NpyArray>>): Promise<string> {
  const path = join(folder, `${count++}.npz`);
  await writeFile(path, npzBytes({ hidden_states: STATES, ...arrays }));
  return path;
}

const doubles = (values: readonly number[]): NpyArray => ({
  descr: "<f8",
  shape: [2, 2],
  data: bytesOf(Float64Array.from(values)),
});
const halves = (bits: readonly number[]): NpyArray => ({
  descr: "<f2",
  shape: [2, 2],
  data: bytesOf(Uint16Array.from(bits)),
});
const bools = (values: readonly number[]): NpyArray => ({
  descr: "|b1",
  shape: [2, 2],
  data: Uint8Array.from(values),
});
const ints = (values: readonly number[]): NpyArray => ({
  descr: "<i8",
  shape: [2, 2],
  data: bytesOf(BigInt64Array.from(values, BigInt)),
});

const refusal = async (arrays: Readonly<Record<string, NpyArray>>): Promise<string> => {
  const error = await readHiddenStates(await saved(arrays)).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ name: "TokensphereError", kind: "input" });
  return (error as Error).message;
};

describe("a mask beside states", () => {
  it.each([
    ["truth values", bools([1, 0, 1, 1])],
    ["whole numbers", ints([1, 0, 1, 1])],
    ["floats that are 0 and 1, one of them -0", doubles([1, -0, 1, 1])],
    ["half floats that are 0 and 1", halves([0x3c00, 0x8000, 0x3c00, 0x3c00])],
  ])("is taken as %s", async (_, mask) => {
    const [states] = await readHiddenStates(await saved({ attention_mask: mask }));
    expect([...states.mask]).toEqual([1, 0, 1, 1]);
  });

  it.each([
    ["is added with -1e9", doubles([-0, -1e9, 0, 0]), /is added to attention scores \(0 and -1e\+9\)\..*\(mask == 0\)/],
    ["is added with -1e4", doubles([0, -1e4, 0, 0]), /is added to attention scores \(0 and -10000\)/],
    ["is added with the least float16", halves([0, 0xfbff, 0, 0]), /is added to attention scores \(0 and -65504\)/],
    ["is added with -inf", doubles([0, Number.NEGATIVE_INFINITY, 0, 0]), /is added to attention scores/],
    ["holds NaN", doubles([1, Number.NaN, 1, 1]), /attention_mask holds NaN\. give 1 where a position counts, else 0/],
    ["holds 2", ints([1, 0, 2, 1]), /attention_mask holds 2\./],
    ["holds a half", doubles([1, 0, 0.5, 1]), /attention_mask holds 0\.5\./],
    ["is 0 everywhere", doubles([0, 0, 0, 0]), /counts no position of row 0\. leave it out if 0 says that all count/],
    [
      "is -0 everywhere",
      doubles([-0, -0, -0, -0]),
      /counts no position of row 0\. leave it out if 0 says that all count/,
    ],
    ["is 0 in a row", ints([1, 1, 0, 0]), /counts no position of row 1\. keep at least one/],
  ])("is refused where it %s", async (_, mask, message) => {
    expect(await refusal({ attention_mask: mask })).toMatch(message);
  });

  it.each(["mask", "input_mask", "text.0.mask"])("is refused under the name %s, never ignored", async (name) => {
    const message = await refusal({ [name]: ints([1, 0, 1, 1]) });
    expect(message).toContain(`${name} lies beside the states and no attention_mask. rename it attention_mask`);
  });

  it.each(["padding_mask", "src_key_padding_mask"])("under the name %s is told how to turn it", async (name) => {
    expect(await refusal({ [name]: bools([0, 1, 0, 0]) })).toContain(
      `save attention_mask, 1 where a position counts: 1 - ${name}`,
    );
  });

  it("of another size than the positions is no mask of them, and is named", async () => {
    const said: string[] = [];
    const path = await saved({ loss_mask: floats([3], [1, 1, 0]), labels: floats([1], [1]) });
    for await (const _ of storedStates(path, 1, (message) => said.push(message)));
    expect(said).toEqual([expect.stringMatching(/^not read: loss_mask, labels of \d+\.npz$/)]);
  });

  it("lets states at padding be no numbers, and puts zeros there", async () => {
    const hidden_states = floats([2, 2, 2, 1], [1, Number.NaN, 3, 4, 5, Number.POSITIVE_INFINITY, 7, 8]);
    const [{ layers }] = await readHiddenStates(await saved({ hidden_states, attention_mask: ints([1, 0, 1, 1]) }));
    expect(layers.map(({ x }) => [...x])).toEqual([
      [1, 0, 3, 4],
      [5, 0, 7, 8],
    ]);
    expect(await refusal({ hidden_states, attention_mask: ints([0, 1, 1, 1]) })).toMatch(/not finite: NaN/);
    expect(await refusal({ hidden_states })).toMatch(/where it is padding, save the attention_mask beside/);
  });
});

describe("a mask among a model's inputs", () => {
  const tensor = (shape: readonly number[], values: readonly number[]) =>
    ({ dtype: "float32", shape, data: Float32Array.from(values) }) as const;

  it("is refused as beside states", () => {
    expect(() => positionMask(tensor([1, 3], [0, 0, -1e9]), 1, 3)).toThrow(/is added to attention scores/);
    expect(() => positionMask(tensor([1, 3], [1, Number.NaN, 1]), 1, 3)).toThrow(/holds NaN/);
  });

  it("may be added to the scores where it has the shape of that", () => {
    expect([...positionMask(tensor([1, 1, 1, 3], [0, 0, -1e9]), 1, 3)]).toEqual([1, 1, 0]);
    expect([...positionMask(tensor([1, 1, 1, 3], [1, 1, 0]), 1, 3)]).toEqual([1, 1, 0]);
  });

  it("lets a model make no numbers of padding", () => {
    const mask = () => Uint8Array.of(1, 0);
    const state = tensor([1, 2, 1], [3, Number.NaN]);
    expect([...checkLayer(0, state, 1, null, mask).x]).toEqual([3, 0]);
    expect(() => checkLayer(0, state, 1, null, () => Uint8Array.of(1, 1))).toThrow(/not finite: layer 0/);
  });
});

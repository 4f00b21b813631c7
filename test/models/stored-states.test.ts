import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSafetensors } from "../../models/arrays/safetensors-writer.ts";
import { readHiddenStates, type StoredStates, storedStates } from "../../models/states/read-hidden-states.ts";
import { bytesOf, floats, type NpyArray, npyBytes, npzBytes } from "./write-npz.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tokensphere-states-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let count = 0;
async function written(bytes: Uint8Array, extension: string): Promise<string> {
  const path = join(folder, `${count++}${extension}`);
  await writeFile(path, bytes);
  return path;
}

const npz = (arrays: Readonly<Record<string, NpyArray>>) => written(npzBytes(arrays), ".npz");
const npy = (array: NpyArray) => written(npyBytes(array), ".npy");

async function safetensors(tensors: Readonly<Record<string, NpyArray>>): Promise<string> {
  const path = join(folder, `${count++}.safetensors`);
  const file = await createSafetensors(path);
  const entries = new Map();
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    const values = new Float32Array(data.slice().buffer);
    entries.set(name, await file.append({ dtype: "float32", shape: [...shape], data: values }));
  }
  await file.finish(entries);
  return path;
}

/** Layers of two rows of three tokens in two dimensions. */
const SHAPE = [2, 3, 2] as const;
const SIZE = 12;
const LAYERS = [0, 1, 2].map((k) => Float32Array.from({ length: SIZE }, (_, i) => 100 * k + i));
const STACK = Float32Array.from(LAYERS.flatMap((x) => [...x]));

function named(name: (k: number) => string): Record<string, NpyArray> {
  return Object.fromEntries(LAYERS.map((x, k) => [name(k), floats(SHAPE, x)]));
}

const one = (name: string) => ({ [name]: floats(SHAPE, LAYERS[0]) });

/** The stack with its elements in column-major order. */
function columnMajor(): NpyArray {
  const [layers, batch, n, d] = [3, ...SHAPE];
  const turned = new Float32Array(STACK.length);
  for (let i = 0; i < STACK.length; i++) {
    const [k, j, l, b] = [
      i % d,
      Math.floor(i / d) % n,
      Math.floor(i / (n * d * batch)),
      Math.floor(i / (n * d)) % batch,
    ];
    turned[l + layers * (b + batch * (j + n * k))] = STACK[i];
  }
  return { ...floats([layers, ...SHAPE], turned), columnMajor: true };
}

function bigEndian(): NpyArray {
  return { descr: ">f4", shape: [3, ...SHAPE], data: Buffer.from(bytesOf(STACK).slice()).swap32() };
}

function doubles(): NpyArray {
  return { descr: "<f8", shape: [3, ...SHAPE], data: bytesOf(Float64Array.from(STACK)) };
}

const FORMS: readonly (readonly [string, () => Promise<string>])[] = [
  ["hidden_states.k in .safetensors", () => safetensors(named((k) => `hidden_states.${k}`))],
  ["hidden_states_k in .safetensors", () => safetensors(named((k) => `hidden_states_${k}`))],
  ["a stack in .safetensors", () => safetensors({ hidden_states: floats([3, ...SHAPE], STACK) })],
  ["hidden_states.k in .npz", () => npz(named((k) => `hidden_states.${k}`))],
  [
    "hidden_states_k in .npz, in another order",
    () => npz(Object.fromEntries(Object.entries(named((k) => `hidden_states_${k}`)).reverse())),
  ],
  ["positional arrays in .npz", () => npz(named((k) => `arr_${k}`))],
  ["a positional stack in .npz", () => npz({ arr_0: floats([3, ...SHAPE], STACK) })],
  ["a named stack in .npz", () => npz({ hidden_states: floats([3, ...SHAPE], STACK) })],
  [
    "a named stack beside positional arrays",
    () => npz({ hidden_states: floats([3, ...SHAPE], STACK), arr_0: floats([1], [9]) }),
  ],
  ["a stack in .npy", () => npy(floats([3, ...SHAPE], STACK))],
  ["a stack in .npy, column-major", () => npy(columnMajor())],
  ["a stack in .npy, big-endian", () => npy(bigEndian())],
  ["a stack in .npy, float64", () => npy(doubles())],
];

describe("saved states", () => {
  it.each(FORMS)("are read from %s", async (_, write) => {
    const [states, ...more] = await readHiddenStates(await write());
    expect(more).toEqual([]);
    expect(states).toMatchObject({ batch: 2, n: 3, d: 2, special: null, tokens: null });
    expect(states.layers).toEqual(LAYERS.map((x, layer) => ({ layer, x })));
    expect([...states.mask]).toEqual(new Array(6).fill(1));
  });

  it.each(FORMS)("come in pieces of rows where that is asked for and can be: %s", async (_, write) => {
    const pieces: StoredStates[] = [];
    for await (const piece of storedStates(await write(), 1)) pieces.push(piece);
    const x = (layer: number) => pieces.flatMap(({ states }) => [...states.layers[layer].x]);
    LAYERS.forEach((layer, k) => {
      expect(x(k)).toEqual([...layer]);
    });
    expect(pieces.every(({ rows }) => rows === 2)).toBe(true);
    expect(pieces.map(({ row }) => row)).toEqual(pieces.length === 2 ? [0, 1] : [0]);
  });

  it("of one text may have no batch dimension", async () => {
    const x = STACK.slice(0, 12);
    for (const path of [
      await npy(floats([2, 3, 2], x)),
      await npz({ arr_0: floats([3, 2], x.slice(0, 6)), arr_1: floats([3, 2], x.slice(6)) }),
    ]) {
      const [states] = await readHiddenStates(path);
      expect(states).toMatchObject({ batch: 1, n: 3, d: 2 });
      expect(states.layers.map((layer) => [...layer.x])).toEqual([[...x.slice(0, 6)], [...x.slice(6)]]);
    }
  });

  it.each([
    ["<f2", Uint16Array.of(0x3c00, 0xc000, 0x3800, 0x0001)],
    [">f2", Uint16Array.of(0x003c, 0x00c0, 0x0038, 0x0100)],
  ])("may be half precision: %s", async (descr, bits) => {
    const [{ layers }] = await readHiddenStates(await npy({ descr, shape: [2, 1, 2], data: bytesOf(bits) }));
    expect(layers.map(({ x }) => [...x])).toEqual([
      [1, -2],
      [0.5, 2 ** -24],
    ]);
  });

  it("take masks, special positions and tokens that lie beside them", async () => {
    const flags = (values: readonly number[]): NpyArray => ({
      descr: "<i8",
      shape: [2, 3],
      data: bytesOf(BigInt64Array.from(values, BigInt)),
    });
    const words = ["a", "bc", "", "d", "é", "😀"];
    const points = Uint32Array.from(words.flatMap((word) => [0, 1].map((k) => [...word][k]?.codePointAt(0) ?? 0)));
    const path = await npz({
      ...named((k) => `hidden_states.${k}`),
      attention_mask: flags([1, 1, 0, 1, 1, 1]),
      special_tokens_mask: { descr: "|b1", shape: [2, 3], data: Uint8Array.of(1, 0, 0, 1, 0, 1) },
      tokens: { descr: "<U2", shape: [2, 3], data: bytesOf(points) },
    });
    const [states] = await readHiddenStates(path);
    expect([...states.mask]).toEqual([1, 1, 0, 1, 1, 1]);
    expect([...states.special!]).toEqual([1, 0, 0, 1, 0, 1]);
    expect(states.tokens).toEqual([words.slice(0, 3), words.slice(3)]);
  });

  it("lie beside arrays of other names, which are no slips", async () => {
    const others = { ...one("hidden_output.9"), ...one("mlp_out.2"), ...one("hidden"), ...one("blocks.0.hook_q") };
    const [states] = await readHiddenStates(await npz({ ...named((k) => `hidden_states.${k}`), ...others }));
    expect(states.layers).toHaveLength(3);
  });

  it.each<[string, () => Promise<string>, RegExp]>([
    [
      "there are none",
      () => npz({ weights: floats([2], [1, 2]) }),
      /no tensor hidden_states\.0: it holds weights\. name the layers/,
    ],
    [
      "a layer is missing",
      () =>
        npz({
          arr_0: floats([1, 2], [1, 2]),
          arr_2: floats([1, 2], [1, 2]),
          arr_1: floats([1, 2], [1, 2]),
          arr_4: floats([1, 2], [1, 2]),
        }),
      /no tensor arr_3\. give every layer/,
    ],
    [
      "shapes differ",
      () => npz({ arr_0: floats([1, 2], [1, 2]), arr_1: floats([2, 1], [1, 2]) }),
      /arr_1 has shape \[2,1\], layer 0 \[1,1,2\]/,
    ],
    ["a value is not finite", () => npy(floats([2, 1, 2], [1, 2, Number.NaN, 4])), /layer 1 is not finite: NaN/],
    [
      "a double is too large",
      () => npy({ descr: "<f8", shape: [2, 1, 1], data: bytesOf(Float64Array.of(1, 1e300)) }),
      /layer 1 holds 1e\+300, beyond float32\. scale the states down/,
    ],
    [
      "they are whole numbers",
      () => npy({ descr: "<i4", shape: [2, 1, 1], data: bytesOf(Int32Array.of(1, 2)) }),
      /hidden_states is int32\. give floating point/,
    ],
    [
      "they are objects",
      () => npy({ descr: "|O", shape: [2, 1, 1], data: new Uint8Array(16) }),
      /object array, a pickle, which is never read/,
    ],
    [
      "they are bfloat16 of no name",
      () => npy({ descr: "|V2", shape: [2, 1, 1], data: new Uint8Array(4) }),
      /type \|V2, as bfloat16 is saved: convert it to float32/,
    ],
    ["a dimension is 0", () => npy(floats([2, 0, 2], [])), /has shape \[2, 0, 2\]/],
    [
      "there are too few dimensions",
      () => npy(floats([2, 2], [1, 2, 3, 4])),
      /has shape \[2, 2\]\. give \[layers, n, d\] or/,
    ],
    [
      "the file is cut",
      async () => written(npyBytes(floats([2, 1, 2], [1, 2, 3, 4])).slice(0, -3), ".npy"),
      /truncated/,
    ],
    ["the file is empty", async () => written(new Uint8Array(0), ".npy"), /no \.npy file/],
    ["a shape is impossible", () => npy(floats([2 ** 40, 2 ** 40, 2], [1])), /impossible shape/],
    [
      "a mask has another shape",
      () => npz({ hidden_states: floats([2, 1, 2], [1, 2, 3, 4]), attention_mask: floats([2], [1, 1]) }),
      /attention_mask has shape \[2\]\. give \[batch, n\] = \[1, 1\]/,
    ],
    [
      "a mask counts nothing",
      () => npz({ hidden_states: floats([2, 1, 2], [1, 2, 3, 4]), attention_mask: floats([1], [0]) }),
      /counts no position of row 0/,
    ],
    [
      "tokens are too few",
      () =>
        npz({
          hidden_states: floats([2, 2, 1], [1, 2, 3, 4]),
          tokens: { descr: "<U1", shape: [1], data: new Uint8Array(4) },
        }),
      /tokens: 1 for 2 positions/,
    ],
    [
      "the last layer has a number that is none",
      () => npz({ ...named((k) => `hidden_states.${k === 2 ? "2x" : k}`) }),
      /hidden_states\.2x begins as a layer's name and is none/,
    ],
    [
      "the last layer of TransformerLens has a number that is none",
      () => npz({ ...named((k) => `blocks.${k === 2 ? "2x" : k}.hook_resid_post`), ...one("blocks.0.hook_resid_pre") }),
      /blocks\.2x\.hook_resid_post begins as a layer's name/,
    ],
    [
      "the last layer has a slip",
      () => npz(named((k) => (k === 2 ? "hieden_statds.2" : `hidden_states.${k}`))),
      /is hidden_states\.2 meant\?/,
    ],
    [
      "a mask has a slip: padding would be counted",
      () => npz({ ...named((k) => `hidden_states.${k}`), attention_mssk: floats([2, 3], [1, 1, 1, 1, 1, 0]) }),
      /attention_mssk: is attention_mask meant\?/,
    ],
    ["it is a pickle", async () => written(new Uint8Array(9), ".pt"), /a pickle is never read\. save states as/],
  ])("are refused in one line where %s", async (_, write, message) => {
    const error = await readHiddenStates(await write()).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: "TokensphereError", kind: "input", message: expect.stringMatching(message) });
    expect((error as Error).message).not.toContain("\n");
  });

  it("of any damaged .npy are refused or read, never a crash", async () => {
    const good = npyBytes(columnMajor());
    const damage = fc.tuple(fc.nat(good.length), fc.array(fc.tuple(fc.nat(140), fc.nat(255)), { maxLength: 3 }));
    await fc.assert(
      fc.asyncProperty(damage, async ([length, changes]) => {
        const bytes = good.slice();
        for (const [at, value] of changes) bytes[at] = value;
        const error = await readHiddenStates(await written(bytes.subarray(0, length), ".npy")).catch((e: unknown) => e);
        if (!Array.isArray(error)) expect(error).toMatchObject({ name: "TokensphereError" });
      }),
      { seed: 4, numRuns: 400 },
    );
  });
});

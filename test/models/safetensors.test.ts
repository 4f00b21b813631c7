import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { brainToFloat, halfToFloat } from "../../models/arrays/half-floats.ts";
import { openSafetensors, readFloats, readTensor } from "../../models/arrays/safetensors-reader.ts";
import { createSafetensors } from "../../models/arrays/safetensors-writer.ts";
import { TokensphereError } from "../../models/errors.ts";
import { hiddenStatesOf, readHiddenStates } from "../../models/states/read-hidden-states.ts";
import { createHiddenStates, writeHiddenStates } from "../../models/states/write-hidden-states.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tokensphere-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function readAll(path: string): Promise<void> {
  const file = await openSafetensors(path);
  try {
    for (const name of file.tensors.keys()) await readTensor(file, name);
  } finally {
    await file.close();
  }
}

/** A file from a header and data, as another program might write it. */
async function written(header: unknown, data: Uint8Array): Promise<string> {
  const text = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(text.length));
  const path = join(folder, "written.safetensors");
  await writeFile(path, Buffer.concat([prefix, text, data]));
  return path;
}

describe("half precision", () => {
  it("has the values of IEEE 754", () => {
    const bits = Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x8000, 0x7c00, 0xfc00, 0x3555);
    expect([...halfToFloat(bits)]).toEqual([1, -2, 65504, 2 ** -24, -0, Infinity, -Infinity, 0.333251953125]);
    expect(halfToFloat(Uint16Array.of(0x7e00))[0]).toBeNaN();
    expect([...brainToFloat(Uint16Array.of(0x3f80, 0xc000, 0x7f80))]).toEqual([1, -2, Infinity]);
  });
});

describe("a safetensors file", () => {
  it("is refused where bytes of its data belong to no tensor: one was lost, or the end is another file's", async () => {
    const entry = (start: number) => ({ dtype: "U8", shape: [4], data_offsets: [start, start + 4] });
    await expect(readAll(await written({ a: entry(0), b: entry(4) }, new Uint8Array(8)))).resolves.toBeUndefined();
    for (const [header, size] of [
      [{ a: entry(0), b: entry(4) }, 12],
      [{ a: entry(4) }, 8],
      [{ a: entry(0), b: entry(8) }, 12],
    ] as const) {
      await expect(readAll(await written(header, new Uint8Array(size)))).rejects.toThrow(
        /4 bytes of its data belong to no tensor/,
      );
    }
  });

  it("gives back what was written, of every type", async () => {
    const tensors = [
      { dtype: "float32", shape: [3], data: Float32Array.of(1, -0, 1e-40) },
      { dtype: "uint8", shape: [1], data: Uint8Array.of(7) },
      { dtype: "int64", shape: [1, 2], data: BigInt64Array.of(-5n, 2n ** 60n) },
      { dtype: "float64", shape: [0, 4], data: new Float64Array(0) },
      { dtype: "float16", shape: [2], data: Uint16Array.of(0x3c00, 1) },
    ];
    const path = join(folder, "types.safetensors");
    const writer = await createSafetensors(path);
    const entries = new Map();
    for (const [i, tensor] of tensors.entries()) entries.set(`t${i}`, await writer.append(tensor));
    await writer.finish(entries, { note: "β" });
    const file = await openSafetensors(path);
    for (const [i, tensor] of tensors.entries()) expect(await readTensor(file, `t${i}`)).toEqual(tensor);
    expect(file.metadata).toEqual({ note: "β" });
    expect((await readFloats(file, "t4")).x[0]).toBe(1);
    await expect(readFloats(file, "t1")).rejects.toThrow(/floating point is needed/);
    await expect(readTensor(file, "t9")).rejects.toThrow(/it holds t0, t1/);
    await file.close();
  });

  it("is refused, never read past its end, when truncated or changed anywhere", async () => {
    const good = await readFile(join(folder, "types.safetensors"));
    const path = join(folder, "damaged.safetensors");
    const damage = fc.record({ length: fc.nat(good.length), at: fc.nat(good.length - 1), value: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(damage, async ({ length, at, value }) => {
        const bytes = Buffer.from(good.subarray(0, length));
        if (at < length) bytes[at] = value;
        await writeFile(path, bytes);
        await readAll(path).catch((error: unknown) => {
          if (!(error instanceof TokensphereError) || error.kind !== "input") throw error;
        });
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it.each([
    ["overlapping tensors", { a: ["F32", [2], [0, 8]], b: ["F32", [1], [4, 8]] }, /overlap/],
    ["a length that is not its shape's", { a: ["F32", [3], [0, 8]] }, /8 bytes for shape \[3\]/],
    ["an end beyond the file", { a: ["F32", [4], [0, 16]] }, /the file ends before tensor a/],
    ["an unknown type", { a: ["F8", [8], [0, 8]] }, /type F8/],
    ["a fractional size", { a: ["F32", [0.5], [0, 2]] }, /no shape/],
    ["offsets in reverse", { a: ["F32", [2], [8, 0]] }, /the file ends before/],
  ])("is refused for %s", async (_, entries, message) => {
    const header = Object.entries(entries).map(([name, [dtype, shape, offsets]]) => [
      name,
      { dtype, shape, data_offsets: offsets },
    ]);
    await expect(readAll(await written(Object.fromEntries(header), new Uint8Array(8)))).rejects.toThrow(message);
  });

  it("is refused where it is a folder or missing", async () => {
    await expect(readAll(folder)).rejects.toMatchObject({ kind: "input" });
    await expect(readAll(join(folder, "none"))).rejects.toMatchObject({ kind: "input", message: /cannot be opened/ });
  });

  it("leaves nothing behind when writing is given up, and says where it cannot be written", async () => {
    const path = join(folder, "given-up.safetensors");
    const writer = await createSafetensors(path);
    await writer.append({ dtype: "float32", shape: [1], data: Float32Array.of(1) });
    await writer.abort();
    expect((await readdir(folder)).filter((name) => name.startsWith("given-up"))).toEqual([]);
    await expect(createSafetensors(join(folder, "no/such/folder"))).rejects.toMatchObject({ kind: "disk" });
  });
});

const states = (batch: number, n: number, d: number, special: Uint8Array | null): HiddenStates => ({
  batch,
  n,
  d,
  layers: [0, 1, "final_norm" as const].map((layer, k) => ({
    layer,
    x: Float32Array.from({ length: batch * n * d }, (_, i) => Math.sin(i + k)),
  })),
  mask: Uint8Array.from({ length: batch * n }, (_, i) => (i === 1 ? 0 : 1)),
  special,
  tokens: null,
});

describe("a file of hidden states", () => {
  it("gives back one batch under plain names", async () => {
    const one = states(2, 3, 4, null);
    const path = join(folder, "one.safetensors");
    await writeHiddenStates(path, [one]);
    expect(await readHiddenStates(path)).toEqual([one]);
    const file = await openSafetensors(path);
    expect([...file.tensors.keys()]).toEqual(["hidden_states.0", "hidden_states.1", "final_norm", "attention_mask"]);
    await file.close();
  });

  it("gives back several texts in order, handed on one by one, with what is known of who sees whom", async () => {
    const texts = Array.from({ length: 12 }, (_, i) => ({
      ...states(1, i + 2, 4, new Uint8Array(i + 2)),
      ...(i < 10 ? { causal: i % 2 === 0 } : {}),
    }));
    const path = join(folder, "many.safetensors");
    const writer = await createHiddenStates(path);
    for (const text of texts) await writer.add(text);
    await writer.finish();
    let i = 0;
    for await (const text of hiddenStatesOf(path)) expect(text).toEqual(texts[i++]);
    expect(i).toBe(12);
    expect((await readdir(folder)).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it("refuses what is no word on who sees whom", async () => {
    const header = {
      __metadata__: { causal: "1" },
      "hidden_states.0": { dtype: "F32", shape: [1, 2], data_offsets: [0, 8] },
    };
    const reading = readHiddenStates(await written(header, new Uint8Array(Float32Array.of(1, 2).buffer)));
    await expect(reading).rejects.toThrow(/causal in its metadata is 1. give true or false/);
  });

  it("may hold matrices of any float type, as PyTorch saves them", async () => {
    const x = Float64Array.of(1, 2, 3, 4, 5, 6);
    const header = {
      "hidden_states.0": { dtype: "F64", shape: [3, 2], data_offsets: [0, 48] },
      other: { dtype: "U8", shape: [0], data_offsets: [48, 48] },
    };
    const [read] = await readHiddenStates(await written(header, new Uint8Array(x.buffer)));
    expect(read).toMatchObject({ batch: 1, n: 3, d: 2, special: null });
    expect(read.layers).toEqual([{ layer: 0, x: Float32Array.from(x) }]);
    expect([...read.mask]).toEqual([1, 1, 1]);
  });

  it.each([
    ["no states", { a: [2] }, [1, 2], /no tensor hidden_states.0/],
    ["a layer missing", { "hidden_states.0": [1, 1], "hidden_states.2": [1, 1] }, [1, 2], /no tensor hidden_states.1/],
    ["a value that is not finite", { "hidden_states.0": [1, 2] }, [1, NaN], /hidden_states.0 is not finite/],
    ["a vector", { "hidden_states.0": [2] }, [1, 2], /has shape \[2\]/],
    ["unequal shapes", { "hidden_states.0": [1, 2], "hidden_states.1": [2, 1] }, [1, 2, 3, 4], /layer 0 \[1,1,2\]/],
  ])("is refused for %s", async (_, shapes, values, message) => {
    let at = 0;
    const header = Object.entries(shapes).map(([name, shape]) => {
      const size = 4 * shape.reduce((a, b) => a * b, 1);
      at += size;
      return [name, { dtype: "F32", shape, data_offsets: [at - size, at] }];
    });
    const path = await written(Object.fromEntries(header), new Uint8Array(Float32Array.from(values).buffer));
    await expect(readHiddenStates(path)).rejects.toThrow(message);
  });
});

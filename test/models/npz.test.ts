import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openNpz } from "../../models/arrays/npz.ts";
import { TokensphereError } from "../../models/errors.ts";
import { randomSource } from "../../models/random.ts";
import { readHiddenStates } from "../../models/states/read-hidden-states.ts";
import { bytesOf, floats, npyBytes, npzBytes, zipBytes } from "./write-npz.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tokensphere-npz-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let count = 0;
async function written(bytes: Uint8Array): Promise<string> {
  const path = join(folder, `${count++}.npz`);
  await writeFile(path, bytes);
  return path;
}

describe("an .npz file", () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z_.0-9]{1,12}$/), { minLength: 1, maxLength: 5 });
  const values = fc.float32Array({ noNaN: true, minLength: 1, maxLength: 400 });

  it("gives back what was written, in order, stored or deflated", async () => {
    await fc.assert(
      fc.asyncProperty(
        names,
        fc.array(values, { minLength: 5, maxLength: 5 }),
        fc.boolean(),
        async (all, x, deflated) => {
          const arrays = Object.fromEntries(all.map((name, i) => [name, floats([x[i].length], x[i])]));
          const file = await openNpz(await written(npzBytes(arrays, deflated)));
          try {
            expect([...file.names]).toEqual(Object.keys(arrays));
            for (const [i, name] of all.entries()) {
              expect(await file.entry(name)).toMatchObject({ dtype: "float32", shape: [x[i].length] });
              expect((await file.read(name, 0, x[i].length)).data).toEqual(x[i]);
              const half = Math.floor(x[i].length / 2);
              expect((await file.read(name, half, x[i].length - half)).data).toEqual(x[i].slice(half));
            }
          } finally {
            await file.close();
          }
        },
      ),
      { seed: 3, numRuns: 60 },
    );
  });

  it.each([false, true])(
    "is refused, never a crash and never read as other numbers, where damaged (deflated: %s)",
    async (deflated) => {
      const x = Float32Array.from({ length: 24 }, (_, i) => Math.sin(i));
      const arrays = {
        "hidden_states.0": floats([3, 4], x.slice(0, 12)),
        "hidden_states.1": floats([3, 4], x.slice(12)),
      };
      const good = npzBytes(arrays, deflated);
      const [whole] = await readHiddenStates(await written(good));
      const damage = fc.tuple(
        fc.nat(good.length),
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 3 }),
      );
      let refused = 0;
      await fc.assert(
        fc.asyncProperty(damage, async ([length, changes]) => {
          const bytes = good.slice();
          for (const [at, value] of changes) bytes[at] = value;
          const path = await written(changes.length === 0 ? bytes.subarray(0, length) : bytes);
          try {
            const [read] = await readHiddenStates(path);
            // The checksum covers headers and values: what is read is what was written, or fewer layers by other names.
            for (const { x: values } of read.layers) {
              expect(whole.layers.some((layer) => layer.x.every((value, i) => Object.is(value, values[i])))).toBe(true);
            }
          } catch (error) {
            if (!(error instanceof TokensphereError)) throw error;
            expect(error.message).toMatch(/^[^\n]+$/);
            refused++;
          }
        }),
        { seed: 8, numRuns: 500 },
      );
      expect(refused).toBeGreaterThan(200);
    },
  );

  it("is refused where a checksum is wrong, although the file is whole", async () => {
    const bytes = npzBytes({ hidden_states: floats([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]) });
    const at = Buffer.from(bytes).indexOf(Buffer.from(bytesOf(Float32Array.of(3))));
    bytes[at] ^= 1;
    await expect(readHiddenStates(await written(bytes))).rejects.toThrow(/hidden_states\.npy is damaged/);
  });

  const end = (bytes: Uint8Array) => bytes.length - 22;
  const entryAt = (bytes: Uint8Array) => new DataView(bytes.buffer).getUint32(end(bytes) + 16, true);
  it.each<[string, (bytes: Uint8Array) => Uint8Array, RegExp]>([
    [
      "zip64",
      (b) => b.fill(0xff, end(b) + 16, end(b) + 20),
      /zip64 archive, which is for more than 4 GB\. save it as \.npy/,
    ],
    ["encrypted", (b) => b.fill(1, entryAt(b) + 8, entryAt(b) + 9), /is encrypted/],
    ["packed by another method", (b) => b.fill(12, entryAt(b) + 10, entryAt(b) + 11), /packed by method 12/],
    ["in several parts", (b) => b.fill(1, end(b) + 4, end(b) + 5), /several parts/],
    ["larger unpacked than it can be", (b) => b.fill(0x7f, entryAt(b) + 24, entryAt(b) + 28), /damaged/],
  ])("is refused where the archive is %s", async (_, change, message) => {
    const bytes = npzBytes({ hidden_states: floats([2, 2, 2], new Float32Array(8)) }, true);
    change(bytes);
    await expect(readHiddenStates(await written(bytes))).rejects.toThrow(message);
  });

  it("is refused where an entry has another name than the directory says: it would be one layer less", async () => {
    const path = join(folder, "named.npz");
    const bytes = Buffer.from(zipBytes({ "hidden_states.0.npy": npyBytes(floats([1, 2], [1, 2])) }));
    bytes.write("q", bytes.lastIndexOf("hidden_states.0.npy") + 2);
    await writeFile(path, bytes);
    await expect(openNpz(path)).rejects.toMatchObject({ kind: "input", message: /hiqden_states\.0\.npy is damaged/ });
  });

  it("is refused before memory is taken where little unpacks to very much, with both numbers", async () => {
    const noise = randomSource(1);
    const bytes = npzBytes({ hidden_states: floats([2, 2, 2e4], Array.from({ length: 8e4 }, noise)) }, true);
    new DataView(bytes.buffer).setUint32(entryAt(bytes) + 24, 2 ** 28 + 1, true);
    await expect(readHiddenStates(await written(bytes))).rejects.toThrow(
      /: \d{6} bytes of hidden_states\.npy unpack to 268435457\. /,
    );
  });

  it("is refused where it holds no arrays, saying so of a pickle", async () => {
    await expect(openNpz(await written(zipBytes({ "a.txt": new Uint8Array(3) })))).rejects.toThrow(/without arrays/);
    const pickle = zipBytes({ "archive/data.pkl": new Uint8Array(3) });
    await expect(openNpz(await written(pickle))).rejects.toThrow(/pickle of torch\.save/);
    await expect(openNpz(await written(new Uint8Array(0)))).rejects.toThrow(/no zip archive/);
    await expect(openNpz(join(folder, "missing.npz"))).rejects.toThrow(/cannot be opened/);
  });

  it("may hold arrays that nobody asks for, of whatever kind", async () => {
    const files = {
      "hidden_states.npy": npyBytes(floats([2, 1, 2], [1, 2, 3, 4])),
      "meta.npy": npyBytes({ descr: "|O", shape: [1], data: new Uint8Array(8) }),
      "notes.txt": new Uint8Array(4),
    };
    const [states] = await readHiddenStates(await written(zipBytes(files, true)));
    expect(states.layers.map(({ x }) => [...x])).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });
});

import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseNpy, readNpy } from "../../models/arrays/npy.ts";
import { TokensphereError } from "../../models/errors.ts";

/** A version 1 file, laid out as numpy.lib.format describes it. */
function npy(descr: string, shape: string, data: ArrayBufferView, fortran = "False"): Uint8Array {
  const text = `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;
  const header = `${text.padEnd(117)}\n`;
  const length = Uint8Array.of(header.length & 255, header.length >> 8);
  const magic = Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0]);
  return new Uint8Array(Buffer.concat([magic, length, Buffer.from(header), Buffer.from(data.buffer as ArrayBuffer)]));
}

describe("a .npy file", () => {
  it.each([
    ["<f4", Float32Array.of(1, 2.5, 3, 4, 5, 6)],
    ["<f8", Float64Array.of(1, 2.5, 3, 4, 5, 6)],
    ["|u1", Uint8Array.of(1, 2, 3, 4, 5, 255)],
    ["<i2", Int16Array.of(1, -2, 3, 4, 5, 6)],
    ["<i4", Int32Array.of(1, -2, 3, 4, 5, 6)],
    ["<i8", BigInt64Array.of(1n, -2n, 3n, 4n, 5n, 6n)],
  ])("of type %s is read as float64", (descr, data) => {
    const { dtype, shape, data: x } = parseNpy(npy(descr, "(3, 2)", data), "f");
    expect([dtype, shape, [...x]]).toEqual(["float64", [3, 2], [...data].map(Number)]);
  });

  it("of big-endian numbers is read too", () => {
    const data = Float64Array.of(1, -2.5);
    Buffer.from(data.buffer).swap64();
    expect([...parseNpy(npy(">f8", "(2,)", data), "f").data]).toEqual([1, -2.5]);
  });

  it("in column order is turned around", () => {
    const { data } = parseNpy(npy("<f8", "(2, 3)", Float64Array.of(1, 4, 2, 5, 3, 6), "True"), "f");
    expect([...data]).toEqual([1, 2, 3, 4, 5, 6]);
    const cube = parseNpy(npy("<f8", "(2, 1, 3)", Float64Array.of(1, 4, 2, 5, 3, 6), "True"), "f");
    expect(cube).toMatchObject({ shape: [2, 1, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6) });
  });

  it("of other types, or truncated, is refused", () => {
    expect(() => parseNpy(npy("<c8", "(1,)", new Float64Array(1)), "f")).toThrow(/type <c8; known are f2 f4/);
    expect(() => parseNpy(npy("|O", "(1,)", new Float64Array(1)), "f")).toThrow(/type object/);
    expect(() => parseNpy(npy("<f8", "(2,)", new Float64Array(1)), "f")).toThrow(/ends before its 2 elements/);
    expect(() => parseNpy(npy("<f8", "(2,)", new Float64Array(3)), "f")).toThrow(/8 bytes behind its 2 elements/);
    expect(() => parseNpy(npy("<f8", "(-1,)", new Float64Array(1)), "f")).toThrow(/no readable header/);
  });

  it("is refused or read when truncated or changed anywhere", () => {
    const good = npy("<f8", "(2, 2)", Float64Array.of(1, 2, 3, 4));
    const damage = fc.tuple(fc.nat(good.length), fc.nat(good.length - 1), fc.nat(255));
    fc.assert(
      fc.property(damage, ([length, at, value]) => {
        const bytes = good.slice();
        bytes[at] = value;
        try {
          parseNpy(bytes.subarray(0, length), "f");
        } catch (error) {
          if (!(error instanceof TokensphereError)) throw error;
        }
      }),
      { seed: 6, numRuns: 500 },
    );
  });

  it("of more than Node holds at once is refused with the number", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tokensphere-npy-"));
    const path = join(folder, "large.npy");
    try {
      await writeFile(path, npy("<f8", "(280000000, 1)", new Float64Array(1)));
      await truncate(path, 2_240_000_128); // Without a byte of it on disk.
      await expect(readNpy(path)).rejects.toMatchObject({
        kind: "input",
        message: /large\.npy: 2240000128 bytes, and 2147483647 are held at once\. give fewer rows/,
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("that is missing is refused", async () => {
    await expect(readNpy("no/such/file.npy")).rejects.toMatchObject({ kind: "input", message: /cannot be read/ });
  });
});

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ParameterPlace } from "../../models/checkpoints/layers/parameter-source.ts";
import { randomParameters } from "../../models/checkpoints/random-parameters.ts";

async function drawn(seed: number) {
  const parameters = randomParameters(seed);
  const places = [
    parameters.place("words", [1000, 600], { kind: "normal", sd: 0.02, zeroRow: 3 }),
    parameters.place("gain", [600], { kind: "constant", value: 1 }),
    parameters.place("weight", [600, 500], { kind: "normal", sd: 0.5 }),
  ];
  const { folder, remove } = await parameters.write();
  const read = async ({ path, offset, length }: ParameterPlace) => {
    const bytes = await readFile(join(folder, path));
    return new Float32Array(bytes.buffer.slice(bytes.byteOffset + offset, bytes.byteOffset + offset + length));
  };
  const values = await Promise.all(places.map(read));
  await remove();
  expect(existsSync(folder)).toBe(false);
  return values;
}

describe("fresh parameters", () => {
  it("are normal with the deviation asked for, constant where asked for, and zero in the padding's row", async () => {
    const [words, gain, weight] = await drawn(5);
    expect(words.subarray(1800, 2400)).toEqual(new Float32Array(600));
    expect(words.subarray(1200, 1800).every((value) => value !== 0)).toBe(true);
    expect(gain).toEqual(new Float32Array(600).fill(1));
    const n = weight.length;
    const mean = weight.reduce((sum, value) => sum + value, 0) / n;
    const variance = weight.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
    const fourth = weight.reduce((sum, value) => sum + (value - mean) ** 4, 0) / n / variance ** 2;
    // Five standard errors of 300,000 draws: 0.5/√n, and √(2/n), √(24/n) relative.
    expect(Math.abs(mean)).toBeLessThan((5 * 0.5) / Math.sqrt(n));
    expect(Math.abs(variance / 0.25 - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(fourth - 3)).toBeLessThan(5 * Math.sqrt(24 / n));
  });

  it("are the same for the same seed only", async () => {
    const [a, b, c] = [await drawn(5), await drawn(5), await drawn(6)];
    const same = (x: Float32Array[], y: Float32Array[]) =>
      x.every((values, i) => Buffer.from(values.buffer).equals(Buffer.from(y[i].buffer)));
    expect(same(a, b)).toBe(true);
    expect(same(a, c)).toBe(false);
  });
});

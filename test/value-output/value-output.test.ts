import { readFileSync } from "node:fs";
import { copyFile, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openModel } from "../../models/open-model.ts";
import type { BlockValueOutput, NoValueOutput } from "../../models/value-output/value-output.ts";
import { type ValueOutputSpectrum, valueOutputSpectrum } from "../../probes/attention/value-output-spectrum.ts";
import { bundledModel } from "../../src/sources/bundled.ts";
import { unpackFixtures } from "../models/unpack-fixtures.ts";

/** By NumPy, see the script beside it. */
const REFERENCE: Readonly<Record<string, Readonly<Record<string, readonly Reference[]>>>> = JSON.parse(
  readFileSync(new URL("../fixtures/value-output/reference.json", import.meta.url), "utf8"),
);

interface Reference extends Pick<ValueOutputSpectrum, "width" | "norm" | "copying" | "attractive" | "identity"> {
  readonly moduli: readonly number[];
  readonly largest: readonly [number, number];
  readonly symmetric_largest: number;
  readonly symmetric_smallest: number;
  readonly symmetric_absolute: number;
}

let fixtures: Awaited<ReturnType<typeof unpackFixtures>>;
const CHECKPOINTS = ["electra", "llama", "gpt_neox", "modernbert", "dinov2"];
beforeAll(async () => {
  fixtures = await unpackFixtures(...CHECKPOINTS, "albert", "bert", "gpt2");
}, 60_000);
afterAll(() => fixtures.remove());

const at = (...path: string[]) => join(fixtures.folder, ...path);

async function blocksOf(reference: string, options = {}): Promise<(BlockValueOutput | NoValueOutput)[]> {
  const model = await openModel(reference, { threads: 1, ...options });
  const blocks: (BlockValueOutput | NoValueOutput)[] = [];
  for await (const block of model.valueOutputs()) blocks.push(block);
  await model.close();
  return blocks;
}

function spectraOf(block: BlockValueOutput | NoValueOutput | undefined): ValueOutputSpectrum[] {
  if (!block || "why" in block) throw new Error(block?.why ?? "no such block");
  return block.heads.map(({ values, output }) => valueOutputSpectrum(values, output, block.d, block.width));
}

// Weights are float32 in both; sums of 16 to 768 products in double precision, eigenvalues of matrices that are far from
// normal lose a few digits: 1e-9 of the largest.
function expectSame(found: ValueOutputSpectrum, wanted: Reference): void {
  const scale = Math.max(wanted.norm, 1e-300);
  const near = (value: number | null | undefined, reference: number | null) =>
    expect(Math.abs((value ?? Number.NaN) - (reference ?? Number.NaN))).toBeLessThan(1e-9 * scale + 1e-9);
  expect(found.width).toBe(wanted.width);
  near(found.norm, wanted.norm);
  expect(found.eigenvalues).toHaveLength(wanted.moduli.length);
  found.eigenvalues.forEach(([re, im], k) => void near(Math.hypot(re, im), wanted.moduli[k]));
  near(found.eigenvalues[0][0], wanted.largest[0]);
  near(Math.abs(found.eigenvalues[0][1]), wanted.largest[1]);
  near(found.symmetric[0], wanted.symmetric_largest);
  near(found.symmetric.at(-1), wanted.symmetric_smallest);
  near(
    found.symmetric.reduce((sum, value) => sum + Math.abs(value), 0),
    wanted.symmetric_absolute,
  );
  near(found.copying, wanted.copying);
  near(found.attractive, wanted.attractive);
  near(found.identity, wanted.identity);
}

describe("value and output weights", () => {
  it.each(CHECKPOINTS)("of a head are those that NumPy reads from the checkpoint: %s", async (name) => {
    const folder = at(name);
    await rm(join(folder, "model.onnx"), { force: true });
    const blocks = await blocksOf(folder);
    const [[layer, heads]] = Object.entries(REFERENCE[name]);
    const found = spectraOf(blocks.find((block) => block.layer === Number(layer)));
    expect(found).toHaveLength(heads.length);
    heads.forEach((head, h) => void expectSame(found[h], head));
    expect(() => expectSame(found[0], heads[1])).toThrow();
  });

  it("of the bundled model are one set for its twelve blocks, read from half precision", async () => {
    const blocks = await blocksOf(bundledModel());
    expect(blocks.map(({ layer, to }) => [layer, to])).toEqual([[0, 11]]);
    spectraOf(blocks[0]).forEach((found, h) => void expectSame(found, REFERENCE.bundled["0"][h]));
  });

  it("are the same in every export of one model", async () => {
    const files = ["model", "model_dynamo", "model_sdpa_op18", "model_torch113", "model_ortfused", "model_masklm"];
    const [first, ...others] = await Promise.all(files.map((name) => blocksOf(at("albert", `${name}.onnx`))));
    expect(first).toMatchObject([{ layer: 0, to: 5, d: 32, width: 8 }]);
    for (const other of others) expect(other).toEqual(first);
    expect(await blocksOf(at("bert/model_extdata.onnx"))).toEqual(await blocksOf(at("bert/model.onnx")));
    expect(await blocksOf(at("gpt2/model_with_past.onnx"))).toEqual(await blocksOf(at("gpt2/model.onnx")));
  });

  it("that are quantized, or drawn afresh, are left out with the reason", async () => {
    expect(await blocksOf(at("albert/model_int8.onnx"))).toMatchObject([
      { layer: 0, to: 0, why: "the weights are held in eight bits or fewer" },
      { layer: 1, to: 5, heads: { length: 4 } },
    ]);
    const folder = at("fresh");
    await mkdir(folder);
    await copyFile(at("electra/config.json"), join(folder, "config.json"));
    expect(await blocksOf(folder, { randomInit: 1 })).toEqual([
      { layer: 0, to: 1, why: "the weights are drawn afresh" },
    ]);
  });
});

describe("the spectrum of a head", () => {
  const identity = (n: number) => Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
  const scaled = (a: Float64Array, factor: number) => a.map((value) => factor * value);
  const waves = (n: number, step: number) => Float64Array.from({ length: n }, (_, i) => Math.sin(1 + step * i));

  it("is flat where values are handed on as they are, or the other way round", () => {
    const same = valueOutputSpectrum(identity(4), scaled(identity(4), 2), 4, 4);
    expect(same).toEqual({
      ...{ width: 4, norm: 4, eigenvalues: Array(4).fill([2, 0]), symmetric: [2, 2, 2, 2] },
      ...{ copying: 1, attractive: 1, identity: 1 },
    });
    expect(valueOutputSpectrum(identity(4), scaled(identity(4), -2), 4, 4)).toMatchObject({
      ...{ copying: -1, attractive: 0, identity: -1, symmetric: [-2, -2, -2, -2] },
    });
  });

  it("of a projection to a subspace is 1 and 0: identity says so whatever the width", () => {
    const values = Float64Array.from([1, 0, 0, 1, 0, 0, 0, 0, 0, 0]); // [5, 2]
    const output = Float64Array.from([1, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
    const found = valueOutputSpectrum(values, output, 5, 2);
    expect(found).toMatchObject({ copying: 1, attractive: 1 });
    expect(found.identity).toBeCloseTo(1, 14);
    found.symmetric.forEach((value, k) => void expect(value).toBeCloseTo(k < 2 ? 1 : 0, 12));
  });

  it("of a rotation has no part along the token", () => {
    const found = valueOutputSpectrum(identity(2), Float64Array.of(0, 1, -1, 0), 2, 2);
    expect(found.eigenvalues.map(([re, im]) => [re + 0, Math.abs(im)])).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect(found).toMatchObject({ symmetric: [0, 0], copying: 0, identity: 0, attractive: null });
  });

  it("of a narrow head is found without the d × d matrix, and does not change with the basis of the head", () => {
    const [d, width] = [9, 3];
    const [values, output] = [waves(d * width, Math.SQRT2), waves(width * d, Math.E)];
    const narrow = valueOutputSpectrum(values, output, d, width);
    // The same matrix as a head as wide as the tokens: the d × d matrix itself.
    const m = new Float64Array(d * d);
    for (let i = 0; i < d; i++)
      for (let j = 0; j < d; j++)
        for (let k = 0; k < width; k++) m[i * d + j] += values[i * width + k] * output[k * d + j];
    const wide = valueOutputSpectrum(m, identity(d), d, d);
    // A few ε of norms near 10.
    const ends = (list: readonly number[]) => [...list.slice(0, width), ...list.slice(-width)];
    ends(narrow.symmetric).forEach((value, k) => void expect(value).toBeCloseTo(ends(wide.symmetric)[k], 11));
    expect(narrow.norm).toBeCloseTo(wide.norm, 11);
    expect(narrow.copying).toBeCloseTo(wide.copying ?? Number.NaN, 9);
    // W_V 2 and W_O / 2 are the same head.
    const rescaled = valueOutputSpectrum(scaled(values, 2), scaled(output, 0.5), d, width);
    rescaled.symmetric.forEach((value, k) => void expect(value).toBeCloseTo(narrow.symmetric[k], 11));
    rescaled.eigenvalues.forEach(([re], k) => void expect(re).toBeCloseTo(narrow.eigenvalues[k][0], 11));
  });

  it("of a head that hands on nothing has no shares, and weights that are not finite are refused", () => {
    const nothing = valueOutputSpectrum(new Float64Array(6), waves(6, 1), 3, 2);
    expect(nothing).toMatchObject({ norm: 0, copying: null, identity: null });
    expect(() => valueOutputSpectrum(Float64Array.of(Number.NaN), Float64Array.of(1), 1, 1)).toThrow("not finite");
  });
});

import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkGraph } from "../../models/onnx/check-graph.ts";
import { type OnnxGraph, type OnnxTensor, readOnnxGraph } from "../../models/onnx/graph.ts";
import { graphSkeleton } from "../../models/onnx/graph-skeleton.ts";
import { openSession } from "../../models/onnx/session.ts";
import { fieldText, readFields } from "../../models/onnx/wire-reader.ts";
import { bytesField, concatBytes, intField } from "../../models/onnx/wire-writer.ts";
import { openModel } from "../../models/open-model.ts";
import { toyTransformer } from "./toy-transformer.ts";
import { unpackFixtures } from "./unpack-fixtures.ts";

const { bytes } = toyTransformer();
const whole = readOnnxGraph(bytes);
const [weight] = whole.initializers.values();

const withTensor = (change: Partial<OnnxTensor>): OnnxGraph => ({
  ...whole,
  initializers: new Map(whole.initializers).set(weight.name, { ...weight, ...change }),
});
const refusal = (graph: Partial<OnnxGraph>) => () => checkGraph({ ...whole, ...graph });

describe("a whole model", () => {
  it("passes", () => {
    expect(() => checkGraph(whole)).not.toThrow();
  });
});

describe("a model that is not whole", () => {
  it.each([
    ["reads a tensor that nothing writes", { nodes: whole.nodes.slice(1) }, /reads Gather_0, which nothing writes/],
    ["reads a constant that is gone", { initializers: new Map() }, /reads w_0, which nothing writes/],
    ["hands out what nothing writes", { nodes: whole.nodes.slice(0, -1) }, /nothing writes the output Layer/],
    [
      "has a constant that reads something",
      { nodes: [...whole.nodes, { ...whole.nodes[0], op: "Constant", outputs: ["late"] }] },
      /Constant node .* reads .*, but a constant reads nothing/,
    ],
    ["has an output twice", { outputs: [...whole.outputs, ...whole.outputs] }, /LayerNormalization_\d+ twice/],
    ["has an input without a name", { inputs: [{ name: "", dtype: "int64", dims: null }] }, /without a name/],
    ["names no operator set", { opsets: new Map() }, /no operator set for the standard domain/],
    ["names an operator set of no year", { opsets: new Map([["", 9999]]) }, /operator set 9999/],
    [
      "has a node without an operator",
      { nodes: whole.nodes.map((n) => ({ ...n, op: "" })) },
      /a node without an operator/,
    ],
  ])("is refused where it %s", (_, change, message) => {
    expect(refusal(change as Partial<OnnxGraph>)).toThrow(message);
    expect(refusal(change as Partial<OnnxGraph>)).toThrow(/^not a whole ONNX model: [^\n]+$/);
  });

  it.each([
    ["more dimensions than data", { dims: [11, 9] }, /constant w_0 has 352 bytes for float32 \[11, 9\]/],
    ["dimensions beyond all numbers", { dims: [2 ** 40, 2 ** 40] }, /has dimensions/],
    ["a negative dimension", { dims: [11, -8] }, /has dimensions \[11, -8\]/],
    ["another type", { dtype: "float64" }, /has 352 bytes for float64/],
    ["no type", { dtype: "undefined" }, /has no known type/],
    ["a type that there is not", { dtype: "type 99" }, /has no known type/],
    ["no data", { location: { kind: "fields", elements: 0 } }, /has no data/],
    ["too few numbers", { location: { kind: "fields", elements: 87 } }, /has 87 bytes/],
    ["a place before its file", { location: { kind: "external", path: "w", offset: -4, length: 352 } }, /at -4 of w/],
    [
      "a place that is no number",
      { location: { kind: "external", path: "w", offset: Number.NaN, length: null } },
      /at NaN/,
    ],
    ["a place of another length", { location: { kind: "external", path: "w", offset: 0, length: 4 } }, /has 4 bytes/],
  ])("is refused where a constant has %s", (_, change, message) => {
    expect(() => checkGraph(withTensor(change as Partial<OnnxTensor>))).toThrow(message);
  });

  it("is refused where two constants have one name", () => {
    const [graph] = [...readFields(bytes)].filter(({ field }) => field === 7);
    const tensors = [...readFields(bytes, graph.start, graph.end)].filter(({ field }) => field === 5);
    const again = bytesField(7, [bytesField(5, bytes.slice(tensors[0].start, tensors[0].end))]);
    expect(() => readOnnxGraph(concatBytes([bytes, again]))).toThrow(/two constants named w_0/);
  });

  it("counts elements of half a byte, and those written as numbers", () => {
    const four = { dtype: "int4", dims: [3], location: { kind: "raw", start: 0, end: 2 } } as const;
    expect(() => checkGraph(withTensor(four))).not.toThrow();
    const half = { dtype: "float16", dims: [3], location: { kind: "fields", elements: 3 } } as const;
    expect(() => checkGraph(withTensor(half))).not.toThrow();
    expect(() => checkGraph(withTensor({ ...half, location: { kind: "fields", elements: 4 } }))).toThrow(/has 4 bytes/);
  });
});

describe("the skeleton of a model", () => {
  let fixtures: Awaited<ReturnType<typeof unpackFixtures>>;
  let home = "";
  beforeAll(async () => {
    fixtures = await unpackFixtures("bert");
    home = await mkdtemp(join(tmpdir(), "tokensphere-"));
  });
  afterAll(async () => {
    await fixtures.remove();
    await rm(home, { recursive: true });
  });

  it("holds no weight, and the runtime loads it", async () => {
    const data = new Uint8Array(await readFile(join(fixtures.folder, "bert/model.onnx")));
    const graph = readOnnxGraph(data);
    const bare = graphSkeleton(data, graph);
    const large = [...graph.initializers.values()].filter(({ dims }) => dims.reduce((a, b) => a * b, 1) > 1024);
    const names = readOnnxGraph(bare).inputs.map(({ name }) => name);
    expect(large.length).toBeGreaterThan(5);
    expect(names).toEqual(expect.arrayContaining(large.map(({ name }) => name)));
    expect(bare.length).toBeLessThan(0.7 * data.length); // Matrices of 4 kB and less stay.
    await (await openSession(bare, { level: "disabled", threads: 1 })).close();
  });

  it("shows an operator that there is not, and an attribute of another kind, before anything is run", async () => {
    for (const [op, more] of [
      ["Softmux", []],
      ["Softmax", [bytesField(5, [bytesField(1, "axes"), intField(3, 1), intField(20, 2)])]],
    ] as const) {
      const path = join(home, `${op}.onnx`);
      await writeFile(path, withOperator(bytes, "Softmax", op, more));
      const model = await openModel(path).catch((error: unknown) => error);
      // Where the search for attention has refused it already, nothing is left to check.
      if (model instanceof Error) expect(model).toMatchObject({ kind: "input" });
      else
        await expect((model as Awaited<ReturnType<typeof openModel>>).check()).rejects.toMatchObject({ kind: "input" });
    }
    const path = join(home, "whole.onnx");
    await writeFile(path, bytes);
    await expect((await openModel(path)).check()).resolves.toBeUndefined();
  });
});

describe("text that is no text", () => {
  it("is refused in config.json: a character in the place of a damaged byte would hide it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tokensphere-"));
    await mkdir(join(folder, "model"));
    await writeFile(join(folder, "model/model.onnx"), bytes);
    await writeFile(
      join(folder, "model/config.json"),
      Uint8Array.of(...Buffer.from('{"x":"'), 0xff, ...Buffer.from('"}')),
    );
    await expect(openModel(join(folder, "model"))).rejects.toMatchObject({
      kind: "input",
      message: /config cannot be used: .*no readable text/,
    });
    await rm(folder, { recursive: true });
  });
});

/** The model with another operator in all nodes of a kind, and more fields in them. */
function withOperator(model: Uint8Array, from: string, to: string, more: readonly Uint8Array[]): Uint8Array {
  return concatBytes(
    [...readFields(model)].map((field) => {
      if (field.field !== 7)
        return field.wire === 0
          ? intField(field.field, field.value)
          : bytesField(field.field, model.slice(field.start, field.end));
      const inner = [...readFields(model, field.start, field.end)].map((part) => {
        const own = part.field === 1 ? [...readFields(model, part.start, part.end)] : [];
        const isNode = own.some((f) => f.field === 4 && fieldText(model, f) === from);
        if (!isNode) return bytesField(part.field, model.slice(part.start, part.end));
        const fields = own.map((f) => bytesField(f.field, f.field === 4 ? to : model.slice(f.start, f.end)));
        return bytesField(1, [...fields, ...more]);
      });
      return bytesField(7, inner);
    }),
  );
}

import { describe, expect, it } from "vitest";
import { TokensphereError } from "../../models/errors.ts";
import { openSession } from "../../models/onnx/session.ts";
import { encodeModel, type ModelSpec } from "../../models/onnx/writer.ts";

const spec: ModelSpec = {
  opset: 17,
  inputs: [{ name: "x", type: "float64", dims: ["n", 2] }],
  outputs: [{ name: "y", type: "float64", dims: ["n", 2] }],
  nodes: [
    { op: "MatMul", inputs: ["x", "w"], outputs: ["h"] },
    { op: "Softmax", inputs: ["h"], outputs: ["y"], attributes: { axis: { int: -1 } } },
  ],
  initializers: [{ name: "w", type: "float64", dims: [2, 2], data: [1, 2, 3, 4] }],
};
const x = { dtype: "float64", shape: [1, 2], data: Float64Array.of(1, 0) };

describe("a written graph", () => {
  it("runs in float64 as the formula says", async () => {
    const session = await openSession(encodeModel(spec), { threads: 1 });
    const { y } = await session.run({ x }, ["y"]);
    const first = 1 / (1 + Math.exp(1));
    // One exponential and one division: a few roundings of 1.1e-16.
    expect(y.data[0]).toBeCloseTo(first, 14);
    expect(y.data[1]).toBeCloseTo(1 - first, 14);
    expect(session).toMatchObject({ level: "extended", threads: 1 });
    await session.close();
  });

  it("takes every kind of attribute and constant", async () => {
    const nodes: ModelSpec["nodes"] = [
      {
        op: "Constant",
        inputs: [],
        outputs: ["half"],
        attributes: { value: { tensor: { type: "float64", dims: [], data: [0.5] } } },
      },
      { op: "Mul", inputs: ["x", "half"], outputs: ["m"] },
      { op: "Transpose", inputs: ["m"], outputs: ["t"], attributes: { perm: { ints: [1, 0] } } },
      { op: "Einsum", inputs: ["t"], outputs: ["e"], attributes: { equation: { string: "ij->ji" } } },
      { op: "Where", inputs: ["flag", "e", "x"], outputs: ["y"] },
    ];
    const initializers: ModelSpec["initializers"] = [{ name: "flag", type: "bool", dims: [2], data: [1, 0] }];
    const session = await openSession(encodeModel({ ...spec, nodes, initializers }), { threads: 1 });
    const { y } = await session.run({ x: { ...x, data: Float64Array.of(4, 6) } }, ["y"]);
    expect([...y.data]).toEqual([2, 6]);
    await session.close();
  });

  it("refuses a constant whose length is not its shape's", () => {
    const wrong = { ...spec, initializers: [{ ...spec.initializers[0], data: [1] }] };
    expect(() => encodeModel(wrong)).toThrow(/constant w: 1 values for dims \[2,2\]/);
  });
});

describe("a session", () => {
  it("widens half precision to float32", async () => {
    const outputs: ModelSpec["outputs"] = [{ name: "y", type: "float32", dims: ["n", 2] }];
    const nodes: ModelSpec["nodes"] = [{ op: "Cast", inputs: ["x"], outputs: ["y"], attributes: { to: { int: 10 } } }];
    const bytes = encodeModel({ ...spec, outputs, nodes, initializers: [] });
    // The output's element type, float32, is written 08 01 after the name: 08 0a says float16.
    const at = Buffer.from(bytes).lastIndexOf(Buffer.from([0x08, 0x01, 0x12]));
    bytes[at + 1] = 10;
    const session = await openSession(bytes, { threads: 1 });
    const { y } = await session.run({ x: { ...x, data: Float64Array.of(-2, 65504) } }, ["y"]);
    expect(y).toMatchObject({ dtype: "float32", data: Float32Array.of(-2, 65504) });
    await session.close();
  });

  it("runs on the providers that are asked for, and says which", async () => {
    const bytes = encodeModel(spec);
    const session = await openSession(bytes, { threads: 1, providers: ["cpu"] });
    expect(session.providers).toEqual(["cpu"]);
    await session.close();
    expect(await openSession(bytes, { providers: ["abacus"] }).catch((error: unknown) => error)).toMatchObject({
      kind: "usage",
      message: expect.stringMatching(/^providers: abacus\. known here are .*\bcpu\b/),
    });
    expect(await openSession(bytes, { providers: [] }).catch((error: unknown) => error)).toMatchObject({
      kind: "usage",
    });
  });

  it("does not run on the CPU in silence where another provider is asked for and not there", async () => {
    // Where the machine has CUDA the session opens, and says so.
    const got = await openSession(encodeModel(spec), { threads: 1, providers: ["cuda"] }).catch(
      (error: unknown) => error,
    );
    if (got instanceof TokensphereError) {
      expect(got).toMatchObject({
        kind: "environment",
        message: expect.stringMatching(/providers cuda: .*or take cpu$/),
      });
    } else expect(got).toMatchObject({ providers: ["cuda"] });
  });

  it("refuses in one line a graph that the runtime does not know", async () => {
    const bytes = encodeModel({ ...spec, nodes: [{ op: "NoSuchOperator", inputs: ["x"], outputs: ["y"] }] });
    const error = await openSession(bytes).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TokensphereError);
    expect(error).toMatchObject({ kind: "input", message: expect.not.stringContaining("\n") });
  });

  it("refuses in one line an input that does not fit", async () => {
    const session = await openSession(encodeModel(spec), { threads: 1 });
    const wrong = { ...x, shape: [1, 3], data: new Float64Array(3) };
    await expect(session.run({ x: wrong }, ["y"])).rejects.toMatchObject({
      kind: "input",
      message: /^ONNX Runtime cannot run/,
    });
    await session.close();
  });
});

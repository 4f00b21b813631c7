import { describe, expect, it } from "vitest";
import { hasHalves, widenLate } from "../../models/checkpoints/widen-late.ts";
import type { ModelSpec } from "../../models/onnx/writer.ts";

const half = { type: "float16", dims: [2], external: { path: "w", offset: 0, length: 4 } } as const;
const node = (op: string, inputs: readonly string[], output: string) => ({
  op,
  inputs,
  outputs: [output],
  attributes: {},
  domain: "",
});
const spec: ModelSpec = {
  opset: 17,
  inputs: [{ name: "x", type: "float32", dims: [2] }],
  outputs: [{ name: "z", type: "float32", dims: [2] }],
  nodes: [
    node("Cast", ["a"], "a.float32"),
    node("Add", ["x", "a.float32"], "y"),
    node("Cast", ["y"], "same"),
    node("Cast", ["b"], "b.float32"),
    node("Mul", ["same", "b.float32"], "z"),
  ],
  initializers: [
    { name: "a", ...half },
    { name: "b", ...half },
  ],
};

describe("weights in half precision", () => {
  it("are widened by the first nodes of the graph, the others following in their order", () => {
    const outputs = widenLate(spec).nodes.map(({ outputs: [name] }) => name);
    expect(outputs).toEqual(["a.float32", "b.float32", "y", "same", "z"]);
    expect(hasHalves(spec)).toBe(true);
  });

  it("are not seen where there are none", () => {
    const wide: ModelSpec = { ...spec, initializers: [{ name: "a", type: "float32", dims: [1], data: [1] }] };
    expect(hasHalves(wide)).toBe(false);
  });
});

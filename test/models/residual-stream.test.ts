import { describe, expect, it } from "vitest";
import { nameOutput } from "../../models/onnx/expose-outputs.ts";
import { readOnnxGraph } from "../../models/onnx/graph.ts";
import { openSession } from "../../models/onnx/session.ts";
import { bytesField, concatBytes } from "../../models/onnx/wire-writer.ts";
import { encodeModel } from "../../models/onnx/writer.ts";
import { hiddenSize } from "../../models/stream/hidden-size.ts";
import { productPrecision } from "../../models/stream/product-precision.ts";
import { findResidualStream } from "../../models/stream/residual-stream.ts";
import { attention, type Builder, layerNorm, mlp, preNormBlock, TOY, toyTransformer } from "./toy-transformer.ts";

const streamOf = (bytes: Uint8Array) => findResidualStream(readOnnxGraph(bytes));
const tensors = (bytes: Uint8Array) => streamOf(bytes).points.map(({ tensor }) => tensor);

/** Every node appended to the toy graphs below is named `Op_number`; an extra output is asked of a node by hand. */
const skipNorm = (b: Builder, x: string, branch: string, outputs: readonly string[]): string => {
  const inputs = [x, branch, b.weight([TOY.d], 1), b.weight([TOY.d], 0.1)];
  const attributes = { epsilon: { float: 1e-5 } };
  b.nodes.push({ op: "SkipLayerNormalization", inputs, outputs, attributes, domain: "com.microsoft" });
  return outputs[0];
};

describe("the residual stream", () => {
  it("of a pre-LN model is the sums, with the final norm apart", () => {
    const { bytes, states, output } = toyTransformer();
    expect(tensors(bytes)).toEqual([...states, output]);
    expect(streamOf(bytes)).toMatchObject({ norm: "pre", parallel: false, sharedWeights: false, layers: TOY.layers });
  });

  it("of a post-LN model is the normed sums", () => {
    const { bytes, states } = toyTransformer(
      (b, x) => {
        const mid = layerNorm(b, b.op("Add", [x, attention(b, x)]));
        return layerNorm(b, b.op("Add", [mid, mlp(b, mid)]));
      },
      (b, x) => b.op("MatMul", [x, b.weight([TOY.d, TOY.d])]),
    );
    expect(tensors(bytes)).toEqual(states);
    expect(streamOf(bytes).norm).toBe("post");
  });

  it.each([
    ["branches first", (b: Builder, x: string, a: string, m: string) => b.op("Add", [b.op("Add", [a, m]), x])],
    ["one after the other", (b: Builder, x: string, a: string, m: string) => b.op("Add", [b.op("Add", [x, a]), m])],
    ["at once", (b: Builder, x: string, a: string, m: string) => b.op("Sum", [x, a, m])],
  ])("of a parallel model is found with the sum written %s", (_, sum) => {
    const { bytes, states, output } = toyTransformer((b, x) => {
      const normed = layerNorm(b, x);
      return sum(b, x, attention(b, normed), mlp(b, normed));
    });
    expect(tensors(bytes)).toEqual([...states, output]);
    expect(streamOf(bytes)).toMatchObject({ parallel: true, residMid: [null, null] });
  });

  it("of a model with attention alone is not called parallel", () => {
    const { bytes } = toyTransformer((b, x) => b.op("Add", [x, attention(b, layerNorm(b, x))]));
    expect(streamOf(bytes).parallel).toBe(false);
  });

  it("is found where a constant scales the skip", () => {
    const { bytes, states, output } = toyTransformer((b, x) => {
      const mid = b.op("Add", [b.op("Mul", [x, b.weight([1], 2)]), attention(b, layerNorm(b, x))]);
      return b.op("Add", [mid, mlp(b, layerNorm(b, mid))]);
    });
    expect(tensors(bytes)).toEqual([...states, output]);
  });

  it("does not take the softmax of a router for attention", () => {
    const { bytes, states, output } = toyTransformer((b, x) => {
      const mid = b.op("Add", [x, attention(b, layerNorm(b, x))]);
      const normed = layerNorm(b, mid);
      const gate = b.op("Softmax", [b.op("MatMul", [normed, b.weight([TOY.d, 2])])], { axis: { int: -1 } });
      const top = b.op("ReduceMax", [gate], { axes: { ints: [-1] }, keepdims: { int: 1 } });
      return b.op("Add", [mid, b.op("Mul", [mlp(b, normed), top])]);
    });
    expect(tensors(bytes)).toEqual([...states, output]);
  });

  it("knows shared weights, through Identity too", () => {
    const shared = { first: "" };
    const { bytes } = toyTransformer((b, x, layer) => {
      const weight = layer === 0 ? b.weight([TOY.d, TOY.d]) : b.op("Identity", [shared.first]);
      shared.first ||= weight;
      const normed = layerNorm(b, x);
      const scores = b.op("MatMul", [normed, b.op("Transpose", [normed], { perm: { ints: [0, 2, 1] } })]);
      const mixed = b.op("MatMul", [b.op("Softmax", [scores], { axis: { int: -1 } }), normed]);
      return b.op("Add", [x, b.op("MatMul", [mixed, weight])]);
    });
    expect(streamOf(bytes).sharedWeights).toBe(true);
  });

  it("is found through quantized tensors", () => {
    const { bytes, states, output } = toyTransformer((b, x, layer) => {
      const mid = b.op("Add", [x, attention(b, layerNorm(b, x))]);
      const sum = b.op("Add", [mid, mlp(b, layerNorm(b, mid))]);
      if (layer > 0) return sum;
      const scale = b.weight([], 0.1);
      return b.op("DequantizeLinear", [b.op("QuantizeLinear", [sum, scale]), scale]);
    });
    expect(tensors(bytes)).toEqual([...states, output]);
  });

  it("ends before a pooler, and the width is read off the weights", () => {
    const { bytes, states } = toyTransformer(preNormBlock, (b, x) => {
      b.initializers.push({ name: "first", type: "int64", dims: [], data: [0] });
      const pooled = b.op("Gather", [layerNorm(b, x), "first"], { axis: { int: 1 } });
      return b.op("Tanh", [b.op("MatMul", [pooled, b.weight([TOY.d, TOY.d])])]);
    });
    const { points } = streamOf(bytes);
    expect(points.slice(0, -1).map(({ tensor }) => tensor)).toEqual(states);
    expect(points.at(-1)).toMatchObject({ layer: "final_norm", tensor: /^LayerNormalization/ });
    expect(hiddenSize(readOnnxGraph(bytes), points[0].tensor)).toBe(TOY.d);
    expect(productPrecision(readOnnxGraph(bytes))).toBe("float32");
  });
});

describe("the precision of products", () => {
  it("is what weights are widened to, with what they are stored in", () => {
    const cast = (to: number) =>
      toyTransformer((b, x) => {
        const weight = b.op("Cast", [b.weight([TOY.d, TOY.d])], { to: { int: to } });
        return b.op("Add", [x, b.op("MatMul", [x, b.op("Transpose", [weight], { perm: { ints: [1, 0] } })])]);
      }).bytes;
    expect(productPrecision(readOnnxGraph(cast(11)))).toBe("float64, from float32 weights");
    expect(productPrecision(readOnnxGraph(cast(1)))).toBe("float32");
  });
});

describe("a fused pre-LN model", () => {
  /** Blocks as the optimizer writes them: norm and sum in one node, whose sum the last node leaves out. */
  const fused = () => {
    let skip = "";
    return toyTransformer(
      (b, x, layer) => {
        const start = layer === 0 ? x : skip;
        const normed = layer === 0 ? layerNorm(b, x) : x;
        const mid = skipNorm(b, start, attention(b, normed), [`mid_${layer}`, "", "", `mid_sum_${layer}`]);
        const last = layer === TOY.layers - 1;
        skip = `sum_${layer}`;
        return skipNorm(b, `mid_sum_${layer}`, mlp(b, mid), last ? [`out_${layer}`] : [`out_${layer}`, "", "", skip]);
      },
      (b, x) => b.op("Identity", [x]),
    );
  };

  it("keeps its stream in the fourth outputs, the omitted one included", async () => {
    const { bytes, states } = fused();
    const stream = streamOf(bytes);
    expect(stream).toMatchObject({ norm: "pre", layers: 2, residMid: ["mid_sum_0", "mid_sum_1"] });
    expect(stream.points.map(({ tensor }) => tensor)).toEqual([states[0], "sum_0", "out_1/residual_sum", "out_1"]);
    const [{ nodeStart, output, tensor }] = stream.omitted;
    const named = nameOutput(bytes, nodeStart, output, tensor);
    const session = await openSession(concatBytes([named, bytesField(7, [bytesField(12, [bytesField(1, tensor)])])]), {
      threads: 1,
    });
    const ids = { dtype: "int64", shape: [1, 3], data: BigInt64Array.of(1n, 5n, 2n) };
    const results = await session.run({ input_ids: ids }, [tensor]);
    expect(results[tensor].shape).toEqual([1, 3, TOY.d]);
    await session.close();
  });
});

describe("a graph without a residual stream", () => {
  it("is refused with what was searched", () => {
    const { bytes } = toyTransformer((b, x) => b.op("Relu", [b.op("MatMul", [x, b.weight([TOY.d, TOY.d])])]));
    expect(() => streamOf(bytes)).toThrow(/no residual stream: searched \d+ nodes from 1 embeddings.*input_ids/);
  });

  it("is refused by name where control flow holds the blocks", () => {
    const { bytes } = toyTransformer((b, x) => b.op("Loop", ["", "", x]));
    const subgraph = bytesField(5, [bytesField(1, "body"), bytesField(6, [])]);
    expect(() => streamOf(withAttribute(bytes, "Loop", subgraph))).toThrow(/control flow \(Loop\)/);
  });

  it("is refused where no input is data", () => {
    const bytes = encodeModel({
      opset: 17,
      inputs: [{ name: "flag", type: "bool", dims: [1] }],
      outputs: [{ name: "y", type: "bool", dims: [1] }],
      nodes: [{ op: "Not", inputs: ["flag"], outputs: ["y"] }],
      initializers: [],
    });
    expect(() => streamOf(bytes)).toThrow(/no residual stream/);
  });
});

/** The attribute added to each node of that kind: the node's message gets longer, so its parents are rewritten. */
function withAttribute(bytes: Uint8Array, op: string, attribute: Uint8Array): Uint8Array {
  const graph = readOnnxGraph(bytes);
  const nodes = graph.nodes.map((node) => {
    const payload = bytes.subarray(node.start, node.end);
    return bytesField(1, node.op === op ? concatBytes([payload, attribute]) : payload);
  });
  const inputs = [bytesField(11, [bytesField(1, "input_ids"), bytesField(2, [bytesField(1, [Uint8Array.of(8, 7)])])])];
  const outputs = graph.outputs.map(({ name }) => bytesField(12, [bytesField(1, name)]));
  const tensors = [...graph.initializers.values()].map(({ name, dims }) =>
    bytesField(5, [...dims.map((dim) => Uint8Array.of(8, dim)), Uint8Array.of(16, 1), bytesField(8, name)]),
  );
  return bytesField(7, concatBytes([...nodes, ...tensors, ...inputs, ...outputs]));
}

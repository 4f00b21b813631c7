import { encodeModel, type NodeSpec, type TensorSpec } from "../../models/onnx/writer.ts";

/** Width, vocabulary and blocks of the toy models. */
export const TOY = { d: 8, vocabulary: 11, layers: 2 } as const;

/** Collects nodes and constants of a graph under construction. */
export interface Builder {
  readonly nodes: NodeSpec[];
  readonly initializers: (TensorSpec & { readonly name: string })[];
  /** Adds a node with one output; gives the output's name. */
  op(op: string, inputs: readonly string[], attributes?: NodeSpec["attributes"], domain?: string): string;
  /** Adds a constant of pseudo-random entries of size about `scale`. */
  weight(dims: readonly number[], scale?: number): string;
}

export function builder(): Builder {
  const nodes: NodeSpec[] = [];
  const initializers: (TensorSpec & { readonly name: string })[] = [];
  return {
    nodes,
    initializers,
    op(op, inputs, attributes = {}, domain = "") {
      const output = `${op}_${nodes.length}`;
      nodes.push({ op, inputs, outputs: [output], attributes, domain });
      return output;
    },
    weight(dims, scale = 0.5) {
      const name = `w_${initializers.length}`;
      const size = dims.reduce((a, b) => a * b, 1);
      // A sine at irrational steps: different entries without a source of randomness.
      const data = Float32Array.from(
        { length: size },
        (_, i) => scale * Math.sin(1 + i * Math.SQRT2 + initializers.length),
      );
      initializers.push({ name, type: "float32", dims, data });
      return name;
    },
  };
}

export function layerNorm(b: Builder, x: string): string {
  return b.op("LayerNormalization", [x, b.weight([TOY.d], 1), b.weight([TOY.d], 0.1)], { axis: { int: -1 } });
}

/** One head: softmax(x Wq (x Wk)ᵀ) x Wv Wo. */
export function attention(b: Builder, x: string): string {
  const [q, k, v] = [0, 1, 2].map(() => b.op("MatMul", [x, b.weight([TOY.d, TOY.d])]));
  const scores = b.op("MatMul", [q, b.op("Transpose", [k], { perm: { ints: [0, 2, 1] } })]);
  const mixed = b.op("MatMul", [b.op("Softmax", [scores], { axis: { int: -1 } }), v]);
  return b.op("MatMul", [mixed, b.weight([TOY.d, TOY.d])]);
}

export function mlp(b: Builder, x: string): string {
  const inner = b.op("Relu", [b.op("MatMul", [x, b.weight([TOY.d, 2 * TOY.d])])]);
  return b.op("MatMul", [inner, b.weight([2 * TOY.d, TOY.d])]);
}

/** A pre-LN block, the default. */
export function preNormBlock(b: Builder, x: string): string {
  const mid = b.op("Add", [x, attention(b, layerNorm(b, x))]);
  return b.op("Add", [mid, mlp(b, layerNorm(b, mid))]);
}

/**
 * A toy transformer as ONNX bytes: embedding, blocks, tail. `states` names the stream that was built: embedding and
 * the output of each block.
 */
export function toyTransformer(
  block: (b: Builder, x: string, layer: number) => string = preNormBlock,
  tail: (b: Builder, x: string) => string = layerNorm,
): { readonly bytes: Uint8Array; readonly states: readonly string[]; readonly output: string } {
  const b = builder();
  const states = [b.op("Gather", [b.weight([TOY.vocabulary, TOY.d], 1), "input_ids"])];
  for (let layer = 0; layer < TOY.layers; layer++) states.push(block(b, states[layer], layer));
  const output = tail(b, states[TOY.layers]);
  const bytes = encodeModel({
    opset: 17,
    domains: { "com.microsoft": 1 },
    inputs: [{ name: "input_ids", type: "int64", dims: ["batch", "n"] }],
    outputs: [{ name: output, type: "float32", dims: ["batch", "n", TOY.d] }],
    nodes: b.nodes,
    initializers: b.initializers,
  });
  return { bytes, states, output };
}

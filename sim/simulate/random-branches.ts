import { availableParallelism } from "node:os";
import { graphBuilder } from "../../models/onnx/graph-builder.ts";
import { Tensor } from "../../models/onnx/runtime.ts";
import { encodeModel } from "../../models/onnx/writer.ts";
import { openSession } from "../engines/onnx/onnx-engine.ts";

/** A residual branch, whose matrices are drawn anew in each layer, of standard normal numbers. Computed in float32; holds native memory until it is released. */
export interface RandomBranch {
  /** The field of some clouds at once: `theta` and what comes back are `[clouds, n, d]`. */
  field(theta: Float32Array, clouds: number, n: number, normal: () => number): Promise<Float32Array>;
  release(): Promise<void>;
}

/** Softmax attention A = softmax(β θ QᵀK θᵀ) θ Vᵀ with independent normal entries of Q, K, V of variance 1/d. */
export async function randomAttention(d: number, beta: number): Promise<RandomBranch> {
  const inverse = new Tensor("float32", Float32Array.of(beta), [1, 1, 1]);
  return openBranch(attentionOfInputs(), d, (normal) => {
    const [q, k, v] = [0, 1, 2].map(() => normalMatrix(d, d, normal));
    return { q, k, v, beta: inverse };
  });
}

/** W2 tanh(W1 θ) with m hidden units, independent normal entries, of W1 of variance 1/d and of W2 of variance 1/m. */
export async function randomMlp(d: number, m: number): Promise<RandomBranch> {
  return openBranch(mlpOfInputs(), d, (normal) => ({ w1: normalMatrix(m, d, normal), w2: normalMatrix(d, m, normal) }));
}

/** Its entries are of the variance that keeps lengths: one over the number of columns. */
function normalMatrix(rows: number, columns: number, normal: () => number): Tensor {
  const scale = 1 / Math.sqrt(columns);
  const entries = Float32Array.from({ length: rows * columns }, () => scale * normal());
  return new Tensor("float32", entries, [rows, columns]);
}

async function openBranch(
  graph: Uint8Array,
  d: number,
  draw: (normal: () => number) => Record<string, Tensor>,
): Promise<RandomBranch> {
  const session = await openSession(graph, availableParallelism());
  return {
    async field(theta, clouds, n, normal) {
      const results = await session.run({ ...draw(normal), theta: new Tensor("float32", theta, [clouds, n, d]) });
      return results.field.data as Float32Array;
    },
    release: () => session.release(),
  };
}

const CLOUD = ["clouds", "n", "d"] as const;

function attentionOfInputs(): Uint8Array {
  const builder = graphBuilder("float32");
  const { op } = builder;
  const theta = builder.input("theta", "float32", CLOUD);
  const [q, k, v] = ["q", "k", "v"].map((name) => builder.input(name, "float32", ["d", "d"]));
  const beta = builder.input("beta", "float32", [1, 1, 1]);
  const turn = { perm: { ints: [1, 0] } };
  const scores = op("MatMul", [
    op("MatMul", [theta, op("MatMul", [op("Transpose", [q], turn), k])]),
    op("Transpose", [theta], { perm: { ints: [0, 2, 1] } }),
  ]);
  const weights = op("Softmax", [op("Mul", [scores, beta])], { axis: { int: -1 } });
  const field = op("MatMul", [weights, op("MatMul", [theta, op("Transpose", [v], turn)])]);
  builder.output({ name: "field", type: "float32", dims: CLOUD }, field);
  return encodeModel(builder.finish());
}

function mlpOfInputs(): Uint8Array {
  const builder = graphBuilder("float32");
  const { op } = builder;
  const theta = builder.input("theta", "float32", CLOUD);
  const [w1, w2] = [builder.input("w1", "float32", ["m", "d"]), builder.input("w2", "float32", ["d", "m"])];
  const turn = { perm: { ints: [1, 0] } };
  const hidden = op("Tanh", [op("MatMul", [theta, op("Transpose", [w1], turn)])]);
  builder.output({ name: "field", type: "float32", dims: CLOUD }, op("MatMul", [hidden, op("Transpose", [w2], turn)]));
  return encodeModel(builder.finish());
}

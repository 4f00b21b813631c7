import type { GraphBuilder } from "../../models/onnx/graph-builder.ts";
import type { Term, TermInputs, TermKernel } from "./term.ts";

/**
 * Attention to points that do not move: Σ_j a_ij y_j with a_ij ∝ e^{β⟨θ_i, y_j⟩}.
 *
 * @param data - Unit rows, `[m, d]`.
 */
export function frozenAttention(data: Float64Array): Term {
  return {
    kernel: (n, d) => frozenKernel(data, n, d),
    graph: (builder, inputs) => frozenGraph(data, builder, inputs),
  };
}

function frozenKernel(data: Float64Array, n: number, d: number): TermKernel {
  const m = data.length / d;
  const row = new Float64Array(m);
  return (theta, beta, _logScale, out) => {
    for (let i = 0; i < n; i++) {
      const largest = scoreRow(theta, data, i, d, beta, row);
      let total = 0;
      for (let j = 0; j < m; j++) {
        row[j] = Math.exp(row[j] - largest);
        total += row[j];
      }
      for (let j = 0; j < m; j++) {
        const weight = row[j] / total;
        for (let c = 0; c < d; c++) out[i * d + c] += weight * data[j * d + c];
      }
    }
  };
}

/** row[j] = β⟨θ_i, y_j⟩; returns the largest. */
function scoreRow(
  theta: Float64Array,
  data: Float64Array,
  i: number,
  d: number,
  beta: number,
  row: Float64Array,
): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < row.length; j++) {
    let dot = 0;
    for (let c = 0; c < d; c++) dot += theta[i * d + c] * data[j * d + c];
    row[j] = beta * dot;
    if (row[j] > largest) largest = row[j];
  }
  return largest;
}

/** The width is read from the shape of `theta`, since terms are made before d is known. */
function frozenGraph(data: Float64Array, builder: GraphBuilder, { theta, beta }: TermInputs): string {
  const { op, constant, real } = builder;
  const width = op("Shape", [theta], { start: { int: 2 }, end: { int: 3 } });
  const sizes = op("Concat", [constant("int64", [1], [-1]), width], { axis: { int: 0 } });
  const points = op("Reshape", [real([data.length], data), sizes]);
  const scores = op("MatMul", [op("Mul", [theta, beta]), op("Transpose", [points], { perm: { ints: [1, 0] } })]);
  const largest = op("ReduceMax", [scores], { axes: { ints: [-1] }, keepdims: { int: 1 } });
  const weights = op("Exp", [op("Sub", [scores, largest])]);
  const total = op("ReduceSum", [weights, constant("int64", [1], [-1])], { keepdims: { int: 1 } });
  return op("Div", [op("MatMul", [weights, points]), total]);
}

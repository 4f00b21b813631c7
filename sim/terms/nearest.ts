import type { GraphBuilder } from "../../models/onnx/graph-builder.ts";
import type { Term, TermInputs, TermKernel } from "./term.ts";

/** Inner products closer than this are equal: ten thousand times their rounding, and a distance of 1.5e-6 at 1. */
export const SAME_PRODUCT = 1e-12;

/** Below every inner product: marks what a token does not see. */
const UNSEEN = -3;

/**
 * The mean of the nearest other tokens, the β → ∞ limit of attention without self. Tokens with ⟨θ_i, θ_j⟩ ≥ 1 − 1e-12 count
 * as token i itself and are not seen; all whose inner product is within 1e-12 of the largest share equally; where nobody
 * is seen the field is 0. β is not read.
 */
export function nearest(): Term {
  return { kernel: nearestKernel, graph: nearestGraph };
}

function nearestKernel(n: number, d: number): TermKernel {
  const row = new Float64Array(n);
  return (theta, _beta, _logScale, out) => {
    for (let i = 0; i < n; i++) {
      const least = scoreRow(theta, i, n, d, row) - SAME_PRODUCT;
      let ties = 0;
      for (let j = 0; j < n; j++) if (row[j] > UNSEEN && row[j] >= least) ties++;
      for (let j = 0; j < n; j++) {
        if (row[j] === UNSEEN || row[j] < least) continue;
        for (let c = 0; c < d; c++) out[i * d + c] += theta[j * d + c] / ties;
      }
    }
  };
}

/** row[j] = ⟨θ_i, θ_j⟩ or `UNSEEN`; returns the largest. */
function scoreRow(theta: Float64Array, i: number, n: number, d: number, row: Float64Array): number {
  let largest = UNSEEN;
  for (let j = 0; j < n; j++) {
    let dot = 0;
    for (let c = 0; c < d; c++) dot += theta[i * d + c] * theta[j * d + c];
    row[j] = j !== i && dot < 1 - SAME_PRODUCT ? dot : UNSEEN;
    if (row[j] > largest) largest = row[j];
  }
  return largest;
}

function nearestGraph(builder: GraphBuilder, { theta }: TermInputs): string {
  const { op } = builder;
  const number = (value: number) => builder.real([1], [value]);
  const asNumber = (flags: string) => op("Cast", [flags], { to: { int: builder.precision === "float32" ? 1 : 11 } });
  const products = op("MatMul", [theta, op("Transpose", [theta], { perm: { ints: [0, 2, 1] } })]);
  const seen = asNumber(op("Less", [products, number(1 - SAME_PRODUCT)]));
  // (G + |UNSEEN|)·seen is 0 where nothing is seen and at least 2 elsewhere.
  const scores = op("Mul", [op("Sub", [products, number(UNSEEN)]), seen]);
  const largest = op("ReduceMax", [scores], { axes: { ints: [-1] }, keepdims: { int: 1 } });
  const within = op("Not", [op("Less", [scores, op("Sub", [largest, number(SAME_PRODUCT)])])]);
  const weights = op("Mul", [asNumber(within), seen]);
  const ties = op("ReduceSum", [weights, builder.constant("int64", [1], [-1])], { keepdims: { int: 1 } });
  return op("Div", [op("MatMul", [weights, theta]), op("Max", [ties, number(1)])]);
}

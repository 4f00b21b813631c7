import type { GraphBuilder } from "../../models/onnx/graph-builder.ts";
import type { Term, TermInputs, TermKernel } from "./term.ts";

/** The drift ε W2 tanh(W1 θ_i + b1), the same for every token, that the MLP of a block adds to attention (R §2; BPA25b Remark 2.1). */
export function mlpDrift({ W1 = [], b1 = [], W2 = [], eps = 1 }: MlpParams): Term {
  return {
    kernel: (n, d) => mlpKernel({ W1, b1, W2, eps }, n, d),
    graph: (builder, inputs) => mlpGraph({ W1, b1, W2, eps }, builder, inputs),
  };
}

type Rows = readonly (readonly number[])[];

/** Rows of W1 `[m, d]` and W2 `[d, m]`, m biases, and the factor ε, default 1. */
interface MlpParams {
  readonly W1?: Rows;
  readonly b1?: readonly number[];
  readonly W2?: Rows;
  readonly eps?: number;
}

function mlpKernel({ W1, b1, W2, eps }: Required<MlpParams>, n: number, d: number): TermKernel {
  const hidden = new Float64Array(W1.length);
  return (theta, _beta, logScale, out) => {
    const scale = eps * Math.exp(-logScale);
    for (let i = 0; i < n; i++) {
      for (let m = 0; m < hidden.length; m++) {
        let sum = b1[m];
        for (let k = 0; k < d; k++) sum += W1[m][k] * theta[i * d + k];
        hidden[m] = Math.tanh(sum);
      }
      for (let k = 0; k < d; k++) {
        let sum = 0;
        for (let m = 0; m < hidden.length; m++) sum += W2[k][m] * hidden[m];
        out[i * d + k] += scale * sum;
      }
    }
  };
}

function mlpGraph({ W1, b1, W2, eps }: Required<MlpParams>, builder: GraphBuilder, inputs: TermInputs): string {
  const { op, real } = builder;
  const transposed = (rows: Rows) =>
    op("Transpose", [real([rows.length, rows[0].length], rows.flat())], { perm: { ints: [1, 0] } });
  const hidden = op("Tanh", [op("Add", [op("MatMul", [inputs.theta, transposed(W1)]), real([b1.length], b1)])]);
  const scale = op("Mul", [op("Exp", [op("Neg", [inputs.logScale])]), real([1], [eps])]);
  return op("Mul", [op("MatMul", [hidden, transposed(W2)]), scale]);
}

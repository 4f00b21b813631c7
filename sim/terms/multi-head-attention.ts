import type { GraphBuilder } from "../../models/onnx/graph-builder.ts";
import { norm } from "../clouds/norm.ts";
import type { Term, TermInputs, TermKernel, TermWeights } from "./term.ts";

/** Heads of attention as a network holds them: narrow matrices, side by side. Rows of tokens are multiplied from the left. */
export interface MultiHeads {
  readonly d: number;
  readonly heads: number;
  /** Of a head's queries and keys. */
  readonly width: number;
  readonly valueWidth: number;
  /** `[d, heads · width]`. */
  readonly queries: Float64Array;
  readonly keys: Float64Array;
  /** `[heads · width]`. */
  readonly queryBias: Float64Array;
  readonly keyBias: Float64Array;
  /** `[d, heads · valueWidth]`. */
  readonly values: Float64Array;
  /** `[heads · valueWidth, d]`. */
  readonly output: Float64Array;
  /** Tokens are less the mean of their coordinates, and unit again, before all else, as LayerNorm has them. */
  readonly centred: boolean;
  /** Token i sees j ≤ i only. */
  readonly causal: boolean;
}

/** Σ_h Σ_j a^h_ij θ_j V_h O_h with a^h_ij ∝ e^{β⟨θ_i Q_h + b_h, θ_j K_h + c_h⟩}: multi-head attention (Vaswani et al. 2017), biases of values and output left out. */
export function multiHeadAttention(form: MultiHeads): Term {
  return {
    kernel: (n) => kernelOf(form, n),
    graph: (builder, inputs) => graphOf(form, builder, inputs),
  };
}

/** The attention matrix of each head. */
export function headWeights(form: MultiHeads, n: number): readonly TermWeights[] {
  return Array.from({ length: form.heads }, (_, head): TermWeights => {
    return (theta, beta, out) => weigh(form, projected(form, theta, n), head, beta, n, out);
  });
}

interface Projected {
  /** What is projected, `[n, d]`. */
  readonly tokens: Float64Array;
  readonly queries: Float64Array;
  readonly keys: Float64Array;
}

function projected(form: MultiHeads, theta: Float64Array, n: number): Projected {
  const tokens = form.centred ? centred(theta, n, form.d) : theta;
  return {
    tokens,
    queries: times(tokens, form.queries, n, form.d, form.queryBias),
    keys: times(tokens, form.keys, n, form.d, form.keyBias),
  };
}

function kernelOf(form: MultiHeads, n: number): TermKernel {
  const { d, heads, valueWidth, output } = form;
  const weights = new Float64Array(n * n);
  const across = heads * valueWidth;
  return (theta, beta, logScale, out) => {
    const all = projected(form, theta, n);
    const values = times(all.tokens, form.values, n, d);
    const mixed = new Float64Array(n * across);
    for (let head = 0; head < heads; head++) {
      weigh(form, all, head, beta, n, weights);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          const weight = weights[i * n + j];
          for (let p = head * valueWidth; p < (head + 1) * valueWidth; p++)
            mixed[i * across + p] += weight * values[j * across + p];
        }
      }
    }
    const field = times(mixed, output, n, across);
    const scale = Math.exp(-logScale);
    for (let e = 0; e < n * d; e++) out[e] += scale * field[e];
  };
}

/** One head's weights, rows summing to 1. */
function weigh(
  { heads, width, causal }: MultiHeads,
  { queries, keys }: Projected,
  head: number,
  beta: number,
  n: number,
  out: Float64Array,
): void {
  const across = heads * width;
  out.fill(0);
  for (let i = 0; i < n; i++) {
    const seen = causal ? i + 1 : n;
    let largest = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < seen; j++) {
      let dot = 0;
      for (let p = head * width; p < (head + 1) * width; p++) dot += queries[i * across + p] * keys[j * across + p];
      out[i * n + j] = beta * dot;
      largest = Math.max(largest, beta * dot);
    }
    let total = 0;
    for (let j = 0; j < seen; j++) {
      out[i * n + j] = Math.exp(out[i * n + j] - largest);
      total += out[i * n + j];
    }
    for (let j = 0; j < seen; j++) out[i * n + j] /= total;
  }
}

/** Rows `[n, d]` times a matrix `[d, m]`, a bias added. */
function times(rows: Float64Array, matrix: Float64Array, n: number, d: number, bias?: Float64Array): Float64Array {
  const m = matrix.length / d;
  const out = new Float64Array(n * m);
  for (let i = 0; i < n; i++) {
    if (bias) out.set(bias, i * m);
    for (let k = 0; k < d; k++) {
      const value = rows[i * d + k];
      for (let c = 0; c < m; c++) out[i * m + c] += value * matrix[k * m + c];
    }
  }
  return out;
}

function centred(theta: Float64Array, n: number, d: number): Float64Array {
  const out = theta.slice();
  for (let i = 0; i < n; i++) {
    const row = out.subarray(i * d, (i + 1) * d);
    const mean = row.reduce((sum, value) => sum + value, 0) / d;
    for (let k = 0; k < d; k++) row[k] -= mean;
    const length = norm(row);
    if (length > 0) for (let k = 0; k < d; k++) row[k] /= length;
  }
  return out;
}

/** The same as ONNX nodes, batched over systems: heads lie on an axis of their own. */
function graphOf(form: MultiHeads, builder: GraphBuilder, { theta, beta, logScale }: TermInputs): string {
  const { op, real, constant } = builder;
  const { d, heads, width, valueWidth } = form;
  const last = constant("int64", [1], [-1]);
  const tokens = form.centred ? centredGraph(builder, theta) : theta;
  const split = (x: string, own: number, perm: readonly number[]) =>
    op("Transpose", [op("Reshape", [x, constant("int64", [4], [0, 0, heads, own])])], { perm: { ints: [...perm] } });
  const project = (matrix: Float64Array, bias?: Float64Array) => {
    const x = op("MatMul", [tokens, real([d, matrix.length / d], matrix)]);
    return bias ? op("Add", [x, real([bias.length], bias)]) : x;
  };
  const queries = split(op("Mul", [project(form.queries, form.queryBias), beta]), width, [0, 2, 1, 3]);
  const keys = split(project(form.keys, form.keyBias), width, [0, 2, 3, 1]);
  const values = split(project(form.values), valueWidth, [0, 2, 1, 3]);
  const scores = op("MatMul", [queries, keys]);
  const largest = op("ReduceMax", [scores], { axes: { ints: [-1] }, keepdims: { int: 1 } });
  const exponential = op("Exp", [op("Sub", [scores, largest])]);
  const seen = form.causal ? op("Trilu", [exponential], { upper: { int: 0 } }) : exponential;
  const sums = op("ReduceSum", [seen, last], { keepdims: { int: 1 } });
  const mixed = op("Transpose", [op("Div", [op("MatMul", [seen, values]), sums])], { perm: { ints: [0, 2, 1, 3] } });
  const joined = op("Reshape", [mixed, constant("int64", [3], [0, 0, heads * valueWidth])]);
  const field = op("MatMul", [joined, real([heads * valueWidth, d], form.output)]);
  return op("Mul", [field, op("Exp", [op("Neg", [logScale])])]);
}

function centredGraph({ op }: GraphBuilder, theta: string): string {
  const along = { axes: { ints: [-1] }, keepdims: { int: 1 } };
  const rest = op("Sub", [theta, op("ReduceMean", [theta], along)]);
  return op("Div", [rest, op("ReduceL2", [rest], along)]);
}

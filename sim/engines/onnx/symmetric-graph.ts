import { type GraphBuilder, graphBuilder } from "../../../models/onnx/graph-builder.ts";
import { encodeModel } from "../../../models/onnx/writer.ts";
import type { Geometry, HarmonicForm } from "../../dynamics/dynamics.ts";
import { tangent } from "./velocity-graph.ts";

/** Tokens of a block, about: its weights stay in the cache and are products large enough for all threads. */
const BLOCK = 320;

/** Some of the tokens: directions, β times them, mass times (direction, 1); the sums so far. */
interface Block {
  readonly theta: string;
  readonly scaled: string;
  readonly values: string;
  sums: string | null;
}

/**
 * Attention with Q = K = V = I for one large cloud as an ONNX model in float64: inputs `x` `[n, d]`, `beta` and
 * `factor` `[1, 1]`, output `v` `[n, d]`, the velocity times `factor`. USA's comes as (1/n) Σ_j e^{β⟨x_i, x_j⟩ − |β|}
 * x_j.
 *
 * Weights are symmetric: those between two blocks of tokens are computed once and serve both ways, and n × n of them
 * are never kept. A column of ones beside the tokens makes the row sums come with the products.
 */
export function symmetricGraph(
  { weighting, masses }: HarmonicForm,
  geometry: Geometry,
  n: number,
  d: number,
): Uint8Array {
  const builder = graphBuilder();
  const { op, constant } = builder;
  builder.input("x", "float64", [n, d]);
  for (const name of ["beta", "factor"]) builder.input(name, "float64", [1, 1]);
  const theta = op("Div", ["x", op("ReduceL2", ["x"], { axes: { ints: [-1] }, keepdims: { int: 1 } })]);
  const blocks = makeBlocks(builder, theta, columnOf(builder, n, masses), n);
  for (const [i, block] of blocks.entries()) for (const other of blocks.slice(i)) addPair(builder, block, other);
  const sums = op(
    "Concat",
    blocks.map((block) => block.sums ?? ""),
    { axis: { int: 0 } },
  );
  const columns = (from: number, to: number) =>
    op("Slice", [sums, ...[from, to, 1].map((value) => constant("int64", [1], [value]))]);
  const divisor = weighting === "softmax" ? columns(d, d + 1) : builder.real([1], [masses ? 1 : n]);
  const field = op("Div", [columns(0, d), divisor]);
  const velocity = op("Mul", [geometry === "sphere" ? tangent(builder, field, theta) : field, "factor"]);
  builder.output({ name: "v", type: "float64", dims: [n, d] }, velocity);
  return encodeModel(builder.finish());
}

function columnOf(builder: GraphBuilder, n: number, masses: Float64Array | undefined): string {
  return builder.real([n, 1], masses ?? new Float64Array(n).fill(1));
}

function makeBlocks(builder: GraphBuilder, theta: string, column: string, n: number): Block[] {
  const { op, constant } = builder;
  const scaled = op("Mul", [theta, "beta"]);
  const values = op("Concat", [op("Mul", [theta, column]), column], { axis: { int: 1 } });
  const count = Math.max(1, Math.round(n / BLOCK));
  const size = Math.ceil(n / count);
  return Array.from({ length: Math.ceil(n / size) }, (_, b) => {
    const bounds = [b * size, Math.min(n, (b + 1) * size), 0].map((value) => constant("int64", [1], [value]));
    const rows = (tensor: string) => op("Slice", [tensor, ...bounds]);
    return { theta: rows(theta), scaled: rows(scaled), values: rows(values), sums: null };
  });
}

/** Adds what two blocks do to each other, or one to itself. */
function addPair({ op }: GraphBuilder, one: Block, other: Block): void {
  const scores = op("Gemm", [one.scaled, other.theta, op("Neg", [op("Abs", ["beta"])])], { transB: { int: 1 } });
  const weights = op("Exp", [scores]);
  one.sums = op("Gemm", [weights, other.values, ...(one.sums ? [one.sums] : [])]);
  if (one === other) return;
  other.sums = op("Gemm", [weights, one.values, ...(other.sums ? [other.sums] : [])], { transA: { int: 1 } });
}

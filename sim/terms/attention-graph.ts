import type { GraphBuilder } from "../../models/onnx/graph-builder.ts";
import type { AttentionForm } from "./attention-form.ts";
import type { TermInputs } from "./term.ts";

/** Below every length that counts, and a normal number in float32 too. */
const SMALLEST = 2 ** -126;

/**
 * The attention term as ONNX nodes, batched over systems.
 *
 * With Q = K = I the largest score of a row is at most |β|, so e^{βG − |β|} cannot overflow and no row maximum is
 * looked for; other scores have theirs subtracted.
 */
export function attentionGraph(form: AttentionForm, builder: GraphBuilder, inputs: TermInputs): string {
  const { op } = builder;
  const values = masses(form, builder, projected(form.V, builder, inputs.theta));
  const scaled = op("Mul", [projected(form.Q, builder, inputs.theta), inputs.beta]);
  const keys = op("Transpose", [projected(form.K, builder, inputs.theta)], { perm: { ints: [0, 2, 1] } });
  const scores = op("MatMul", [scaled, keys]);
  const weights = near(form, builder, inputs.theta, keys, weigh(form, builder, scores, inputs));
  const field = op("MatMul", [weights, values]);
  if (form.unitTimes !== undefined) return unit(form.unitTimes, builder, field);
  if (form.weighting === "softmax") return op("Div", [field, rowSums(form, builder, weights)]);
  return form.masses ? field : op("Div", [field, tokenCount(builder, inputs.theta)]);
}

function projected(matrix: Float64Array | undefined, builder: GraphBuilder, theta: string): string {
  if (!matrix) return theta;
  const d = Math.sqrt(matrix.length);
  const rows = builder.real([d, d], matrix);
  return builder.op("MatMul", [theta, builder.op("Transpose", [rows], { perm: { ints: [1, 0] } })]);
}

function masses(form: AttentionForm, builder: GraphBuilder, values: string): string {
  return form.masses ? builder.op("Mul", [values, massColumn(form.masses, builder)]) : values;
}

function massColumn(column: Float64Array, builder: GraphBuilder): string {
  return builder.real([column.length, 1], column);
}

/** e^{scores − shift}, the shift being the row's largest score (SA) or the factor taken out of time (USA). */
function weigh(form: AttentionForm, builder: GraphBuilder, scores: string, inputs: TermInputs): string {
  const shift = form.weighting === "exponential" ? inputs.logScale : rowMaximum(form, builder, scores, inputs);
  const weights = builder.op("Exp", [builder.op("Sub", [scores, shift])]);
  return form.causal ? builder.op("Trilu", [weights], { upper: { int: 0 } }) : weights;
}

/** Weights of those that are seen; 0 else. */
function near({ least }: AttentionForm, builder: GraphBuilder, theta: string, keys: string, weights: string): string {
  if (least === undefined) return weights;
  const { op, real } = builder;
  const seen = op("GreaterOrEqual", [op("MatMul", [theta, keys]), real([1], [least])]);
  return op("Mul", [weights, op("Cast", [seen], { to: { int: realType(builder) } })]);
}

function rowMaximum(form: AttentionForm, builder: GraphBuilder, scores: string, inputs: TermInputs): string {
  if (!form.Q) return builder.op("Abs", [inputs.beta]);
  return builder.op("ReduceMax", [scores], { axes: { ints: [-1] }, keepdims: { int: 1 } });
}

function rowSums(form: AttentionForm, builder: GraphBuilder, weights: string): string {
  if (form.masses) return builder.op("MatMul", [weights, massColumn(form.masses, builder)]);
  return builder.op("ReduceSum", [weights, builder.constant("int64", [1], [-1])], { keepdims: { int: 1 } });
}

/** Number of ONNX for the graph's real numbers. */
const realType = ({ precision }: GraphBuilder): number => (precision === "float32" ? 1 : 11);

/** n as a real number, read from the shape. */
function tokenCount(builder: GraphBuilder, theta: string): string {
  const n = builder.op("Shape", [theta], { start: { int: 1 }, end: { int: 2 } });
  return builder.op("Cast", [n], { to: { int: realType(builder) } });
}

/** α A/‖A‖, and 0 where A = 0. */
function unit(alpha: number, builder: GraphBuilder, field: string): string {
  const length = builder.op("ReduceL2", [field], { axes: { ints: [-1] }, keepdims: { int: 1 } });
  const safe = builder.op("Max", [length, builder.real([1], [SMALLEST])]);
  return builder.op("Mul", [builder.op("Div", [field, safe]), builder.real([1], [alpha])]);
}

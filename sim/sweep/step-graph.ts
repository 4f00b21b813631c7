import { type GraphBuilder, graphBuilder, type Precision } from "../../models/onnx/graph-builder.ts";
import { encodeModel } from "../../models/onnx/writer.ts";
import type { Geometry } from "../dynamics/dynamics.ts";
import { fieldNodes, tangent } from "../engines/onnx/velocity-graph.ts";
import type { StepControl } from "../integrators/step-control.ts";
import type { Method } from "../methods/tableau.ts";
import type { TermGraph } from "../terms/term.ts";

/** What a step is made of. */
export interface StepTask {
  /** Of the terms, whose sum is the field. */
  readonly graphs: readonly TermGraph[];
  readonly geometry: Geometry;
  /** An embedded pair whose last stage is the first of the next step. */
  readonly method: Method;
  readonly tolerances: Pick<StepControl, "rtol" | "atol">;
}

const CLOUD = ["batch", "n", "d"] as const;
const PAIRS = ["batch", "n", "n"] as const;
const SCALAR = ["batch", 1, 1] as const;
const INPUTS = { x: CLOUD, slope: CLOUD, step: SCALAR, beta: SCALAR, log_scale: SCALAR } as const;
const OUTPUTS = { next: CLOUD, next_slope: CLOUD, error: SCALAR, cosines: PAIRS, rates: PAIRS } as const;

/**
 * A whole step of an embedded pair as one ONNX model, so that between velocities nothing returns to JavaScript. Inputs: the
 * state `x`, its `slope`, the `step` to try, `beta` and `log_scale`. Outputs: the state after the step (unit rows on the
 * sphere) with its slope; `error`, the largest of any token in units of its tolerance, tangent on the sphere; `cosines`
 * between the tokens after the step, and `rates`, their derivatives in scaled time.
 */
export function stepGraph({ graphs, geometry, method, tolerances }: StepTask, precision: Precision): Uint8Array {
  const builder = graphBuilder(precision);
  for (const [name, dims] of Object.entries(INPUTS)) builder.input(name, precision, dims);
  const field = (x: string) => fieldNodes(builder, graphs, geometry, x);
  const slopes = ["slope"];
  let end = { theta: "", length: "", velocity: "" };
  let last = "x";
  for (let stage = 1; stage < method.stages; stage++) {
    last = builder.op("Add", ["x", weighted(builder, slopes, method.a[stage])]);
    end = field(last);
    slopes.push(end.velocity);
  }
  const next = geometry === "sphere" ? end.theta : last;
  const results = {
    next,
    next_slope: end.velocity,
    error: errorNodes(builder, slopes, method, geometry, end, tolerances),
    cosines: products(builder, end.theta, end.theta),
    rates: rateNodes(builder, geometry, end),
  };
  for (const [name, dims] of Object.entries(OUTPUTS)) {
    builder.output({ name, type: precision, dims }, results[name as keyof typeof OUTPUTS]);
  }
  return encodeModel(builder.finish());
}

/** step · Σ_i weights[i] k_i. */
function weighted({ op, real }: GraphBuilder, slopes: readonly string[], weights: readonly number[]): string {
  const terms = weights.flatMap((weight, i) => (weight === 0 ? [] : [op("Mul", [slopes[i], real([1], [weight])])]));
  return op("Mul", [terms.reduce((sum, term) => op("Add", [sum, term])), "step"]);
}

/** The same measure as `errorNorm`, of the first estimate. */
function errorNodes(
  builder: GraphBuilder,
  slopes: readonly string[],
  method: Method,
  geometry: Geometry,
  { theta, length }: { readonly theta: string; readonly length: string },
  { rtol, atol }: StepTask["tolerances"],
): string {
  const { op, real } = builder;
  const whole = weighted(builder, slopes, method.errorWeights[0]);
  const error = geometry === "sphere" ? tangent(builder, whole, theta) : whole;
  const size = op("ReduceL2", [error], { axes: { ints: [-1] }, keepdims: { int: 1 } });
  const allowed = op("Add", [op("Mul", [length, real([1], [rtol])]), real([1], [atol])]);
  return op("ReduceMax", [op("Div", [size, allowed])], { axes: { ints: [1] }, keepdims: { int: 1 } });
}

/** d⟨θ_i, θ_j⟩/dτ = ⟨θ̇_i, θ_j⟩ + ⟨θ_i, θ̇_j⟩. */
function rateNodes(
  builder: GraphBuilder,
  geometry: Geometry,
  { theta, length, velocity }: { readonly theta: string; readonly length: string; readonly velocity: string },
): string {
  const { op } = builder;
  const turning = geometry === "sphere" ? velocity : op("Div", [tangent(builder, velocity, theta), length]);
  const half = products(builder, turning, theta);
  return op("Add", [half, transposed(builder, half)]);
}

/** ⟨a_i, b_j⟩. */
function products(builder: GraphBuilder, a: string, b: string): string {
  return builder.op("MatMul", [a, transposed(builder, b)]);
}

function transposed({ op }: GraphBuilder, x: string): string {
  return op("Transpose", [x], { perm: { ints: [0, 2, 1] } });
}

import { type GraphBuilder, graphBuilder } from "../../../models/onnx/graph-builder.ts";
import { encodeModel } from "../../../models/onnx/writer.ts";
import type { Geometry } from "../../dynamics/dynamics.ts";
import type { TermGraph } from "../../terms/term.ts";

const CLOUD = ["batch", "n", "d"] as const;
const SCALAR = ["batch", 1, 1] as const;

/**
 * A whole velocity field as an ONNX model in float64: inputs `x` `[batch, n, d]`, `beta` and `log_scale`
 * `[batch, 1, 1]`, output `v` `[batch, n, d]`, all sizes free.
 */
export function velocityGraph(graphs: readonly TermGraph[], geometry: Geometry): Uint8Array {
  const builder = graphBuilder();
  const x = builder.input("x", "float64", CLOUD);
  for (const name of ["beta", "log_scale"]) builder.input(name, "float64", SCALAR);
  const { velocity } = fieldNodes(builder, graphs, geometry, x);
  builder.output({ name: "v", type: "float64", dims: CLOUD }, velocity);
  return encodeModel(builder.finish());
}

/** The velocity at the tensor `x`, with the directions θ_i of its rows and their lengths `[batch, n, 1]`. */
export function fieldNodes(builder: GraphBuilder, graphs: readonly TermGraph[], geometry: Geometry, x: string) {
  const length = builder.op("ReduceL2", [x], { axes: { ints: [-1] }, keepdims: { int: 1 } });
  const theta = builder.op("Div", [x, length]);
  const inputs = { theta, beta: "beta", logScale: "log_scale" };
  const field = graphs.map((graph) => graph(builder, inputs)).reduce((sum, next) => builder.op("Add", [sum, next]));
  const velocity = geometry === "sphere" ? tangent(builder, field, theta) : field;
  return { theta, length, velocity };
}

/** P^⊥ y = y − ⟨θ, y⟩θ, row by row. */
export function tangent(builder: GraphBuilder, field: string, theta: string): string {
  const axis = builder.constant("int64", [1], [-1]);
  const radial = builder.op("ReduceSum", [builder.op("Mul", [field, theta]), axis], { keepdims: { int: 1 } });
  return builder.op("Sub", [field, builder.op("Mul", [radial, theta])]);
}

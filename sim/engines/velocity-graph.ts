import { encodeModel } from "../../models/onnx-writer.ts";
import type { Geometry } from "../dynamics/dynamics.ts";
import type { Term } from "../terms/term.ts";
import { type GraphBuilder, graphBuilder } from "./graph-builder.ts";

const CLOUD = ["batch", "n", "d"] as const;
const SCALAR = ["batch", 1, 1] as const;

/**
 * A whole velocity field as an ONNX model in float64: inputs `x` `[batch, n, d]`, `beta` and `log_scale`
 * `[batch, 1, 1]`, output `v` `[batch, n, d]`, all sizes free.
 */
export function velocityGraph(terms: readonly Term[], geometry: Geometry): Uint8Array {
  const builder = graphBuilder();
  const theta = builder.op("Div", ["x", builder.op("ReduceL2", ["x"], { axes: { ints: [-1] }, keepdims: { int: 1 } })]);
  const inputs = { theta, beta: "beta", logScale: "log_scale" };
  const field = terms.map((term) => term.graph(builder, inputs)).reduce((sum, next) => builder.op("Add", [sum, next]));
  const velocity = geometry === "sphere" ? tangent(builder, field, theta) : field;
  return encodeModel({
    opset: 17,
    inputs: [
      { name: "x", type: "float64", dims: CLOUD },
      { name: "beta", type: "float64", dims: SCALAR },
      { name: "log_scale", type: "float64", dims: SCALAR },
    ],
    outputs: [{ name: "v", type: "float64", dims: CLOUD }],
    nodes: [...builder.nodes, { op: "Identity", inputs: [velocity], outputs: ["v"] }],
    initializers: builder.initializers,
  });
}

/** P^⊥ y = y − ⟨θ, y⟩θ, row by row. */
function tangent(builder: GraphBuilder, field: string, theta: string): string {
  const axis = builder.constant("int64", [1], [-1]);
  const radial = builder.op("ReduceSum", [builder.op("Mul", [field, theta]), axis], { keepdims: { int: 1 } });
  return builder.op("Sub", [field, builder.op("Mul", [radial, theta])]);
}

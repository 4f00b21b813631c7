import type { AttributeSpec, NodeSpec, TensorSpec } from "../../models/onnx/writer.ts";

/** Of the real numbers in a graph. */
export type Precision = "float32" | "float64";

/** Collects the nodes and constants of an ONNX graph, naming each tensor as it is made. */
export interface GraphBuilder {
  /** Adds a node of one output and names it. */
  readonly op: (
    kind: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, AttributeSpec>>,
  ) => string;
  /** Adds a constant and names it. */
  readonly constant: (type: TensorSpec["type"], dims: readonly number[], data: TensorSpec["data"]) => string;
  /** Adds a constant of the graph's own precision and names it. */
  readonly real: (dims: readonly number[], data: readonly number[] | Float64Array) => string;
  /** Precision of the graph's real numbers. */
  readonly precision: Precision;
  readonly nodes: readonly NodeSpec[];
  readonly initializers: readonly (TensorSpec & { readonly name: string })[];
}

/** An empty graph. */
export function graphBuilder(precision: Precision = "float64"): GraphBuilder {
  const nodes: NodeSpec[] = [];
  const initializers: (TensorSpec & { readonly name: string })[] = [];
  const op: GraphBuilder["op"] = (kind, inputs, attributes = {}) => {
    const output = `${kind.toLowerCase()}_${nodes.length}`;
    nodes.push({ op: kind, inputs, outputs: [output], attributes });
    return output;
  };
  const constant: GraphBuilder["constant"] = (type, dims, data) => {
    const name = `constant_${initializers.length}`;
    initializers.push({ name, type, dims, data });
    return name;
  };
  const real: GraphBuilder["real"] = (dims, data) =>
    constant(precision, dims, precision === "float32" ? Float32Array.from(data) : Float64Array.from(data));
  return { op, constant, real, precision, nodes, initializers };
}

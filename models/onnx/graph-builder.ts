import type { AttributeSpec, ModelSpec, NodeSpec, TensorSpec, ValueSpec, WritableType } from "./writer.ts";

/** Of the real numbers in a graph. */
export type Precision = "float32" | "float64";

type Attributes = Readonly<Record<string, AttributeSpec>>;
type Initializer = ModelSpec["initializers"][number];

/** Draws an ONNX graph. Every function but `output` and `finish` gives the names of the tensors that it adds. */
export interface GraphBuilder {
  /** Precision of the graph's real numbers. */
  readonly precision: Precision;
  /** A node with one output; a name where others ask for the tensor by it. */
  readonly op: (kind: string, inputs: readonly string[], attributes?: Attributes, name?: string) => string;
  /** A node with several outputs. */
  readonly ops: (kind: string, inputs: readonly string[], count: number, attributes?: Attributes) => string[];
  /** A constant; the same one asked for twice is kept once. */
  readonly constant: (type: TensorSpec["type"], dims: readonly number[], data: TensorSpec["data"]) => string;
  /** A constant of the graph's own precision. */
  readonly real: (dims: readonly number[], data: readonly number[] | Float32Array | Float64Array) => string;
  /** A constant under a name of its own, such as a parameter whose bytes lie in a file. */
  readonly initializer: (initializer: Initializer) => string;
  /** An input of the graph; asked for twice it is one. */
  readonly input: (name: string, type: WritableType, dims: ValueSpec["dims"]) => string;
  /** Makes a tensor an output of the graph, under another name where it has one. */
  readonly output: (value: ValueSpec, tensor?: string) => void;
  /** The drawn graph, opset 17. */
  readonly finish: () => ModelSpec;
}

/** An empty graph. */
export function graphBuilder(precision: Precision = "float64"): GraphBuilder {
  const nodes: NodeSpec[] = [];
  const initializers: Initializer[] = [];
  const constants = new Map<string, (TensorSpec & { readonly name: string })[]>();
  const inputs = new Map<string, ValueSpec>();
  const outputs: ValueSpec[] = [];
  let count = 0;
  const fresh = (stem: string) => `${stem}_${count++}`;
  const add = (kind: string, from: readonly string[], names: readonly string[], attributes?: Attributes) => {
    nodes.push({ op: kind, inputs: from, outputs: names, name: fresh(kind), ...(attributes ? { attributes } : {}) });
  };
  const op: GraphBuilder["op"] = (kind, from, attributes, name = fresh(kind)) => {
    add(kind, from, [name], attributes);
    return name;
  };
  const constant: GraphBuilder["constant"] = (type, dims, data) => {
    const alike = constants.get(`${type} [${dims}]`) ?? [];
    const known = alike.find((one) => isSame(one.data, data));
    if (known) return known.name;
    const tensor = { name: fresh("constant"), type, dims, data };
    constants.set(`${type} [${dims}]`, [...alike, tensor]);
    initializers.push(tensor);
    return tensor.name;
  };
  return {
    precision,
    op,
    ops(kind, from, outputCount, attributes) {
      const names = Array.from({ length: outputCount }, () => fresh(kind));
      add(kind, from, names, attributes);
      return names;
    },
    constant,
    real: (dims, data) =>
      constant(precision, dims, precision === "float32" ? Float32Array.from(data) : Float64Array.from(data)),
    initializer(initializer) {
      initializers.push(initializer);
      return initializer.name;
    },
    input(name, type, dims) {
      inputs.set(name, inputs.get(name) ?? { name, type, dims });
      return name;
    },
    output(value, tensor = value.name) {
      if (tensor !== value.name) op("Identity", [tensor], undefined, value.name);
      outputs.push(value);
    },
    finish: () => ({ opset: 17, inputs: [...inputs.values()], outputs, nodes, initializers }),
  };
}

function isSame(a: TensorSpec["data"], b: TensorSpec["data"]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

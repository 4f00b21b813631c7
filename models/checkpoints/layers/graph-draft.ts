import type { AttributeSpec, ModelSpec, NodeSpec, TensorSpec, ValueSpec, WritableType } from "../../onnx/writer.ts";
import type { Initialization, ParameterSource } from "./parameter-source.ts";

type Initializer = ModelSpec["initializers"][number];
type Attributes = Readonly<Record<string, AttributeSpec>>;

/** A graph being drawn. Every function gives the name of the tensor that it adds. */
export interface GraphDraft {
  /** A node with one output; a name where others ask for the tensor by it. */
  op(op: string, inputs: readonly string[], attributes?: Attributes, name?: string): string;
  /** A node with several outputs. */
  ops(op: string, inputs: readonly string[], count: number, attributes?: Attributes): string[];
  /** A constant scalar (`dims` empty) or array of float32. */
  floats(data: readonly number[] | Float32Array, dims?: readonly number[]): string;
  /** A constant array of int64. */
  ints(data: readonly number[], dims?: readonly number[]): string;
  /** A parameter of the checkpoint as float32: its bytes stay in their file, half precision is cast. */
  parameter(name: string, dims: readonly number[], initial: Initialization): string;
  input(name: string, type: WritableType, dims: ValueSpec["dims"]): string;
  /** Makes a tensor an output of the graph. */
  output(name: string, dims: ValueSpec["dims"]): void;
  /** The drawn graph, opset 17. */
  finish(): ModelSpec;
}

/** Begins a graph whose parameters come from a source. Constants and parameters asked for twice are kept once. */
export function graphDraft(source: ParameterSource): GraphDraft {
  const nodes: NodeSpec[] = [];
  const initializers = new Map<string, Initializer>();
  const known = new Map<string, string>();
  const inputs: ValueSpec[] = [];
  const outputs: ValueSpec[] = [];
  let count = 0;
  const fresh = (stem: string) => `${stem}_${count++}`;
  const once = (key: string, make: () => string): string => {
    const name = known.get(key) ?? make();
    known.set(key, name);
    return name;
  };
  const ops = (op: string, from: readonly string[], names: readonly string[], attributes?: Attributes) => {
    nodes.push({ op, inputs: from, outputs: names, name: fresh(op), ...(attributes ? { attributes } : {}) });
  };
  const constant = (tensor: TensorSpec) =>
    once(`${tensor.type} [${tensor.dims}] ${tensor.data}`, () => {
      const name = fresh("constant");
      initializers.set(name, { ...tensor, name });
      return name;
    });
  return {
    op(op, from, attributes, name = fresh(op)) {
      ops(op, from, [name], attributes);
      return name;
    },
    ops(op, from, outputCount, attributes) {
      const names = Array.from({ length: outputCount }, () => fresh(op));
      ops(op, from, names, attributes);
      return names;
    },
    floats: (data, dims = []) => constant({ type: "float32", dims, data: Float32Array.from(data) }),
    ints: (data, dims = [data.length]) => constant({ type: "int64", dims, data }),
    parameter(name, dims, initial) {
      return once(`parameter ${name}`, () => {
        const { type, ...external } = source.place(name, dims, initial);
        initializers.set(name, { name, type, dims, external });
        if (type === "float32") return name;
        ops("Cast", [name], [`${name}.float32`], { to: { int: 1 } });
        return `${name}.float32`;
      });
    },
    input(name, type, dims) {
      return once(`input ${name}`, () => {
        inputs.push({ name, type, dims });
        return name;
      });
    },
    output(name, dims) {
      outputs.push({ name, type: "float32", dims });
    },
    finish: () => ({ opset: 17, inputs, outputs, nodes, initializers: [...initializers.values()] }),
  };
}

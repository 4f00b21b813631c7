import { type GraphBuilder, graphBuilder } from "../../onnx/graph-builder.ts";
import type { ValueSpec } from "../../onnx/writer.ts";
import type { Initialization, ParameterSource } from "./parameter-source.ts";

/** A graph being drawn whose parameters come from a checkpoint. Every function gives the name of the tensor that it adds. */
export interface GraphDraft extends Pick<GraphBuilder, "op" | "ops" | "input" | "finish"> {
  /** A constant scalar (`dims` empty) or array of float32. */
  floats(data: readonly number[] | Float32Array, dims?: readonly number[]): string;
  /** A constant array of int64. */
  ints(data: readonly number[], dims?: readonly number[]): string;
  /** A parameter of the checkpoint as float32, kept once: its bytes stay in their file, half precision is cast. */
  parameter(name: string, dims: readonly number[], initial: Initialization): string;
  /** Makes a tensor of float32 an output of the graph. */
  output(name: string, dims: ValueSpec["dims"]): void;
}

/** Begins a graph whose parameters come from a source. */
export function graphDraft(source: ParameterSource): GraphDraft {
  const { op, ops, input, finish, constant, real, initializer, output } = graphBuilder("float32");
  const parameters = new Map<string, string>();
  const placed = (name: string, dims: readonly number[], initial: Initialization): string => {
    const { type, ...external } = source.place(name, dims, initial);
    const own = initializer({ name, type, dims, external });
    return type === "float32" ? own : op("Cast", [own], { to: { int: 1 } }, `${name}.float32`);
  };
  return {
    ...{ op, ops, input, finish },
    floats: (data, dims = []) => real(dims, data),
    ints: (data, dims = [data.length]) => constant("int64", dims, data),
    parameter(name, dims, initial) {
      const tensor = parameters.get(name) ?? placed(name, dims, initial);
      parameters.set(name, tensor);
      return tensor;
    },
    output: (name, dims) => output({ name, type: "float32", dims }),
  };
}

import type { HashedFile } from "./hash-file.ts";
import { hiddenSize } from "./hidden-size.ts";
import type { ModelConfig } from "./model-config.ts";
import type { OnnxValue } from "./onnx-graph.ts";
import type { OpenedGraph } from "./opened-graph.ts";
import type { Overrides } from "./overrides.ts";
import { productPrecision } from "./product-precision.ts";
import type { ResidualStream, StreamPoint } from "./residual-stream.ts";

/** What `inspect` shows of a model, found without running it. Plain data, in the words of its JSON. */
export interface ModelDescription {
  readonly model: string;
  /** Whether an ONNX file runs, or a graph written for a checkpoint. */
  readonly source: "onnx" | "checkpoint";
  /** Of the file of weights; of several files, of the lines that sha256sum prints for them. */
  readonly sha256: string;
  readonly files: readonly HashedFile[];
  /** What was asked for against what the files say. */
  readonly overrides: Overrides;
  readonly layers: number;
  /** Null where neither config.json nor the weights tell. */
  readonly hidden_size: number | null;
  readonly norm: "post" | "pre";
  readonly parallel: boolean;
  readonly shared_weights: boolean;
  readonly heads: number | null;
  readonly precision: string;
  readonly opset: number;
  readonly producer: string;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly stream: readonly StreamPoint[];
  readonly resid_mid: readonly (string | null)[];
  readonly attentions: readonly (readonly string[])[];
  readonly warnings: readonly string[];
}

/** Puts together what a file, its stream and its config say. */
export function describeModel(
  model: string,
  opened: OpenedGraph,
  stream: ResidualStream,
  config: ModelConfig,
  overrides: Overrides,
): ModelDescription {
  const { source, files, graph, sha256 } = opened;
  return {
    model,
    source,
    sha256,
    files,
    overrides,
    layers: stream.layers,
    hidden_size: config.hiddenSize ?? hiddenSize(graph, stream.points[0].tensor),
    norm: stream.norm,
    parallel: stream.parallel,
    shared_weights: stream.sharedWeights,
    heads: config.heads ?? fusedHeads(opened),
    precision: opened.precision ?? productPrecision(graph),
    opset: graph.opsets.get("") ?? 0,
    producer: graph.producer,
    inputs: graph.inputs,
    outputs: graph.outputs,
    stream: stream.points,
    resid_mid: stream.residMid,
    attentions: stream.attentions,
    warnings: stream.warnings,
  };
}

/** Fused attention nodes say their number of heads. */
function fusedHeads({ graph }: OpenedGraph): number | null {
  for (const { attributes } of graph.nodes) {
    const heads = attributes.get("num_heads")?.int;
    if (heads) return heads;
  }
  return null;
}

import type { HashedFile } from "./arrays/hash-file.ts";
import type { ModelConfig } from "./files/model-config.ts";
import type { Overrides } from "./files/overrides.ts";
import { modelNotes } from "./model-notes.ts";
import type { OnnxValue } from "./onnx/graph.ts";
import type { OpenedGraph } from "./onnx/opened-graph.ts";
import type { BranchAnatomy } from "./stream/block-anatomy.ts";
import { headCount } from "./stream/head-count.ts";
import { hiddenSize } from "./stream/hidden-size.ts";
import { productPrecision } from "./stream/product-precision.ts";
import type { ResidualStream, StreamChoice, StreamPoint } from "./stream/residual-stream.ts";

/** One block of a model, in the words of the description's JSON. */
export interface BlockDescription {
  /** From 1: block k leads from layer k − 1 to layer k. */
  readonly block: number;
  /** In the order in which they are added; side by side where attention and MLP are parallel. */
  readonly branches: readonly BranchAnatomy[];
  /** Blocks with the same letter share their weights; null: no other block has them. */
  readonly weights: string | null;
  readonly precision: string;
  readonly resid_mid: string | null;
  /** Attention probabilities; empty where a fused operator hides them. */
  readonly attentions: readonly string[];
}

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
  /** Whether all blocks multiply by the same weights; where only some do, `blocks` says which. */
  readonly shared_weights: boolean;
  readonly heads: number | null;
  readonly precision: string;
  readonly opset: number;
  readonly producer: string;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly stream: readonly StreamPoint[];
  /** All streams of the file, each with the input that it starts from; `read` is the one that all else speaks of. */
  readonly streams: readonly StreamChoice[];
  readonly resid_mid: readonly (string | null)[];
  readonly attentions: readonly (readonly string[])[];
  readonly blocks: readonly BlockDescription[];
  /** What a reader should know, such as what Hugging Face calls the last state. */
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

/** Puts together what a file, its stream and its config, before any override, say. */
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
    heads: overrides.heads ?? config.heads ?? headCount(graph, stream.attentions.flat(), opened.bytes),
    precision: opened.precision ?? productPrecision(graph),
    opset: graph.opsets.get("") ?? 0,
    producer: graph.producer,
    inputs: graph.inputs,
    outputs: graph.outputs,
    stream: stream.points,
    streams: stream.streams,
    resid_mid: stream.residMid,
    attentions: stream.attentions,
    blocks: stream.blocks.map(({ branches, weights, precision }, k) => ({
      block: k + 1,
      branches,
      weights,
      precision: opened.precision ?? precision,
      resid_mid: stream.residMid[k],
      attentions: stream.attentions[k],
    })),
    notes: modelNotes(stream, graph, config, overrides),
    warnings: stream.warnings,
  };
}

import { basename } from "node:path";
import { openCheckpoint } from "./checkpoints/open-checkpoint.ts";
import { TokensphereError } from "./errors.ts";
import type { Dtype, ModelFiles } from "./files/model-files.ts";
import { needCheckpoint, type Overrides } from "./files/overrides.ts";
import type { OpenedGraph } from "./onnx/opened-graph.ts";
import { openOnnx } from "./open-onnx.ts";
import { findResidualStream } from "./stream/residual-stream.ts";

function hidesAttentions({ graph }: OpenedGraph, stream?: string): boolean {
  return findResidualStream(graph, stream).attentions.some((tensors) => tensors.length === 0);
}

/** What decides which of a model's files is opened. */
export interface GraphOptions {
  readonly dtype?: Dtype;
  /** Whether attention probabilities are wanted, which a fused file hides. */
  readonly attentions?: boolean;
  /** Which of several streams is read. */
  readonly stream?: string;
}

/**
 * The graph of a model: the ONNX file where there is one that will do, else the checkpoint.
 *
 * @throws TokensphereError `input` for a file that cannot be used, or an override that needs a checkpoint where there is none.
 */
export async function openGraph(
  reference: string,
  { onnx, checkpoint }: ModelFiles,
  overrides: Overrides,
  { attentions, dtype = "fp32", stream }: GraphOptions,
  warn: (message: string) => void,
): Promise<OpenedGraph> {
  const need = needCheckpoint(overrides);
  if (onnx !== null && need === null) {
    const opened = await openOnnx(onnx, overrides.depth, stream);
    const wanted = attentions && dtype === "fp32" && hidesAttentions(opened, stream);
    const shown = wanted && checkpoint?.weights ? await openCheckpoint(checkpoint, overrides).catch(() => null) : null;
    if (shown) warn(`built from the checkpoint: ${basename(onnx)} hides attention probabilities in fused operators`);
    return shown ?? opened;
  }
  if (checkpoint === null || (checkpoint.weights === null && overrides.randomInit === undefined)) {
    throw noCheckpoint(reference, need ?? "");
  }
  if (onnx !== null) warn(`built from the checkpoint: ${need} cannot be changed in ${basename(onnx)}`);
  return openCheckpoint(checkpoint, overrides);
}

function noCheckpoint(reference: string, need: string): TokensphereError {
  const files = need === "heads" ? "config.json and model.safetensors" : "config.json";
  const what = `${need} needs a checkpoint, an exported graph does not hold it: ${reference}`;
  return new TokensphereError("input", `${what}. put ${files} beside the ONNX file`);
}

import { TokensphereError } from "../errors.ts";
import { feedTensors } from "../onnx/feed-tensors.ts";
import { readOnnxGraph } from "../onnx/graph.ts";
import { indexGraph } from "../onnx/graph-index.ts";
import { reachableFrom } from "./live-graph.ts";
import type { ResidualStream } from "./residual-stream.ts";

/** The input of block k, which leads from layer k to k + 1, in a graph whose blocks are fed. */
export function feedName(k: number): string {
  return `fed_states.${k}`;
}

/**
 * The same model with every block cut from the one before: block k starts from an input `fed_states.k` and not from layer k,
 * which is still there as an output. One run then tells what each block makes of given states.
 *
 * @param bytes a graph with all points of the stream named.
 * @throws TokensphereError `input` where a fused operator hands on more of a layer than its states, or the states lie in
 *   another order than `[batch, n, d]`.
 */
export function feedBlocks(bytes: Uint8Array, { points, layers, axes }: ResidualStream): Uint8Array {
  const starts = points.slice(0, layers);
  if (starts.some(({ tensor }) => axes.has(tensor))) {
    throw cannot("its states do not lie as [batch, n, d]");
  }
  const fed = feedTensors(bytes, new Map(starts.map(({ tensor }, k) => [tensor, feedName(k)])));
  const index = indexGraph(readOnnxGraph(fed));
  for (const { tensor, layer } of starts) {
    const own = index.producer.has(tensor) ? 1 : 0;
    if (reachableFrom(index, tensor).size > own) throw cannot(`a fused operator reaches past layer ${layer}`);
  }
  return fed;
}

function cannot(why: string): TokensphereError {
  return new TokensphereError("input", `blocks cannot be run one by one: ${why}. give another export of the model`);
}

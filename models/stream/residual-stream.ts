import { TokensphereError } from "../errors.ts";
import type { OnnxGraph } from "../onnx/graph.ts";
import { type GraphIndex, indexGraph } from "../onnx/graph-index.ts";
import { isControlFlow, RELABEL_OPS } from "../onnx/operator-kinds.ts";
import { type AxisOrder, axisOrders, isPlainOrder } from "./axis-order.ts";
import { type BlockAnatomy, blockAnatomies } from "./block-anatomy.ts";
import type { LayerLabel } from "./hidden-states.ts";
import type { LiveGraph } from "./live-graph.ts";
import { holdsBlocks, isParallel, type ResidualJoin, residualJoins } from "./residual-joins.ts";
import { streamBlocks } from "./stream-blocks.ts";
import { allPaths, type Source, type StreamPath, streamPaths, streamSources } from "./stream-paths.ts";
import { type OmittedOutput, streamTail } from "./stream-tail.ts";
import { unusedWarnings } from "./unused-tensors.ts";

/** A point of the stream: `name` is for people, `tensor` is what ONNX Runtime is asked for. */
export interface StreamPoint {
  readonly layer: LayerLabel;
  readonly name: string;
  readonly tensor: string;
}

/** The residual stream of a transformer, found in its graph. */
export interface ResidualStream {
  /** Number of blocks L. */
  readonly layers: number;
  /** Layers 0 … L and, where the model has one, `final_norm`. */
  readonly points: readonly StreamPoint[];
  /** The stream between attention and MLP, one entry a block; null where a block has no such point. */
  readonly residMid: readonly (string | null)[];
  /** Attention probabilities, the outputs of Softmax, a list for each block; empty where a fused node hides them. */
  readonly attentions: readonly (readonly string[])[];
  /** What each block is made of. */
  readonly blocks: readonly BlockAnatomy[];
  /** How the axes of points and `residMid` lie where that is not `[batch, n, d]`. */
  readonly axes: ReadonlyMap<string, AxisOrder>;
  /** Whether the stream passes through the norms (post-LN) or around them (pre-LN). */
  readonly norm: "post" | "pre";
  /** Attention and MLP side by side, added at once. */
  readonly parallel: boolean;
  /** Whether all blocks multiply by (mostly) the same initializers. */
  readonly sharedWeights: boolean;
  readonly omitted: readonly OmittedOutput[];
  /** Input of the model that the stream starts from, and output that it leads to. */
  readonly source: string;
  readonly sink: string;
  /** Rows of the embedding table; null where the stream does not start at one. */
  readonly vocabulary: number | null;
  readonly warnings: readonly string[];
  /** All streams of the graph, of which this is one: towers, encoder and decoder, members of an ensemble. */
  readonly streams: readonly StreamChoice[];
}

/** A stream that may be chosen by its name. */
export interface StreamChoice {
  readonly name: string;
  /** Input of the model that it starts from. */
  readonly source: string;
  readonly layers: number;
  /** Whether it is the one that is read. */
  readonly read: boolean;
}

/**
 * Finds the residual stream by dominators, without names: the chain nodes that every path from embedding to output
 * must pass, those among them that add a branch with weights to an earlier chain tensor, and the tensors added to.
 *
 * @param name which of several streams; default: the one that adds attention most often.
 * @throws TokensphereError `input` where the graph holds no such stream; the message says what was searched. `usage` for a name
 *   that no stream has.
 */
export function findResidualStream(graph: OnnxGraph, name?: string): ResidualStream {
  const index = indexGraph(graph);
  const sources = streamSources(index);
  const paths = streamPaths(index, sources);
  if (paths.length === 0) throw noStream(index, sources);
  const path = name === undefined ? paths[0] : paths.find((one) => one.name === name);
  if (path === undefined) {
    const known = paths.map((one) => one.name).join(", ");
    throw new TokensphereError("usage", `no stream ${name}: the model has ${known}. give one of them`);
  }
  refuseControlFlow(path.graph, path.joins);
  refuseDivision(path.graph, path.joins);
  return describe(path, paths);
}

function describe(path: StreamPath, paths: readonly StreamPath[]): ResidualStream {
  const { graph, joins, source } = path;
  const blocks = streamBlocks(joins);
  const norm = normKind(graph, joins);
  const tail = streamTail(graph, blocks, norm);
  const layers = blocks.length;
  const anatomies = blockAnatomies(graph, blocks, tail.last);
  const points: StreamPoint[] = blocks.map(([join], k) => ({ layer: k, name: pointName(k), tensor: join.skip }));
  points.push({ layer: layers, name: pointName(layers), tensor: tail.last });
  if (tail.finalNorm) points.push({ layer: "final_norm", name: "final_norm", tensor: tail.finalNorm });
  return {
    layers,
    points,
    residMid: blocks.map((block) => block[block.findLastIndex(({ hasAttention }) => hasAttention) + 1]?.skip ?? null),
    attentions: blocks.map((block) => block.flatMap(({ attentions }) => attentions)),
    blocks: anatomies,
    axes: axesOf(graph, points, blocks, source),
    norm,
    parallel: blocks.every((block) => block.length === 1 && isParallel(graph, block[0])),
    sharedWeights: sharesWeights(anatomies),
    omitted: tail.omitted,
    source: source.input,
    sink: graph.sink,
    vocabulary: source.rows,
    streams: paths.map((one) => ({
      name: one.name,
      source: one.source.input,
      layers: streamBlocks(one.joins).length,
      read: one === path,
    })),
    warnings: [...blockWarnings(blocks), ...unusedWarnings(graph.index.graph)],
  };
}

/** Of the points that a lookup leads to: where a float input's axes lie is not known. */
function axesOf(
  graph: LiveGraph,
  points: readonly StreamPoint[],
  blocks: readonly (readonly ResidualJoin[])[],
  source: Source,
): ReadonlyMap<string, AxisOrder> {
  if (!source.rows) return new Map();
  const tensors = [...points.map(({ tensor }) => tensor), ...blocks.flatMap((block) => block.map(({ skip }) => skip))];
  const orderOf = axisOrders(graph, source.order);
  const orders = tensors.map((tensor) => [tensor, orderOf(tensor)] as const);
  return new Map(orders.filter(([, order]) => !isPlainOrder(order)));
}

function pointName(layer: number): string {
  return layer === 0 ? "embedding" : `block ${layer}`;
}

/** Post-LN where most joins add to a tensor that was normed since the join before. */
function normKind(graph: LiveGraph, joins: readonly ResidualJoin[]): "post" | "pre" {
  let votes = 0;
  for (let i = 1; i < joins.length; i++) votes += isRawSum(graph, joins[i - 1], joins[i].skip) ? -1 : 1;
  if (votes !== 0) return votes > 0 ? "post" : "pre";
  return normAfterSkip(graph, joins[0]) ? "pre" : "post";
}

function isRawSum({ index }: LiveGraph, join: ResidualJoin, tensor: string): boolean {
  let name = tensor;
  while (name !== join.sum) {
    const node = index.nodes[index.producer.get(name) ?? -1];
    if (!node || (!RELABEL_OPS.has(node.op) && node.op !== "Reshape")) return false;
    name = node.inputs[0];
  }
  return name !== "";
}

/** Whether the only branch begins with a norm: some node of it reduces or norms before any product with weights. */
function normAfterSkip({ index }: LiveGraph, join: ResidualJoin): boolean {
  const first = [...join.branch]
    .map((k) => index.nodes[k].op)
    .find((op) => /MatMul|Gemm|Norm|Reduce|Attention/.test(op));
  return first !== undefined && /Norm|Reduce/.test(first);
}

/** Whether all blocks multiply by (mostly) the same initializers: quantization may leave the first others. */
function sharesWeights(blocks: readonly BlockAnatomy[]): boolean {
  return blocks.every(({ weights }) => weights !== null && weights === blocks[0].weights);
}

function blockWarnings(blocks: readonly (readonly ResidualJoin[])[]): string[] {
  const odd = blocks.findIndex((block) => block.length > 2);
  if (odd < 0) return [];
  return [`block ${odd + 1} adds ${blocks[odd].length} branches: blocks are told by what repeats`];
}

function refuseControlFlow({ index, chain }: LiveGraph, joins: readonly ResidualJoin[]): void {
  const from = joins[0].place;
  const to = joins[joins.length - 1].place;
  const onStream = chain.slice(from, to).find((k) => isControlFlow(index.nodes[k]));
  if (onStream !== undefined) throw controlFlow(index.nodes[onStream].op);
}

function refuseDivision(graph: LiveGraph, joins: readonly ResidualJoin[]): void {
  const at = joins.findIndex((join) => holdsBlocks(graph, join));
  if (at < 0) return;
  const what = `the stream divides: the ${graph.index.nodes[joins[at].node].op} that gives ${joins[at].sum}`;
  const remedy = "give a model whose blocks stand one after the other, or only that part of this one";
  throw new TokensphereError("input", `${what} adds a branch with blocks of its own. ${remedy}`);
}

function noStream(index: GraphIndex, sources: readonly Source[]): TokensphereError {
  const best = allPaths(index, sources)[0]?.graph ?? null;
  const control = (best?.chain ?? []).find((k) => isControlFlow(index.nodes[k]));
  if (control !== undefined) return controlFlow(index.nodes[control].op);
  const { functions, inputs, outputs } = index.graph;
  const called = index.nodes.find(({ domain, op }) => functions.includes(`${domain}:${op}`));
  if (called) {
    return new TokensphereError(
      "input",
      `no residual stream: the file defines its own operators (${called.op}). export it with functions inlined`,
    );
  }
  const weighted = best ? residualJoins(best).length : 0;
  if (weighted > 0) {
    const what = `no residual stream: of ${weighted} sums that add a weighted branch none adds attention`;
    const remedy = "give a transformer with one stream and softmax attention";
    return new TokensphereError("input", `${what} (a softmax over tokens, or a fused operator). ${remedy}`);
  }
  const searched = `searched ${index.nodes.length} nodes from ${sources.length} embeddings or float inputs`;
  const between = `(inputs ${names(inputs)}; outputs ${names(outputs)})`;
  return new TokensphereError(
    "input",
    `no residual stream: ${searched} ${between} for sums that add attention to what they started from. give a transformer`,
  );
}

function controlFlow(op: string): TokensphereError {
  return new TokensphereError(
    "input",
    `no residual stream: it passes through control flow (${op}). export the model without ${op} nodes`,
  );
}

function names(values: readonly { readonly name: string }[]): string {
  const shown = values.slice(0, 6).map(({ name }) => name);
  return `${shown.join(", ")}${values.length > 6 ? ", …" : ""}`;
}

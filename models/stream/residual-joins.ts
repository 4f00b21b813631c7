import { productWeight } from "../onnx/graph-index.ts";
import { ATTENTION_OPS, JOIN_OPS, PRODUCT_OPS, RELABEL_OPS, SKIP_NORM_OPS } from "../onnx/operator-kinds.ts";
import type { LiveGraph } from "./live-graph.ts";
import { chainPlace } from "./live-graph.ts";

/** A place where a branch is added to the residual stream. */
export interface ResidualJoin {
  /** The node that adds. */
  readonly node: number;
  /** Its place on the dominator chain. */
  readonly place: number;
  /** The tensor that the branch starts from and is added to. */
  readonly skip: string;
  /** The sum itself; `""` where a fused node omits that output. */
  readonly sum: string;
  /** What is added to it. */
  readonly terms: readonly string[];
  /** The nodes of the branch, in topological order. */
  readonly branch: ReadonlySet<number>;
  readonly hasAttention: boolean;
  /** Softmax outputs that weigh values, in order. */
  readonly attentions: readonly string[];
  /** Names of the initializers that the branch multiplies by, in order. */
  readonly weights: readonly string[];
}

/** Every residual join on the dominator chain, in order. */
export function residualJoins(graph: LiveGraph): ResidualJoin[] {
  const joins: ResidualJoin[] = [];
  for (let place = 0; place < graph.chain.length; place++) {
    const join = joinAt(graph, place);
    if (join) joins.push(join);
  }
  return joins;
}

/**
 * Whether some term of the sum comes from the skip through weights but not through attention: attention and MLP stand
 * side by side in one join.
 */
export function isParallel({ index }: LiveGraph, join: ResidualJoin): boolean {
  const around = new Set<number>();
  const weighted = new Set<number>();
  for (const k of join.branch) {
    const before = index.reads[k].map((name) => index.producer.get(name) ?? -1);
    if (isMixing(index.nodes[k], index.constants)) continue;
    if (!index.reads[k].includes(join.skip) && !before.some((p) => around.has(p))) continue;
    around.add(k);
    if (productWeight(index, index.nodes[k]) || before.some((p) => weighted.has(p))) weighted.add(k);
  }
  return join.terms.some((name) => weighted.has(index.producer.get(name) ?? -1));
}

function joinAt(graph: LiveGraph, place: number): ResidualJoin | null {
  const { index, chain } = graph;
  const node = index.nodes[chain[place]];
  if (!JOIN_OPS.has(node.op)) return null;
  const leaves = summands(graph, chain[place]).filter((name) => !index.constants.has(name));
  const skips = leaves.map((leaf) => skipOf(graph, leaf, place));
  const skip = skips.find((name) => name !== null);
  if (skip === undefined || skip === null) return null;
  const terms = leaves.filter((_, i) => skips[i] === null);
  const branch = branchNodes(graph, terms, chainPlace(graph, skip)!);
  const weights = [...branch].flatMap((k) => productWeight(index, index.nodes[k])?.name ?? []);
  if (![...branch].some((k) => productWeight(index, index.nodes[k]))) return null;
  const attentions = attentionWeights(graph, branch);
  const hasAttention = attentions.length > 0 || [...branch].some((k) => ATTENTION_OPS.has(index.nodes[k].op));
  const sum = SKIP_NORM_OPS.has(node.op) ? (node.outputs[3] ?? "") : node.outputs[0];
  return { node: chain[place], place, skip, sum, terms, branch, hasAttention, attentions, weights };
}

/** The terms of a sum, sums within it opened unless every path passes through them. */
function summands({ index, live, places }: LiveGraph, k: number): string[] {
  const node = index.nodes[k];
  const terms = new Set(SKIP_NORM_OPS.has(node.op) ? node.inputs.slice(0, 2) : node.inputs);
  const opened = new Set<string>();
  for (const name of terms) {
    const before = index.producer.get(name);
    if (before === undefined || !live.has(before) || places.has(before) || !isSum(index.nodes[before].op)) continue;
    terms.delete(name);
    if (!opened.has(name)) for (const inner of index.nodes[before].inputs) terms.add(inner);
    opened.add(name);
  }
  return [...terms];
}

function isSum(op: string): boolean {
  return op === "Add" || op === "Sum";
}

/** The chain tensor that a term hands on unchanged, in another type, or scaled by a constant; else null. */
function skipOf(graph: LiveGraph, leaf: string, before: number): string | null {
  const { index, live } = graph;
  let name = leaf;
  for (let step = 0; step < 16; step++) {
    const place = chainPlace(graph, name);
    const node = index.nodes[index.producer.get(name) ?? -1];
    if (place !== null && place < before && node?.op !== "QuantizeLinear") return name;
    if (!node || !live.has(index.producer.get(name)!)) return null;
    const scaled = (node.op === "Mul" || node.op === "Div") && node.inputs.some((input) => index.constants.has(input));
    if (!RELABEL_OPS.has(node.op) && !scaled) return null;
    name = node.inputs.find((input) => !index.constants.has(input)) ?? "";
  }
  return null;
}

/** Live nodes between the owner of the skip and the other terms. */
function branchNodes({ index, live, places }: LiveGraph, terms: readonly string[], owner: number): Set<number> {
  const isBefore = (k: number) => (places.get(k) ?? Number.POSITIVE_INFINITY) <= owner;
  const branch = new Set<number>();
  const stack = terms.map((name) => index.producer.get(name) ?? -1);
  while (stack.length > 0) {
    const k = stack.pop()!;
    if (!live.has(k) || isBefore(k) || branch.has(k)) continue;
    branch.add(k);
    for (const name of index.reads[k]) stack.push(index.producer.get(name) ?? -1);
  }
  return new Set([...branch].sort((a, b) => a - b));
}

/** Softmax outputs that lead to a product of two tensors of data: a router's softmax does not. */
function attentionWeights({ index }: LiveGraph, branch: ReadonlySet<number>): string[] {
  const found: string[] = [];
  for (const k of branch) {
    if (index.nodes[k].op === "Softmax" && weighsValues(index, branch, k)) found.push(index.nodes[k].outputs[0]);
  }
  return found;
}

const CARRIES = new Set([
  ...[...RELABEL_OPS, "Mul", "Div", "Where", "Reshape", "Transpose", "Squeeze", "Unsqueeze", "Slice", "Add"],
  ...["DynamicQuantizeLinear", "Expand", "Concat", "Split", "Pad", "ScatterND"],
]);

function weighsValues(index: LiveGraph["index"], branch: ReadonlySet<number>, softmax: number): boolean {
  const seen = new Set([softmax]);
  for (const k of seen) {
    if (k !== softmax && isMixing(index.nodes[k], index.constants)) return true;
    if (k !== softmax && !CARRIES.has(index.nodes[k].op)) continue;
    for (const name of index.nodes[k].outputs) {
      for (const next of index.consumers.get(name) ?? []) if (branch.has(next)) seen.add(next);
    }
  }
  return false;
}

/**
 * Whether attention within the branch looks at what other attention of the branch gave: the branch then holds blocks of
 * its own, and the stream divides.
 */
export function holdsBlocks({ index }: LiveGraph, { branch }: ResidualJoin): boolean {
  const after = new Set<number>();
  for (const k of branch) {
    const attends =
      ATTENTION_OPS.has(index.nodes[k].op) || (index.nodes[k].op === "Softmax" && weighsValues(index, branch, k));
    const follows = index.reads[k].some((name) => after.has(index.producer.get(name) ?? -1));
    if (attends && follows) return true;
    if (attends || follows) after.add(k);
  }
  return false;
}

/** Attention in one node, or a product of two tensors that both depend on the input. */
function isMixing(node: LiveGraph["index"]["nodes"][number], constants: ReadonlySet<string>): boolean {
  if (ATTENTION_OPS.has(node.op)) return true;
  return (
    PRODUCT_OPS.has(node.op) &&
    node.inputs.length > 1 &&
    !node.inputs.slice(0, 2).some((name) => constants.has(name)) &&
    !(node.op.startsWith("QLinear") && constants.has(node.inputs[3]))
  );
}

import { RELABEL_OPS, SKIP_NORM_OPS } from "../onnx/operator-kinds.ts";
import type { LiveGraph } from "./live-graph.ts";
import { chainPlace } from "./live-graph.ts";
import { normAfter } from "./norm-after.ts";
import type { ResidualJoin } from "./residual-joins.ts";

/** An output that a fused node leaves out, and the name it must be given before it can be asked for. */
export interface OmittedOutput {
  /** First byte of the node's message in the file. */
  readonly nodeStart: number;
  readonly output: number;
  readonly tensor: string;
}

/** The end of the stream: the state after the last block, and the norm that follows it. */
export interface StreamTail {
  readonly last: string;
  readonly finalNorm: string | null;
  readonly omitted: readonly OmittedOutput[];
}

/**
 * The state after the last block is as far from the last join as the other blocks' outputs are from theirs: after the
 * same operators (a norm, a gain and a shift, a mask, or none). Where the end differs from that, as fused and single
 * blocks may, it is the norm after the join for post-LN, the sum itself for pre-LN.
 */
export function streamTail(
  graph: LiveGraph,
  blocks: readonly (readonly ResidualJoin[])[],
  norm: "post" | "pre",
): StreamTail {
  const join = lastOf(blocks[blocks.length - 1]);
  const node = graph.index.nodes[join.node];
  const fused = SKIP_NORM_OPS.has(node.op);
  const alike = fused ? null : likeOthers(graph, blocks);
  if (alike !== null) {
    return { last: alike.output, finalNorm: normAfter(graph, alike.output, alike.place)?.output ?? null, omitted: [] };
  }
  const first = fused ? { output: node.outputs[0], place: join.place } : normAfter(graph, join.sum, join.place);
  if (norm === "pre" || first === null) return rawTail(graph, join, first?.output ?? null);
  const second = normAfter(graph, first.output, first.place);
  return { last: first.output, finalNorm: second?.output ?? null, omitted: [] };
}

function rawTail(graph: LiveGraph, join: ResidualJoin, finalNorm: string | null): StreamTail {
  if (join.sum !== "") return { last: join.sum, finalNorm, omitted: [] };
  const node = graph.index.nodes[join.node];
  const tensor = `${node.outputs[0]}/residual_sum`;
  return { last: tensor, finalNorm, omitted: [{ nodeStart: node.start, output: 3, tensor }] };
}

interface ChainTensor {
  readonly output: string;
  readonly place: number;
}

/** The chain tensor after the last join that the operators after the join before lead to; null where they differ. */
function likeOthers(graph: LiveGraph, blocks: readonly (readonly ResidualJoin[])[]): ChainTensor | null {
  if (blocks.length < 2) return null;
  const [before, last] = blocks.slice(-2);
  const end = chainPlace(graph, last[0].skip);
  if (end === null || SKIP_NORM_OPS.has(graph.index.nodes[lastOf(before).node].op)) return null;
  const expected = signatures(graph, lastOf(before).place + 1, end).map(({ signature }) => signature);
  const { place, sum } = lastOf(last);
  const found = signatures(graph, place + 1, graph.chain.length - 1).slice(0, expected.length);
  if (found.length < expected.length || found.some(({ signature }, k) => signature !== expected[k])) return null;
  const at = found.at(-1)?.place;
  return at === undefined ? { output: sum, place } : throughCasts(graph, at);
}

/** The tensor of a chain node after changes of its type: a graph in half precision hands out the last of them. */
function throughCasts({ index, chain }: LiveGraph, place: number): ChainTensor {
  let at = place;
  while (["Cast", "Identity"].includes(index.nodes[chain[at + 1]]?.op)) at++;
  return { output: index.nodes[chain[at]].outputs[0], place: at };
}

const ARRANGES = new Set([...RELABEL_OPS, "Reshape", "Transpose"]);

/** What the nodes of a stretch of the chain do, those left out that only change type or arrangement. */
function signatures({ index, chain }: LiveGraph, from: number, to: number) {
  const found: { readonly place: number; readonly signature: string }[] = [];
  for (let place = from; place <= to; place++) {
    const { op, inputs } = index.nodes[chain[place]];
    if (ARRANGES.has(op)) continue;
    const operands = inputs.map((name) => (index.constants.has(name) ? "constant" : "data"));
    found.push({ place, signature: `${op} ${operands.sort().join(" ")}` });
  }
  return found;
}

function lastOf<T>(list: readonly T[]): T {
  return list[list.length - 1];
}

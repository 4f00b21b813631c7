import type { GraphIndex } from "../onnx/graph-index.ts";
import { SHAPE_OPS } from "../onnx/operator-kinds.ts";
import { dominatorChain, immediateDominators } from "./dominators.ts";

/** The nodes that lie between a source tensor and a sink tensor, and those that every path must pass. */
export interface LiveGraph {
  readonly index: GraphIndex;
  readonly source: string;
  readonly sink: string;
  /** Nodes reachable from the source that reach the sink, shapes not counted as paths. */
  readonly live: ReadonlySet<number>;
  /** Nodes that dominate the sink, in order; the source's own node, where it has one, is the first. */
  readonly chain: readonly number[];
  /** Place on the chain by node. */
  readonly places: ReadonlyMap<number, number>;
}

/**
 * Nodes reachable from a tensor, with the length of the longest path to each.
 *
 * @param within - Only these nodes, in topological order. Default: all.
 */
export function reachableFrom(
  index: GraphIndex,
  source: string,
  within: Iterable<number> = index.nodes.keys(),
): Map<number, number> {
  const depth = new Map<number, number>();
  const own = index.producer.get(source);
  if (own !== undefined) depth.set(own, 0);
  for (const k of within) {
    if (k === own || SHAPE_OPS.has(index.nodes[k].op)) continue;
    let longest = -1;
    for (const name of index.reads[k]) {
      if (name === source) longest = Math.max(longest, 0);
      longest = Math.max(longest, depth.get(index.producer.get(name) ?? -1) ?? -1);
    }
    if (longest >= 0) depth.set(k, longest + 1);
  }
  return depth;
}

/** @returns null where the sink does not depend on the source. */
export function liveGraph(
  index: GraphIndex,
  reachable: ReadonlyMap<number, number>,
  source: string,
  sink: string,
): LiveGraph | null {
  const last = index.producer.get(sink);
  if (last === undefined || !reachable.has(last)) return null;
  const live = reachingBack(index, reachable, last);
  const own = index.producer.get(source);
  const order = [...live].filter((k) => k !== own).sort((a, b) => a - b);
  const number = new Map(order.map((k, i) => [k, i + 1]));
  const predecessors = order.map((k) => predecessorsOf(index, live, number, source, own, k));
  const idom = immediateDominators([[], ...predecessors]);
  const chain = dominatorChain(idom, number.get(last) ?? 0).map((v) => (v === 0 ? (own ?? -1) : order[v - 1]));
  const nodes = chain.filter((k) => k >= 0);
  return { index, source, sink, live, chain: nodes, places: new Map(nodes.map((k, place) => [k, place])) };
}

/** The place on the chain of the node that owns a tensor: -1 for a source that is a graph input, null for others. */
export function chainPlace({ index, source, places }: LiveGraph, tensor: string): number | null {
  const node = index.producer.get(tensor);
  if (node === undefined) return tensor === source ? -1 : null;
  return places.get(node) ?? null;
}

function reachingBack(index: GraphIndex, reachable: ReadonlyMap<number, number>, last: number): Set<number> {
  const live = new Set<number>([last]);
  const queue = [last];
  for (const k of queue) {
    for (const name of index.reads[k]) {
      const before = index.producer.get(name);
      if (before === undefined || !reachable.has(before) || live.has(before)) continue;
      live.add(before);
      queue.push(before);
    }
  }
  return live;
}

function predecessorsOf(
  index: GraphIndex,
  live: ReadonlySet<number>,
  number: ReadonlyMap<number, number>,
  source: string,
  own: number | undefined,
  k: number,
): number[] {
  const before = new Set<number>();
  for (const name of index.reads[k]) {
    const producer = index.producer.get(name);
    if (name === source || (producer !== undefined && producer === own)) before.add(0);
    else if (producer !== undefined && live.has(producer)) before.add(number.get(producer)!);
  }
  return [...before];
}

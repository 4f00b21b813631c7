import { type GraphIndex, sourceConstant } from "../onnx/graph-index.ts";
import type { AxisOrder } from "./axis-order.ts";
import { type LiveGraph, liveGraph, reachableFrom } from "./live-graph.ts";
import { type ResidualJoin, residualJoins } from "./residual-joins.ts";

/** Where a stream may begin: a lookup in a table of `rows`, or a float input. */
export interface Source {
  readonly input: string;
  readonly tensor: string;
  readonly rows: number | null;
  readonly order?: AxisOrder;
}

/** Embedding tables read at an integer input, largest first, then float inputs. */
export function streamSources(index: GraphIndex): Source[] {
  const { inputs } = index.graph;
  const tables = inputs.filter(({ dtype }) => dtype.startsWith("int")).flatMap(({ name }) => lookups(index, name));
  const floats = inputs.filter(({ dtype }) => dtype.startsWith("float") || dtype === "bfloat16");
  const named = (source: Source): number => (source.input === "input_ids" ? 1 : 0);
  return [
    ...tables.sort((a, b) => named(b) - named(a) || (b.rows ?? 0) - (a.rows ?? 0)),
    ...floats.map(({ name }) => ({ input: name, tensor: name, rows: null })),
  ];
}

/** Gathers from a constant table, and fused embeddings, that an input reaches whole or cut, in another type or shape. */
function lookups(index: GraphIndex, input: string): Source[] {
  const found: Source[] = [];
  const turned = new Map([[input, false]]);
  for (const [name, isTurned] of turned) {
    for (const k of index.consumers.get(name) ?? []) {
      const node = index.nodes[k];
      const at = { Gather: 0, GatherBlockQuantized: 0, EmbedLayerNormalization: 2 }[node.op];
      if (at !== undefined && index.constants.has(node.inputs[at])) {
        const isIndex = node.op === "EmbedLayerNormalization" ? node.inputs[0] === name : node.inputs[1] === name;
        const table = isIndex ? sourceConstant(index, node.inputs[at]) : null;
        const order: AxisOrder = isTurned ? [1, 0, 2] : [0, 1, 2];
        if (table && table.dims.length === 2)
          found.push({ input, tensor: node.outputs[0], rows: table.dims[0], order });
      } else if (KEEPS_IDS.has(node.op) && node.inputs[0] === name) {
        turned.set(node.outputs[0], node.op === "Transpose" ? !isTurned : isTurned);
      }
    }
  }
  return found;
}

const KEEPS_IDS = new Set([
  ...["Cast", "Identity", "Reshape", "Squeeze", "Unsqueeze", "Flatten", "Slice", "Transpose"],
]);

/** A way through the graph, from a source to an output, and the sums on it. */
export interface StreamPath {
  /** What the user calls it: the input that it starts from, numbered where several do. */
  readonly name: string;
  readonly source: Source;
  readonly graph: LiveGraph;
  readonly joins: readonly ResidualJoin[];
}

/**
 * The ways from sources to outputs that pass sums of attention, one for each stream: ways that share such a sum are one stream,
 * of which the way with the most of them stands; then names, then depth, decide. The one with the most is the first.
 */
export function streamPaths(index: GraphIndex, sources: readonly Source[]): readonly StreamPath[] {
  const found = allPaths(index, sources).sort((a, b) => attentionJoins(b).length - attentionJoins(a).length);
  const taken = new Set<number>();
  const streams: StreamPath[] = [];
  for (const path of found) {
    const nodes = attentionJoins(path).map(({ node }) => node);
    if (nodes.length > 0 && !nodes.some((node) => taken.has(node))) streams.push(path);
    for (const node of nodes) taken.add(node);
  }
  return streams.map((path) => ({ ...path, name: nameOf(path, streams) }));
}

function attentionJoins({ joins }: Pick<StreamPath, "joins">): readonly ResidualJoin[] {
  return joins.filter(({ hasAttention }) => hasAttention);
}

function nameOf({ source, graph }: StreamPath, streams: readonly StreamPath[]): string {
  const same = streams.filter((other) => other.source.input === source.input);
  const place = same.findIndex((other) => other.graph === graph);
  return same.length === 1 ? source.input : `${source.input}.${place + 1}`;
}

/** Every way, sources and outputs in their order of preference. */
export function allPaths(index: GraphIndex, sources: readonly Source[]): StreamPath[] {
  return sources.flatMap((source) => {
    const reachable = reachableFrom(index, source.tensor);
    return sinksByDepth(index, reachable).flatMap((sink) => {
      const graph = liveGraph(index, reachable, source.tensor, sink);
      return graph ? [{ name: source.input, source, graph, joins: residualJoins(graph) }] : [];
    });
  });
}

function sinksByDepth(index: GraphIndex, reachable: ReadonlyMap<number, number>): string[] {
  const depth = (name: string): number => reachable.get(index.producer.get(name) ?? -1) ?? -1;
  const preferred = (name: string): number => ["logits", "last_hidden_state"].indexOf(name);
  const names = index.graph.outputs.map(({ name }) => name).filter((name) => depth(name) >= 0);
  return names.sort((a, b) => preferred(b) - preferred(a) || depth(b) - depth(a)).slice(0, 4);
}

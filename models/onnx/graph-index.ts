import { TokensphereError } from "../errors.ts";
import type { OnnxGraph, OnnxNode, OnnxTensor } from "./graph.ts";
import { PRODUCT_OPS } from "./operator-kinds.ts";

/** A graph with its edges looked up: nodes are numbered in topological order. */
export interface GraphIndex {
  readonly graph: OnnxGraph;
  /** The nodes, every producer before its consumers. */
  readonly nodes: readonly OnnxNode[];
  /** The tensors of data each node reads, those captured by its subgraphs included. */
  readonly reads: readonly (readonly string[])[];
  readonly producer: ReadonlyMap<string, number>;
  readonly consumers: ReadonlyMap<string, readonly number[]>;
  /** Tensors that depend on no graph input. */
  readonly constants: ReadonlySet<string>;
}

/** @throws TokensphereError `input` where the nodes form a cycle or two nodes write one tensor. */
export function indexGraph(graph: OnnxGraph): GraphIndex {
  const nodes = sortNodes(graph.nodes);
  const all = nodes.map(tensorsRead);
  const masks = maskIndices(nodes);
  const reads = all.map((names) => names.filter((name) => !masks.has(name)));
  const consumers = new Map<string, number[]>();
  reads.forEach((names, k) => {
    for (const name of names) push(consumers, name, k);
  });
  return { graph, nodes, reads, producer: producersOf(nodes), consumers, constants: findConstants(graph, nodes, all) };
}

/** The initializer that a constant comes from, through Identity, Cast, Transpose, DequantizeLinear and their like. */
export function sourceConstant(index: GraphIndex, tensor: string): OnnxTensor | null {
  let name = tensor;
  for (let step = 0; step < 32; step++) {
    const initializer = index.graph.initializers.get(name);
    if (initializer) return initializer;
    const node = index.nodes[index.producer.get(name) ?? -1];
    if (!node) return null;
    if (node.op === "Constant") return node.attributes.get("value")?.tensor ?? null;
    name = node.inputs[0] ?? "";
  }
  return null;
}

/** The weights of a product: its first operand that is constant. Null where the node is no product with weights. */
export function productWeight(index: GraphIndex, node: OnnxNode): OnnxTensor | null {
  if (!PRODUCT_OPS.has(node.op)) return null;
  const operand = node.inputs.slice(0, node.op.startsWith("QLinear") ? 4 : 2).find((name) => index.constants.has(name));
  const weight = operand === undefined ? null : sourceConstant(index, operand);
  return weight ?? qLinearWeight(index, node);
}

function qLinearWeight(index: GraphIndex, node: OnnxNode): OnnxTensor | null {
  return node.op.startsWith("QLinear") && index.constants.has(node.inputs[3])
    ? sourceConstant(index, node.inputs[3])
    : null;
}

/** The second output of a fused embedding counts unmasked positions: it is no state. */
function maskIndices(nodes: readonly OnnxNode[]): Set<string> {
  const fused = nodes.filter(({ op }) => op === "EmbedLayerNormalization");
  return new Set(fused.flatMap(({ outputs }) => outputs[1] ?? []));
}

function tensorsRead(node: OnnxNode): string[] {
  const captured = [...node.attributes.values()].flatMap(({ captures }) => captures);
  return [...node.inputs.filter((name) => name !== ""), ...captured];
}

function producersOf(nodes: readonly OnnxNode[]): Map<string, number> {
  const producer = new Map<string, number>();
  nodes.forEach((node, k) => {
    for (const name of node.outputs) {
      if (name === "") continue;
      if (producer.has(name)) throw unusable(`two nodes write the tensor ${name}`);
      producer.set(name, k);
    }
  });
  return producer;
}

/** Kahn's algorithm. */
function sortNodes(nodes: readonly OnnxNode[]): readonly OnnxNode[] {
  const producer = producersOf(nodes);
  const waiting = new Int32Array(nodes.length);
  const next: number[][] = nodes.map(() => []);
  nodes.forEach((node, k) => {
    for (const name of tensorsRead(node)) {
      const before = producer.get(name);
      if (before === undefined || before === k) continue;
      waiting[k]++;
      next[before].push(k);
    }
  });
  const queue = nodes.map((_, k) => k).filter((k) => waiting[k] === 0);
  for (let at = 0; at < queue.length; at++) {
    for (const k of next[queue[at]]) if (--waiting[k] === 0) queue.push(k);
  }
  if (queue.length < nodes.length) throw unusable("the graph has a cycle");
  return queue.map((k) => nodes[k]);
}

function findConstants(
  graph: OnnxGraph,
  nodes: readonly OnnxNode[],
  reads: readonly (readonly string[])[],
): Set<string> {
  const constants = new Set(graph.initializers.keys());
  nodes.forEach((node, k) => {
    if (reads[k].every((name) => constants.has(name))) for (const name of node.outputs) constants.add(name);
  });
  return constants;
}

function push(map: Map<string, number[]>, key: string, value: number): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function unusable(what: string): TokensphereError {
  return new TokensphereError("input", `not a usable ONNX model: ${what}. export it again`);
}

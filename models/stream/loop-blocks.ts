import { TokensphereError } from "../errors.ts";
import { type OnnxNode, readOnnxGraph } from "../onnx/graph.ts";
import { type GraphIndex, indexGraph } from "../onnx/graph-index.ts";
import { GRAPH, MODEL, NODE, WIRE } from "../onnx/onnx-proto.ts";
import { isControlFlow } from "../onnx/operator-kinds.ts";
import { fieldText, readFields } from "../onnx/wire-reader.ts";
import { bytesField, concatBytes } from "../onnx/wire-writer.ts";
import { encodeNode } from "../onnx/writer.ts";
import { weightFingerprint } from "./block-weights.ts";
import type { ResidualStream } from "./residual-stream.ts";

/**
 * The same model at another depth: a block between two stream points is a function of the stream, so the last one is
 * cut out and repeated, or left out with those before it. What follows reads the new end; copies use the same
 * initializers.
 *
 * @throws TokensphereError `input` where the blocks do not share their weights or cannot be cut out; says why.
 */
export function loopBlocks(bytes: Uint8Array, stream: ResidualStream, depth: number): Uint8Array {
  if (depth === stream.layers) return bytes;
  const index = indexGraph(readOnnxGraph(bytes));
  const points = stream.points.flatMap(({ layer, tensor }) => (layer === "final_norm" ? [] : [tensor]));
  points.push(uncast(index, points.pop()!));
  const blocks = points.slice(1).map((to, k) => nodesBetween(index, points[k], to));
  refuseUncut(index, bytes, blocks, depth);
  const last = points[points.length - 1];
  if (depth < stream.layers) return shortened(bytes, index, points[depth], last);
  return lengthened(bytes, index, blocks[blocks.length - 1], points[points.length - 2], last, depth - stream.layers);
}

/** The end of the stream as the block gave it: half-precision files widen it once more for the output. */
function uncast(index: GraphIndex, tensor: string): string {
  const node = index.nodes[index.producer.get(tensor) ?? -1];
  return node?.op === "Cast" || node?.op === "Identity" ? uncast(index, node.inputs[0]) : tensor;
}

/** Nodes that depend on the stream at `from` and that the stream at `to` depends on, in order. */
function nodesBetween(index: GraphIndex, from: string, to: string): number[] {
  const after = dependents(index, from);
  const between = new Set<number>();
  const stack = [index.producer.get(to) ?? -1];
  while (stack.length > 0) {
    const k = stack.pop()!;
    if (!after.has(k) || between.has(k)) continue;
    between.add(k);
    for (const name of index.nodes[k].inputs) if (name !== from) stack.push(index.producer.get(name) ?? -1);
  }
  return [...between].sort((a, b) => a - b);
}

/** Every node that depends on a tensor, its shape included. */
function dependents(index: GraphIndex, tensor: string): Set<number> {
  const found = new Set<number>();
  index.nodes.forEach(({ inputs }, k) => {
    if (inputs.some((name) => name === tensor || found.has(index.producer.get(name) ?? -1))) found.add(k);
  });
  return found;
}

/** Copies stand before the block, which reads the last of them: nothing after it need change. */
function lengthened(
  bytes: Uint8Array,
  index: GraphIndex,
  block: readonly number[],
  from: string,
  to: string,
  more: number,
): Uint8Array {
  const made = new Set(block.flatMap((k) => index.nodes[k].outputs));
  const again = (name: string, copy: number) => `${name}/again_${copy}`;
  const copies = Array.from({ length: more }, (_, copy) => {
    const rename = (name: string) => {
      if (name === from) return copy === 0 ? from : again(to, copy - 1);
      return made.has(name) && name !== "" ? again(name, copy) : name;
    };
    return block.map((k) => renamed(bytes, index.nodes[k], rename, (name) => again(name, copy)));
  });
  const end = again(to, more - 1);
  const rewired = block.map((k) => renamed(bytes, index.nodes[k], (name) => (name === from ? end : name)));
  const later = dependents(index, from);
  const inBlock = new Set(block);
  const outside = (isLater: boolean) =>
    index.nodes.flatMap((node, k) => (later.has(k) === isLater && !inBlock.has(k) ? [payload(bytes, node)] : []));
  return withNodes(bytes, [...outside(false), ...copies.flat(), ...rewired, ...outside(true)]);
}

/** The end of the stream becomes another name for an earlier point; nodes that no output needs are left out. */
function shortened(bytes: Uint8Array, index: GraphIndex, end: string, last: string): Uint8Array {
  const needed = new Set<number>();
  const stack = index.graph.outputs.map(({ name }) => name);
  while (stack.length > 0) {
    const name = stack.pop()!;
    const k = index.producer.get(name === last ? end : name) ?? -1;
    if (k < 0 || needed.has(k)) continue;
    needed.add(k);
    stack.push(...index.reads[k]);
  }
  const identity = concatBytes(encodeNode({ op: "Identity", inputs: [end], outputs: [last] }));
  const at = index.producer.get(last)!;
  const messages = index.nodes.flatMap((node, k) => {
    if (k === at) return [identity];
    return needed.has(k) ? [payload(bytes, node)] : [];
  });
  return withNodes(bytes, messages);
}

function payload(bytes: Uint8Array, { start, end }: OnnxNode): Uint8Array {
  return bytes.subarray(start, end);
}

/** A node's message with other names for its tensors, and for itself. */
function renamed(
  bytes: Uint8Array,
  { start, end }: OnnxNode,
  tensor: (name: string) => string,
  own: (name: string) => string = (name) => name,
): Uint8Array {
  const parts: Uint8Array[] = [];
  let before = start;
  for (const field of readFields(bytes, start, end)) {
    const { field: id, wire } = field;
    const rename =
      wire !== WIRE.len ? null : id === NODE.input || id === NODE.output ? tensor : id === NODE.name ? own : null;
    parts.push(rename ? bytesField(id, rename(fieldText(bytes, field))) : bytes.subarray(before, field.end));
    before = field.end;
  }
  return concatBytes(parts);
}

/** The model with other nodes; all other fields stay, graphs in parts are merged. */
function withNodes(bytes: Uint8Array, nodes: readonly Uint8Array[]): Uint8Array {
  const model: Uint8Array[] = [];
  const graph = nodes.map((node) => bytesField(GRAPH.node, node));
  let before = 0;
  for (const { field, wire, start, end } of readFields(bytes)) {
    if (field === MODEL.graph && wire === WIRE.len) graph.push(...otherFields(bytes, start, end));
    else model.push(bytes.subarray(before, end));
    before = end;
  }
  return concatBytes([...model, bytesField(MODEL.graph, graph)]);
}

function otherFields(bytes: Uint8Array, from: number, to: number): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let before = from;
  for (const { field, end } of readFields(bytes, from, to)) {
    if (field !== GRAPH.node) parts.push(bytes.subarray(before, end));
    before = end;
  }
  return parts;
}

function refuseUncut(
  index: GraphIndex,
  bytes: Uint8Array,
  blocks: readonly (readonly number[])[],
  depth: number,
): void {
  const inner = blocks.flat().find((k) => isControlFlow(index.nodes[k]));
  if (blocks.some((block) => block.length === 0) || inner !== undefined) {
    throw refusal(
      depth,
      "the file's last block cannot be cut out: it is fused with what follows, or holds control flow",
    );
  }
  const weights = blocks.map((block) => weightFingerprint(index, bytes, block));
  const odd = weights.findIndex((print) => print !== weights[weights.length - 1]);
  if (odd < 0) return;
  const what = `blocks ${odd + 1} and ${blocks.length} of the file differ in their weights`;
  throw refusal(depth, `${what}: only shared blocks, as ALBERT's before quantization, can be repeated`);
}

function refusal(depth: number, why: string): TokensphereError {
  return new TokensphereError("input", `depth ${depth}: ${why}. leave the depth as it is, or give the checkpoint`);
}

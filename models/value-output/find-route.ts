import type { OnnxNode } from "../onnx/graph.ts";
import { type GraphIndex, productWeight } from "../onnx/graph-index.ts";
import { ATTENTION_OPS, QUANTIZED_PRODUCTS, RELABEL_OPS, SHAPE_OPS } from "../onnx/operator-kinds.ts";
import { type ColumnNumbers, freshColumns, moveColumns, movesColumns } from "./column-numbers.ts";
import { fusedValues } from "./fused-values.ts";
import { productMatrix } from "./projection.ts";
import type { Followed, HeadRoute, NoRoute, Values } from "./route.ts";
import type { GraphFile } from "./shape-entries.ts";

/**
 * Follows the values of a block through its graph: from the weights that make them to the product with attention, and on
 * to the weights that take them back. Nodes between may move columns, not mix them.
 *
 * @param attentions the block's probabilities, outputs of Softmax; none where a fused operator holds them.
 * @param fused the block's fused operators.
 */
export function findRoute(
  file: GraphFile,
  attentions: readonly string[],
  fused: readonly OnnxNode[],
): HeadRoute | NoRoute {
  const values = findValues(file, attentions, fused);
  if ("why" in values) return values;
  const size = values.heads * values.width;
  const mixed = { dims: values.dims, columns: Int32Array.from({ length: size }, (_, k) => k) };
  const end = followOut(file, values.mixed, mixed);
  if ("why" in end) return end;
  const rows = new Int32Array(size);
  end.places.columns.forEach((k, row) => {
    rows[k] = row;
  });
  return {
    heads: values.heads,
    width: values.width,
    values: values.projection,
    columns: values.columns,
    output: end.projection,
    rows,
    scales: end.scales,
  };
}

function findValues(file: GraphFile, attentions: readonly string[], fused: readonly OnnxNode[]): Values | NoRoute {
  if (attentions.length + fused.length !== 1) {
    return { why: `the block attends ${attentions.length + fused.length} times` };
  }
  if (fused.length === 1) return fusedValues(file, fused[0], followBack);
  const mix = findMix(file.index, attentions[0]);
  if (mix === null) return { why: "attention meets no values that the graph shows" };
  const back = followBack(file, mix.values);
  if ("why" in back) return back;
  const { dims, columns } = back.places;
  const width = dims.at(-1) ?? 0;
  if (dims.length < 3 || dims.at(-2) !== 1) return { why: "the graph does not tell which values belong to which head" };
  return { projection: back.projection, heads: columns.length / width, width, columns, mixed: mix.output, dims };
}

/** Where attention weighs values: the product of two tensors of data that a softmax leads to. */
function findMix(index: GraphIndex, attention: string): { readonly values: string; readonly output: string } | null {
  let name = attention;
  for (let step = 0; step < 8; step++) {
    const users = dataUsers(index, name);
    const mix = users.find(
      ({ op, inputs }) => op === "MatMul" && inputs[0] === name && !index.constants.has(inputs[1]),
    );
    if (mix) return { values: mix.inputs[1], output: mix.outputs[0] };
    const next = users.find(({ op }) => RELABEL_OPS.has(op) || op === "Where");
    if (!next) return null;
    name = next.outputs[0];
  }
  return null;
}

function dataUsers(index: GraphIndex, name: string): OnnxNode[] {
  const users = [...new Set(index.consumers.get(name) ?? [])].map((k) => index.nodes[k]);
  return users.filter(({ op }) => !SHAPE_OPS.has(op));
}

const DEEPEST = 24;

/**
 * From a tensor back to the product with weights whose columns it is made of.
 *
 * @param of what the columns are, in words.
 * @param keeps nodes that change numbers and no places, and may be passed.
 */
export function followBack(
  file: GraphFile,
  tensor: string,
  of = "the values",
  keeps: (node: OnnxNode) => boolean = () => false,
): (Followed & FollowedPath) | NoRoute {
  const { index } = file;
  const path: { readonly node: OnnxNode; readonly output: number }[] = [];
  let name = tensor;
  for (let step = 0; step < DEEPEST; step++) {
    const node = index.nodes[index.producer.get(name) ?? -1];
    if (!node) return { why: `${of} are no projection of tokens` };
    const kept = keeps(node);
    if (!kept && productWeight(index, node)) {
      const found = alongPath(file, node, path, keeps);
      return "why" in found ? found : { ...found, product: node, path: path.map((one) => one.node) };
    }
    if (!kept && !movesColumns(node.op)) return { why: between(index, node, `${of} and attention`) };
    path.unshift({ node, output: node.outputs.indexOf(name) });
    name = kept ? (node.inputs.find((input) => !index.constants.has(input)) ?? "") : dataInput(index, node);
  }
  return { why: `${of} are no projection of tokens` };
}

/** How a tensor came from a product with weights. */
export interface FollowedPath {
  readonly product: OnnxNode;
  /** Nodes after it, in order. */
  readonly path: readonly OnnxNode[];
}

/** Of a sum or a list the operand that weights lead to; else the first. */
function dataInput(index: GraphIndex, { op, inputs }: OnnxNode): string {
  if (op !== "Concat" && op !== "Add") return inputs[0];
  const data = inputs.filter((name) => !index.constants.has(name));
  return data.find((name) => index.producer.has(name)) ?? data[0] ?? "";
}

function alongPath(
  file: GraphFile,
  product: OnnxNode,
  path: readonly { readonly node: OnnxNode; readonly output: number }[],
  keeps: (node: OnnxNode) => boolean,
): Followed | NoRoute {
  const projection = productMatrix(file.index, product);
  if ("why" in projection) return projection;
  let places: ColumnNumbers | null = freshColumns(projection.to, product.op === "MatMul" ? 3 : 2);
  file.shapes.set(product.outputs[0], places.dims);
  for (const { node, output } of path) {
    if (!keeps(node)) places = moveColumns(file, node, places, output);
    if (places) file.shapes.set(node.outputs[output], places.dims);
    else return { why: `the graph does not tell what ${node.op} does to the values` };
  }
  return { projection, places };
}

interface FollowedOut extends Followed {
  readonly scales: readonly string[];
}

/** From the mixed values to the product with weights that takes them back. */
function followOut(file: GraphFile, tensor: string, mixed: ColumnNumbers): FollowedOut | NoRoute {
  const { index } = file;
  let name = tensor;
  let places = mixed;
  file.shapes.set(name, places.dims);
  for (let step = 0; step < DEEPEST; step++) {
    const users = dataUsers(index, name);
    if (users.length !== 1) return { why: "mixed values go more than one way" };
    const [node] = users;
    if (productWeight(index, node)) return outputOf(index, node, places);
    if (!movesColumns(node.op)) return { why: between(index, node, "mixed values and their output weights") };
    const moved = moveColumns(file, node, places, 0);
    if (moved === null) return { why: `the graph does not tell what ${node.op} does to mixed values` };
    places = moved;
    name = node.outputs[0];
    file.shapes.set(name, places.dims);
  }
  return { why: "mixed values meet no weights" };
}

function outputOf(index: GraphIndex, node: OnnxNode, places: ColumnNumbers): FollowedOut | NoRoute {
  const projection = productMatrix(index, node);
  if ("why" in projection) return projection;
  if (projection.from !== places.columns.length) return { why: "output weights do not take up all heads at once" };
  return { projection, places, scales: scalesAfter(index, node.outputs[0]) };
}

/** Constants that a tensor is multiplied by on the way to the sum with the stream. */
function scalesAfter(index: GraphIndex, tensor: string): string[] {
  const scales: string[] = [];
  let name = tensor;
  for (let step = 0; step < DEEPEST; step++) {
    const [node, ...others] = dataUsers(index, name);
    if (!node || others.length > 0) break;
    const constant = node.inputs.find((input) => index.constants.has(input));
    const moves = RELABEL_OPS.has(node.op) || node.op === "Reshape" || (node.op === "Add" && constant !== undefined);
    if (node.op === "Mul" && constant !== undefined) scales.push(constant);
    else if (!moves) break;
    name = node.outputs[0];
  }
  return scales;
}

/** What a node that is in the way is, in words: eight bits show as a scale after the product. */
function between(index: GraphIndex, node: OnnxNode, ends: string): string {
  if (ATTENTION_OPS.has(node.op)) return `${node.op} keeps the values to itself`;
  const near = [node, ...node.inputs.flatMap((name) => parents(index, name, 2))];
  const low = near.find(({ op }) => QUANTIZED_PRODUCTS.has(op) || op === "DynamicQuantizeLinear");
  if (low) return "the weights are held in eight bits or fewer";
  return `${node.op} stands between ${ends}`;
}

function parents(index: GraphIndex, name: string, depth: number): OnnxNode[] {
  const node = index.nodes[index.producer.get(name) ?? -1];
  if (!node || depth === 0) return [];
  return [node, ...node.inputs.flatMap((input) => parents(index, input, depth - 1))];
}

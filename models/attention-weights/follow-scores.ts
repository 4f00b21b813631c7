import type { OnnxNode } from "../onnx/graph.ts";
import { type GraphIndex, sourceConstant } from "../onnx/graph-index.ts";
import { type ConstantPlace, readConstant } from "../onnx/read-constant.ts";
import { type FollowedPath, followBack } from "../value-output/find-route.ts";
import type { Followed, NoRoute } from "../value-output/route.ts";
import type { GraphFile } from "../value-output/shape-entries.ts";

/** Queries and keys of a block: scores are factor · ⟨q, k⟩, before what is masked. */
export interface Scores {
  readonly queries: Followed & FollowedPath;
  readonly keys: Followed & FollowedPath;
  /** `null` where the graph computes it from shapes. */
  readonly factor: number | null;
}

/** Nodes between scores and softmax that are passed; a sum adds a mask. */
const PASSED = new Set(["Add", "Mul", "Div", "Where", "Cast", "Identity", "Reshape"]);
const DEEPEST = 12;

/**
 * From attention probabilities back to the projections that scores are products of.
 *
 * @param attention the output of a Softmax.
 */
export async function followScores(
  file: GraphFile,
  attention: string,
  place: ConstantPlace,
): Promise<Scores | NoRoute> {
  const { index } = file;
  const path = toProduct(index, index.nodes[index.producer.get(attention) ?? -1]?.inputs[0] ?? "", DEEPEST);
  if (path === null) return { why: "attention scores are no product that the graph shows" };
  const product = path[path.length - 1];
  const scales = (node: OnnxNode) => isScale(index, node);
  const queries = followBack(file, product.inputs[0], "the queries", scales);
  if ("why" in queries) return queries;
  const keys = followBack(file, product.inputs[1], "the keys", scales);
  if ("why" in keys) return keys;
  const own = product.op === "FusedMatMul" ? [product.attributes.get("alpha")?.float ?? 1] : [];
  const read = await Promise.all(
    [...path.slice(0, -1), ...queries.path, ...keys.path]
      .filter((node) => (node.op === "Mul" || node.op === "Div") && scaled(index, node) !== null)
      .map((node) => factorOf(index, node, place)),
  );
  const factors = [...own, ...read];
  const known = factors.every((one) => one !== null);
  return { queries, keys, factor: known ? factors.reduce<number>((all, one) => all * (one ?? 1), 1) : null };
}

/** Nodes from a tensor back to the product of two tensors of data, that last; `null` where none is near. */
function toProduct(index: GraphIndex, name: string, deepest: number): readonly OnnxNode[] | null {
  const node = index.nodes[index.producer.get(name) ?? -1];
  if (!node || deepest === 0) return null;
  const data = node.inputs.filter((input) => input !== "" && !index.constants.has(input));
  if ((node.op === "MatMul" || node.op === "FusedMatMul") && data.length === 2) return [node];
  if (!PASSED.has(node.op)) return null;
  for (const input of data) {
    const found = toProduct(index, input, deepest - 1);
    if (found) return [node, ...found];
  }
  return null;
}

/** Whether a node multiplies data by one number. */
function isScale(index: GraphIndex, node: OnnxNode): boolean {
  return (node.op === "Mul" || node.op === "Div") && scaled(index, node) !== null;
}

/** The operand that data is multiplied or divided by: a constant of one number, or one that is computed from shapes. */
function scaled(index: GraphIndex, { inputs, op }: OnnxNode): string | null {
  const numbers = inputs.filter((name) => isNumber(index, name));
  return numbers.length === 1 && (op === "Mul" || numbers[0] === inputs[1]) ? numbers[0] : null;
}

const FROM_SHAPES = new Set([
  ...["Shape", "Slice", "Gather", "Squeeze", "Unsqueeze", "Cast", "ConstantOfShape"],
  ...["Add", "Div", "Mul", "Pow", "Sqrt"],
]);

function isNumber(index: GraphIndex, name: string, deepest = 10): boolean {
  if (index.constants.has(name)) {
    const tensor = sourceConstant(index, name);
    return tensor !== null && tensor.dims.reduce((size, dim) => size * dim, 1) === 1;
  }
  const node = index.nodes[index.producer.get(name) ?? -1];
  if (!node || deepest === 0 || !FROM_SHAPES.has(node.op)) return false;
  if (node.op === "Shape") return true;
  return node.inputs.every((input) => index.constants.has(input) || isNumber(index, input, deepest - 1));
}

/** `null` where it is computed from shapes or not read. */
async function factorOf(index: GraphIndex, node: OnnxNode, place: ConstantPlace): Promise<number | null> {
  const name = scaled(index, node) ?? "";
  const producer = index.nodes[index.producer.get(name) ?? -1];
  if (!index.constants.has(name) || (producer && !["Constant", "Cast", "Identity"].includes(producer.op))) return null;
  const tensor = sourceConstant(index, name);
  const value = tensor && (await readConstant(tensor, place))?.[0];
  if (value === null || value === undefined) return null;
  return node.op === "Mul" ? value : 1 / value;
}

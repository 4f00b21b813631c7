import type { OnnxNode } from "../onnx/graph.ts";
import { productMatrix } from "./projection.ts";
import type { Followed, NoRoute, Values } from "./route.ts";
import type { GraphFile } from "./shape-entries.ts";

type FollowBack = (file: GraphFile, tensor: string) => Followed | NoRoute;

/**
 * The values of attention in one node (ONNX Runtime's contrib operators): `Attention` holds the weights of queries, keys
 * and values side by side, others are given what is projected already.
 *
 * @param followBack from a tensor to the product with weights that it is made of.
 */
export function fusedValues(file: GraphFile, node: OnnxNode, followBack: FollowBack): Values | NoRoute {
  if (node.op === "Attention" && node.domain === "com.microsoft") return ownWeights(file, node);
  if (node.op === "MultiHeadAttention" || node.op === "GroupQueryAttention") return projected(file, node, followBack);
  return { why: `${node.op} keeps the values to itself` };
}

function ownWeights({ index }: GraphFile, node: OnnxNode): Values | NoRoute {
  const projection = productMatrix(index, node);
  if ("why" in projection) return projection;
  const third = projection.to / 3;
  const [q, k, v] = node.attributes.get("qkv_hidden_sizes")?.ints ?? [third, third, third];
  return valuesFrom(node, projection, { first: q + k, width: v, heads: headsOf(node), keyHeads: headsOf(node) });
}

function projected(file: GraphFile, node: OnnxNode, followBack: FollowBack): Values | NoRoute {
  const heads = headsOf(node);
  const keyHeads = node.attributes.get("kv_num_heads")?.int ?? heads;
  const packed = !node.inputs[2];
  const back = followBack(file, packed ? node.inputs[0] : node.inputs[2]);
  if ("why" in back) return back;
  const { columns } = back.places;
  const width = packed ? (columns.length * keyHeads) / (heads + 2 * keyHeads) : columns.length;
  return valuesFrom(node, back.projection, { first: columns.length - width, width, heads, keyHeads }, columns);
}

function headsOf({ attributes }: OnnxNode): number {
  return attributes.get("num_heads")?.int ?? 0;
}

interface Part {
  /** First column of the values. */
  readonly first: number;
  /** Of all values. */
  readonly width: number;
  readonly heads: number;
  /** Heads of values, each for as many heads of queries. */
  readonly keyHeads: number;
}

function valuesFrom(
  node: OnnxNode,
  projection: Followed["projection"],
  { first, width, heads, keyHeads }: Part,
  columns?: Int32Array,
): Values | NoRoute {
  const own = width / keyHeads;
  if (!(heads > 0) || heads % keyHeads !== 0 || !Number.isInteger(own)) {
    return { why: `${node.op} does not say how its values divide into heads` };
  }
  const places = Int32Array.from({ length: heads * own }, (_, k) => {
    const head = Math.floor(Math.floor(k / own) / (heads / keyHeads));
    const at = first + head * own + (k % own);
    return columns ? columns[at] : at;
  });
  return { projection, heads, width: own, columns: places, mixed: node.outputs[0], dims: [1, 1, heads * own] };
}

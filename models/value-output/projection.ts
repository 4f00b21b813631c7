import type { OnnxNode, OnnxTensor } from "../onnx/graph.ts";
import type { GraphIndex } from "../onnx/graph-index.ts";
import { QUANTIZED_PRODUCTS } from "../onnx/operator-kinds.ts";

/** A constant matrix of the graph that rows are multiplied by from the right: x ↦ x W. */
export interface Projection {
  readonly tensor: OnnxTensor;
  /** Whether the file holds Wᵀ, `[to, from]`. */
  readonly transposed: boolean;
  /** What the product is multiplied by (Gemm's alpha). */
  readonly factor: number;
  readonly from: number;
  readonly to: number;
}

/** The weights of a product with the tokens on its left. */
export function productMatrix(index: GraphIndex, node: OnnxNode): Projection | { readonly why: string } {
  if (QUANTIZED_PRODUCTS.has(node.op)) return { why: "the weights are held in eight bits or fewer" };
  const number = (name: string) => node.attributes.get(name)?.int ?? 0;
  if (!["MatMul", "Gemm", "FusedMatMul", "Attention"].includes(node.op) || number("transA") === 1) {
    return { why: `the weights are read by ${node.op}` };
  }
  const matrix = matrixOf(index, node.inputs[1]);
  if ("why" in matrix) return matrix;
  const turned = number("transB") === 1;
  return {
    ...(turned ? flipped(matrix) : matrix),
    factor: node.attributes.get("alpha")?.float ?? 1,
  };
}

/** A constant matrix, through Identity, Cast and Transpose to the numbers in the file. */
function matrixOf(index: GraphIndex, name: string): Omit<Projection, "factor"> | { readonly why: string } {
  const tensor = index.graph.initializers.get(name);
  const node = index.nodes[index.producer.get(name) ?? -1];
  const stored = tensor ?? (node?.op === "Constant" ? (node.attributes.get("value")?.tensor ?? null) : null);
  if (stored) {
    const [from, to] = stored.dims;
    return stored.dims.length === 2
      ? { tensor: stored, transposed: false, from, to }
      : { why: `the weights are no matrix but ${stored.dims.join(" × ")}` };
  }
  if (node?.op === "Identity" || node?.op === "Cast") return matrixOf(index, node.inputs[0]);
  if (node?.op === "DequantizeLinear") return { why: "the weights are held in eight bits or fewer" };
  if (node?.op !== "Transpose") return { why: `the weights are made by ${node?.op ?? "an input of the model"}` };
  const matrix = matrixOf(index, node.inputs[0]);
  return "why" in matrix ? matrix : flipped(matrix);
}

function flipped<T extends Omit<Projection, "factor">>(matrix: T): T {
  return { ...matrix, transposed: !matrix.transposed, from: matrix.to, to: matrix.from };
}

import type { OnnxNode } from "./graph.ts";

/** Nodes whose output says something about a shape, not about data: the search does not pass them. */
export const SHAPE_OPS = new Set(["Shape", "Size", "ConstantOfShape", "Range"]);

/** Nodes that add a branch to the stream. */
export const SKIP_NORM_OPS = new Set(["SkipLayerNormalization", "SkipSimplifiedLayerNormalization"]);
export const JOIN_OPS = new Set(["Add", "Sum", ...SKIP_NORM_OPS]);

/** Nodes that hand on the same values in another type or under another name. */
export const RELABEL_OPS = new Set(["Identity", "Cast", "Dropout", "QuantizeLinear", "DequantizeLinear"]);

/** Normalizations in one node. */
export const NORM_OPS = new Set([
  ...["LayerNormalization", "SimplifiedLayerNormalization", "RMSNormalization", "BatchNormalization"],
  ...["InstanceNormalization", "GroupNormalization", "LpNormalization"],
]);

/** Attention in one node. */
export const ATTENTION_OPS = new Set([
  ...["Attention", "QAttention", "MultiHeadAttention", "GroupQueryAttention", "PackedAttention", "SparseAttention"],
  ...[
    "PackedMultiHeadAttention",
    "DecoderMaskedMultiHeadAttention",
    "DecoderMaskedSelfAttention",
    "LongformerAttention",
  ],
]);

/** Products with weights, in float. */
const FLOAT_PRODUCTS = [
  "MatMul",
  "Gemm",
  "Conv",
  "Einsum",
  "FusedMatMul",
  "FusedGemm",
  "FusedConv",
  "GemmFastGelu",
  "MoE",
];

/** Products with weights of eight bits or fewer. */
export const QUANTIZED_PRODUCTS: ReadonlyMap<string, string> = new Map([
  ...[
    "MatMulInteger",
    "QLinearMatMul",
    "ConvInteger",
    "QLinearConv",
    "QGemm",
    "QAttention",
    "MatMulIntegerToFloat",
  ].map((op): [string, string] => [op, "int8"]),
  ["DynamicQuantizeMatMul", "int8"],
  ["MatMulNBits", "int4"],
  ["MatMulBnb4", "int4"],
  ["QMoE", "int4"],
]);

export const PRODUCT_OPS = new Set([...FLOAT_PRODUCTS, ...QUANTIZED_PRODUCTS.keys(), ...ATTENTION_OPS]);

/** Whether a node holds a subgraph: If, Loop, Scan. */
export function isControlFlow(node: OnnxNode): boolean {
  for (const attribute of node.attributes.values()) if (attribute.hasGraph) return true;
  return false;
}

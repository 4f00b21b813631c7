import { squaredNorms, unpackGram } from "../../../probes/products/gram-matrix.ts";
import { innerProducts } from "../../../probes/products/inner-products.ts";
import { rootInBlocks } from "./cholesky-in-blocks.ts";

/** The whole inverse `[size, size]` of LLᵀ: L⁻ᵀL⁻¹, the inner products of the columns of L⁻¹. */
export function choleskyInverse(l: Float64Array, size: number): Float64Array {
  const columns = { n: size, d: size, x: rootInBlocks(l, size) };
  return unpackGram(innerProducts(columns, false), squaredNorms(columns));
}

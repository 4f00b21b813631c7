import type { LinearNames, ModelPlan } from "./architecture.ts";
import type { GraphDraft } from "./graph-draft.ts";

/**
 * x W + b of rows: `[rows, from]` → `[rows, to]`. Gemm reads PyTorch's `[out, in]` weights where they lie; a transposed
 * MatMul would make ONNX Runtime keep a transposed copy.
 */
export function project(
  draft: GraphDraft,
  plan: ModelPlan,
  rows: string,
  names: LinearNames,
  from: number,
  to: number,
): string {
  const transposed = (names.layout ?? "out×in") === "out×in";
  const dims = transposed ? [to, from] : [from, to];
  const weight = draft.parameter(names.weight, dims, { kind: "normal", sd: names.sd ?? plan.sd });
  const bias = names.bias ? [draft.parameter(names.bias, [to], { kind: "constant", value: 0 })] : [];
  return draft.op("Gemm", [rows, weight, ...bias], transposed ? { transB: { int: 1 } } : undefined);
}

/** `[batch, n, d]` as rows `[batch·n, d]`, which is no copy. */
export function toRows(draft: GraphDraft, x: string, d: number): string {
  return draft.op("Reshape", [x, draft.ints([-1, d])]);
}

/** Rows back to `[batch, n, …rest]`; `lengths` is `[batch, n]` as a tensor. */
export function fromRows(
  draft: GraphDraft,
  rows: string,
  lengths: string,
  rest: readonly number[],
  name?: string,
): string {
  const shape = draft.op("Concat", [lengths, draft.ints(rest)], { axis: { int: 0 } });
  return draft.op("Reshape", [rows, shape], undefined, name);
}

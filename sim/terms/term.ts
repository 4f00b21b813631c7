import type { GraphBuilder } from "../../models/onnx/graph-builder.ts";

/**
 * Adds a term's field to `out`.
 *
 * @param theta - Unit rows, `[n, d]`.
 * @param logScale - The field is multiplied by e^{−logScale}.
 * @param out - `[n, d]`, added to.
 * @param lengths - Of the tokens, `[n]`: only a dynamics on the cone reads them.
 */
export type TermKernel = (
  theta: Float64Array,
  beta: number,
  logScale: number,
  out: Float64Array,
  lengths: Float64Array,
) => void;

/** Writes the weights that the values are summed with, `[n, n]`, row i those of token i. */
export type TermWeights = (theta: Float64Array, beta: number, out: Float64Array) => void;

/** Names of the tensors a term's graph reads: `theta` `[batch, n, d]`, `beta` and `logScale` `[batch, 1, 1]`. */
export interface TermInputs {
  readonly theta: string;
  readonly beta: string;
  readonly logScale: string;
}

/** Adds nodes and names the tensor `[batch, n, d]` that holds the field. */
export type TermGraph = (builder: GraphBuilder, inputs: TermInputs) => string;

/** One summand of a dynamics: as plain TypeScript, the reference, and, where ONNX Runtime can have it, as nodes of a graph. */
export interface Term {
  /** Allocates what the kernel needs for n tokens of width d, once. */
  readonly kernel: (n: number, d: number) => TermKernel;
  /** Left out: plain TypeScript computes it. */
  readonly graph?: TermGraph;
  /** Its attention matrix, where it has one whose rows sum to 1. Made for n tokens of width d. */
  readonly weights?: (n: number, d: number) => TermWeights;
}

/** The graphs of a sum of terms; `null` where one has none. */
export function graphsOf(terms: readonly Term[]): readonly TermGraph[] | null {
  const graphs = terms.flatMap(({ graph }) => (graph ? [graph] : []));
  return graphs.length === terms.length ? graphs : null;
}

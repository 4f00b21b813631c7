import { RELABEL_OPS, SKIP_NORM_OPS } from "../onnx/operator-kinds.ts";
import { chainPlace, type LiveGraph } from "./live-graph.ts";
import { type NormKind, normAfter } from "./norm-after.ts";
import type { ResidualJoin } from "./residual-joins.ts";

/**
 * Where a branch is normed. `post`: the sum (Post-LN); `pre`: what the branch starts from (Pre-LN); `inside`: what it
 * adds; `peri`: both of these (Peri-LN).
 */
export type NormPlace = "post" | "pre" | "inside" | "peri" | "pre and post" | "none";

export interface BranchNorm {
  readonly place: NormPlace;
  /** Null where there is none. */
  readonly kind: NormKind | null;
}

/**
 * The norms around one branch.
 *
 * @param branch the graph from the stream to the term that is added.
 * @param end the tensor of the stream after the sum.
 */
export function branchNorm(graph: LiveGraph, join: ResidualJoin, branch: LiveGraph, end: string): BranchNorm {
  const before = normBefore(graph, join, branch);
  const inside = normAtEnd(branch, before?.place ?? 0);
  const after = normOfSum(graph, join, end);
  const kind = (before ?? inside ?? after)?.kind ?? null;
  if (after) return { place: before ? "pre and post" : "post", kind: after.kind };
  return { place: before && inside ? "peri" : before ? "pre" : inside ? "inside" : "none", kind };
}

interface FoundNorm {
  readonly kind: NormKind;
  readonly place: number;
}

/** In a fused graph the norm is another output of the node that owns the stream. */
function normBefore({ index }: LiveGraph, { skip }: ResidualJoin, branch: LiveGraph): FoundNorm | null {
  const owner = index.nodes[index.producer.get(skip) ?? -1];
  if (owner && SKIP_NORM_OPS.has(owner.op) && owner.outputs[3] === skip) {
    return { kind: skipNormKind(owner.op), place: 0 };
  }
  return normAfter(branch, skip, chainPlace(branch, skip) ?? -1);
}

/** A norm whose output is the term, or is only renamed or scaled before it is. */
function normAtEnd({ index, chain, sink, ...rest }: LiveGraph, from: number): FoundNorm | null {
  const branch = { index, chain, sink, ...rest };
  const ends = new Set([sink]);
  for (const name of ends) {
    const node = index.nodes[index.producer.get(name) ?? -1];
    const scaled = node?.op === "Mul" && node.inputs.some((input) => index.constants.has(input));
    if (node && (RELABEL_OPS.has(node.op) || node.op === "Reshape" || scaled)) {
      ends.add(node.inputs.find((input) => !index.constants.has(input)) ?? "");
    }
  }
  for (let place = from + 1; place < chain.length - 1; place++) {
    const found = normAfter(branch, index.nodes[chain[place]].outputs[0], place);
    if (found && ends.has(found.output)) return found;
  }
  return null;
}

/** The norm that the stream passes between the sum and `end`. */
function normOfSum(graph: LiveGraph, join: ResidualJoin, end: string): FoundNorm | null {
  const node = graph.index.nodes[join.node];
  if (SKIP_NORM_OPS.has(node.op)) {
    return leadsBackTo(graph, end, node.outputs[0]) ? { kind: skipNormKind(node.op), place: join.place } : null;
  }
  const norm = normAfter(graph, join.sum, join.place);
  const place = chainPlace(graph, end);
  return norm && place !== null && place >= norm.place && !leadsBackTo(graph, end, join.sum) ? norm : null;
}

function leadsBackTo({ index }: LiveGraph, from: string, to: string): boolean {
  let name = from;
  for (let step = 0; name !== to && step < 16; step++) {
    const node = index.nodes[index.producer.get(name) ?? -1];
    if (!node || (!RELABEL_OPS.has(node.op) && node.op !== "Reshape")) return false;
    name = node.inputs[0];
  }
  return name === to;
}

function skipNormKind(op: string): NormKind {
  return op === "SkipLayerNormalization" ? "LayerNorm" : "RMSNorm";
}

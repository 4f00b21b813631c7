import { productWeight } from "../onnx/graph-index.ts";
import { ATTENTION_OPS } from "../onnx/operator-kinds.ts";
import { activationOf, isGated } from "./activation.ts";
import { type BranchNorm, branchNorm } from "./branch-norm.ts";
import { type LiveGraph, liveGraph, reachableFrom } from "./live-graph.ts";
import { countPrecisions, precisionInWords } from "./product-precision.ts";
import { isParallel, type ResidualJoin } from "./residual-joins.ts";

/** A branch of a block: what is computed between the stream and the sum that takes the result up. */
export interface BranchAnatomy {
  readonly kind: "attention" | "mlp" | "attention and mlp";
  readonly norm: BranchNorm;
  /** Products with weights, by operator: `{ MatMul: 4 }`. */
  readonly products: Readonly<Record<string, number>>;
  /** Softmax or fused operators that mix tokens, by operator. */
  readonly attention: Readonly<Record<string, number>>;
  /** Null where the branch is attention alone, or has none that is known. */
  readonly activation: string | null;
  /** Whether the activation multiplies a projection of its own, as in SwiGLU. */
  readonly gated: boolean;
  /** Every operator of the branch. */
  readonly operators: Readonly<Record<string, number>>;
}

/** What one block is made of, as its graph tells. */
export interface BlockAnatomy {
  /** In the order in which they are added. */
  readonly branches: readonly BranchAnatomy[];
  /** Blocks with the same letter multiply by the same initializers; null where no other block does. */
  readonly weights: string | null;
  /** Of the products with weights, in words: `float32`, `6 of 7 products are int8, the others float32`. */
  readonly precision: string;
}

/**
 * Describes every block.
 *
 * @param last the tensor of the stream after the last join.
 */
export function blockAnatomies(
  graph: LiveGraph,
  blocks: readonly (readonly ResidualJoin[])[],
  last: string,
): BlockAnatomy[] {
  const joins = blocks.flat();
  const ends = new Map(joins.map((join, i) => [join, joins[i + 1]?.skip ?? last]));
  const letters = weightLetters(blocks.map((block) => new Set(block.flatMap(({ weights }) => weights))));
  return blocks.map((block, k) => ({
    branches: block.flatMap((join) => branchesOf(graph, join, ends.get(join) ?? last)),
    weights: letters[k],
    precision: precisionOf(graph, block),
  }));
}

/** One branch for each term of the sum that passes weights; attention first. */
function branchesOf(graph: LiveGraph, join: ResidualJoin, end: string): BranchAnatomy[] {
  const reachable = reachableFrom(graph.index, join.skip, join.branch);
  const parts = join.terms.flatMap((term) => liveGraph(graph.index, reachable, join.skip, term) ?? []);
  const weighted = parts.filter(({ live }) => [...live].some((k) => productWeight(graph.index, graph.index.nodes[k])));
  const joined = join.hasAttention && weighted.length === 1 && isParallel(graph, join);
  const branches = weighted.map((part) => branchOf(graph, join, part, end, joined));
  return branches.sort((a, b) => Number(a.kind === "mlp") - Number(b.kind === "mlp"));
}

/** @param joined attention and MLP lie side by side in this one part. */
function branchOf(graph: LiveGraph, join: ResidualJoin, part: LiveGraph, end: string, joined: boolean): BranchAnatomy {
  const { index } = graph;
  const own = index.producer.get(join.skip);
  const nodes = [...part.live].filter((k) => k !== own).sort((a, b) => a - b);
  const mixing = nodes.filter((k) => isAttention(graph, join, k));
  const alone = mixing.length > 0 && !joined;
  return {
    kind: alone ? "attention" : joined ? "attention and mlp" : "mlp",
    norm: branchNorm(graph, join, part, end),
    products: countOps(
      graph,
      nodes.filter((k) => productWeight(index, index.nodes[k])),
    ),
    attention: countOps(graph, mixing),
    activation: alone ? null : activationOf(index, nodes),
    gated: !alone && isGated(index, nodes),
    operators: countOps(graph, nodes),
  };
}

function isAttention({ index }: LiveGraph, { attentions }: ResidualJoin, k: number): boolean {
  const { op, outputs } = index.nodes[k];
  return ATTENTION_OPS.has(op) || attentions.includes(outputs[0]);
}

function countOps({ index }: LiveGraph, nodes: readonly number[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const k of nodes) counts.set(index.nodes[k].op, (counts.get(index.nodes[k].op) ?? 0) + 1);
  return Object.fromEntries(counts);
}

function precisionOf({ index }: LiveGraph, block: readonly ResidualJoin[]): string {
  const nodes = block.flatMap(({ branch }) => [...branch].map((k) => index.nodes[k]));
  return precisionInWords(countPrecisions(index, nodes));
}

/** A, B … for sets of weights that (mostly) belong to more than one block. */
function weightLetters(sets: readonly ReadonlySet<string>[]): (string | null)[] {
  const groups: { readonly names: ReadonlySet<string>; readonly blocks: number[] }[] = [];
  sets.forEach((names, k) => {
    const group = groups.find((other) => isMostly(names, other.names));
    if (group) group.blocks.push(k);
    else groups.push({ names, blocks: [k] });
  });
  const letters: (string | null)[] = sets.map(() => null);
  const shared = groups.filter(({ blocks }) => blocks.length > 1);
  shared.forEach(({ blocks }, g) => {
    for (const k of blocks) letters[k] = letter(g);
  });
  return letters;
}

function isMostly(names: ReadonlySet<string>, of: ReadonlySet<string>): boolean {
  const shared = [...names].filter((name) => name !== "" && of.has(name)).length;
  return shared > 0 && 2 * shared >= names.size;
}

function letter(number: number): string {
  const own = String.fromCharCode(65 + (number % 26));
  return number < 26 ? own : letter(Math.floor(number / 26) - 1) + own;
}

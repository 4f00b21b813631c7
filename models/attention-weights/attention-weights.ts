import { type GraphIndex, indexGraph, sourceConstant } from "../onnx/graph-index.ts";
import type { OpenedGraph } from "../onnx/opened-graph.ts";
import { type ConstantPlace, readConstant } from "../onnx/read-constant.ts";
import type { NormKind } from "../stream/norm-after.ts";
import type { ResidualStream } from "../stream/residual-stream.ts";
import type { FollowedPath } from "../value-output/find-route.ts";
import type { Followed, NoRoute } from "../value-output/route.ts";
import { graphFile } from "../value-output/shape-entries.ts";
import {
  areSame as areSameValues,
  blocksAlike,
  blockWeights,
  entry,
  type HeadWeights,
  type NoValueOutput,
} from "../value-output/value-output.ts";
import { followScores } from "./follow-scores.ts";
import { type InputNorm, inputNorm } from "./input-norm.ts";

/** Queries or keys of all heads: a token u gives u · matrix + bias. */
export interface HeadProjections {
  /** `[d, heads · width]`, row-major, head after head. */
  readonly matrix: Float32Array;
  /** `[heads · width]`; `null`: 0. */
  readonly bias: Float32Array | null;
}

/** The attention of one block, or of several in a row that multiply by the same weights, as its file holds it. */
export interface BlockAttention {
  /** k: the block that leads from layer k to k + 1. */
  readonly layer: number;
  /** The last block, counted in the same way, that has the same weights. */
  readonly to: number;
  readonly d: number;
  /** Of the queries and keys of one head. */
  readonly width: number;
  readonly queries: HeadProjections;
  readonly keys: HeadProjections;
  /** Scores are this times ⟨q, k⟩. */
  readonly factor: number;
  /** Width of the values of one head. */
  readonly valueWidth: number;
  /** Values and output of each head, biases left out. */
  readonly heads: readonly HeadWeights[];
  /** The norm that tokens pass before they are projected; `null`: the stream itself is projected (Post-LN). */
  readonly norm: (InputNorm & { readonly kind: NormKind }) | null;
}

type Found = Omit<BlockAttention, "layer" | "to"> | Pick<NoValueOutput, "why">;

/**
 * Queries, keys, values and output of every head, block after block; those of one block are held, and of the one before.
 *
 * @param heads how many heads a block has; null: nobody knows.
 * @throws TokensphereError `input` for a file of weights that is gone.
 */
export async function* attentionWeights(
  opened: Pick<OpenedGraph, "graph" | "bytes" | "weightsFolder">,
  stream: ResidualStream,
  heads: number | null,
): AsyncGenerator<BlockAttention | NoValueOutput, void, undefined> {
  const index = indexGraph(opened.graph);
  const place = { bytes: opened.bytes, folder: opened.weightsFolder };
  yield* blocksAlike<Found>(stream.layers, (layer) => blockAttention(index, place, stream, layer, heads), areSame);
}

async function blockAttention(
  index: GraphIndex,
  place: ConstantPlace,
  stream: ResidualStream,
  layer: number,
  heads: number | null,
): Promise<Found> {
  const values = await blockWeights(index, place, stream, layer, heads);
  if ("why" in values) return values;
  const [attention] = stream.attentions[layer];
  if (attention === undefined) return { why: "a fused operator keeps queries and keys to itself" };
  const scores = await followScores(graphFile(index, place.bytes), attention, place);
  if ("why" in scores) return scores;
  const [queries, keys] = await Promise.all(
    [scores.queries, scores.keys].map((one) => projectionsOf(index, one, place)),
  );
  if ("why" in queries) return queries;
  if ("why" in keys) return keys;
  const width =
    (queries.bias ?? queries.matrix.subarray(0, queries.matrix.length / values.d)).length / values.heads.length;
  if (keys.matrix.length !== queries.matrix.length || !Number.isInteger(width))
    return { why: "the graph does not tell which queries meet which keys" };
  const branch = stream.blocks[layer].branches.find(({ kind }) => kind !== "mlp");
  const where = branch?.norm.place ?? "none";
  if (where !== "post" && where !== "pre" && where !== "none") return { why: "a norm follows attention" };
  const start = stream.points[layer].tensor;
  const norm = await inputNorm(index, scores.queries.product.inputs[0], start, place);
  return {
    ...{ d: values.d, width, queries, keys, factor: scores.factor ?? 1 / Math.sqrt(width) },
    ...{ valueWidth: values.width, heads: values.heads },
    norm: norm && { ...norm, kind: branch?.norm.kind ?? "LayerNorm" },
  };
}

/** The weights of followed columns, and the bias that is added to them. */
async function projectionsOf(
  index: GraphIndex,
  { projection, places, product, path }: Followed & FollowedPath,
  place: ConstantPlace,
): Promise<HeadProjections | NoRoute> {
  const numbers = await readConstant(projection.tensor, place);
  if (numbers === null) return { why: "the weights are held in a form that is not read" };
  const { columns } = places;
  const { from, to } = projection;
  const matrix = new Float32Array(from * columns.length);
  for (let i = 0; i < from; i++)
    for (const [c, column] of columns.entries()) matrix[i * columns.length + c] = entry(projection, numbers, i, column);
  const added = [
    ...(product.op === "Gemm" && product.inputs[2] ? [product.inputs[2]] : []),
    ...path
      .filter(({ op }) => op === "Add")
      .map(({ inputs }) => inputs.find((name) => index.constants.has(name)) ?? ""),
  ];
  const bias = new Float32Array(columns.length);
  for (const name of added) {
    const tensor = sourceConstant(index, name);
    const own = tensor && (await readConstant(tensor, place));
    if (own?.length !== to) return { why: "a bias of queries or keys is held in a form that is not read" };
    for (const [c, column] of columns.entries()) bias[c] += own[column];
  }
  return { matrix, bias: added.length > 0 ? bias : null };
}

function areSame(a: Found, b: Found): boolean {
  if ("why" in a || "why" in b) return "why" in a && "why" in b && a.why === b.why;
  const equal = (x: Float32Array | null, y: Float32Array | null) =>
    x === y || (x !== null && y !== null && x.length === y.length && x.every((value, i) => value === y[i]));
  const same = (x: HeadProjections, y: HeadProjections) => equal(x.matrix, y.matrix) && equal(x.bias, y.bias);
  const gains = (x: InputNorm | null, y: InputNorm | null) =>
    equal(x?.gain ?? null, y?.gain ?? null) && equal(x?.shift ?? null, y?.shift ?? null);
  return (
    areSameValues(a, b) &&
    a.factor === b.factor &&
    same(a.queries, b.queries) &&
    same(a.keys, b.keys) &&
    gains(a.norm, b.norm)
  );
}

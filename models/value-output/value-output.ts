import { type GraphIndex, indexGraph, sourceConstant } from "../onnx/graph-index.ts";
import type { OpenedGraph } from "../onnx/opened-graph.ts";
import { ATTENTION_OPS } from "../onnx/operator-kinds.ts";
import { type ConstantPlace, readConstant } from "../onnx/read-constant.ts";
import { liveGraph, reachableFrom } from "../stream/live-graph.ts";
import type { ResidualStream } from "../stream/residual-stream.ts";
import { findRoute } from "./find-route.ts";
import type { Projection } from "./projection.ts";
import type { HeadRoute } from "./route.ts";
import { graphFile } from "./shape-entries.ts";

/** The weights of one head's values: what a token x hands on is x · values · output, biases and norms aside. */
export interface HeadWeights {
  /** W_V, `[d, width]`, row-major. */
  readonly values: Float32Array;
  /** W_O, `[width, d]`, row-major. */
  readonly output: Float32Array;
}

/** Values and output of the attention of one block, or of several in a row that multiply by the same weights. */
export interface BlockValueOutput {
  /** k: the block that leads from layer k to k + 1. */
  readonly layer: number;
  /** The last block, counted in the same way, that has the same weights. */
  readonly to: number;
  readonly d: number;
  readonly width: number;
  readonly heads: readonly HeadWeights[];
}

/** A block, or several in a row, whose weights the graph does not give. */
export interface NoValueOutput {
  readonly layer: number;
  readonly to: number;
  readonly why: string;
}

/** What block after block is made of. */
export type FoundValueOutput = Omit<BlockValueOutput, "layer" | "to"> | Pick<NoValueOutput, "why">;

/**
 * The value and output weights of every head, block after block; those of one block are held, and of the one before.
 * Weights are as the file holds them: the gain of a norm before them is not folded in, a layer scale after them is.
 *
 * @param heads how many heads a block has; null: nobody knows.
 * @throws TokensphereError `input` for a file of weights that is gone.
 */
export async function* valueOutputs(
  opened: Pick<OpenedGraph, "graph" | "bytes" | "weightsFolder">,
  stream: ResidualStream,
  heads: number | null,
): AsyncGenerator<BlockValueOutput | NoValueOutput, void, undefined> {
  const index = indexGraph(opened.graph);
  const place = { bytes: opened.bytes, folder: opened.weightsFolder };
  const find = (layer: number) => blockWeights(index, place, stream, layer, heads);
  yield* blocksAlike(stream.layers, find, areSame);
}

/** Block after block, those in a row of which the same was found together; one is held beside the one that is read. */
export async function* blocksAlike<Of extends object>(
  layers: number,
  find: (layer: number) => Promise<Of>,
  same: (a: Of, b: Of) => boolean,
): AsyncGenerator<Of & { readonly layer: number; readonly to: number }, void, undefined> {
  let held: { readonly layer: number; readonly found: Of } | null = null;
  for (let layer = 0; layer < layers; layer++) {
    const found = await find(layer);
    if (held && same(held.found, found)) continue;
    if (held) yield { ...held.found, layer: held.layer, to: layer - 1 };
    held = { layer, found };
  }
  if (held) yield { ...held.found, layer: held.layer, to: layers - 1 };
}

/** The value and output weights of one block. */
export async function blockWeights(
  index: GraphIndex,
  place: ConstantPlace,
  stream: ResidualStream,
  layer: number,
  heads: number | null,
): Promise<FoundValueOutput> {
  const [from, to] = [stream.points[layer].tensor, stream.points[layer + 1].tensor];
  const attentions = stream.attentions[layer];
  const fused = attentions.length > 0 ? [] : fusedWithin(index, from, to);
  const route = findRoute(graphFile(index, place.bytes), attentions, fused);
  if ("why" in route) return route;
  if (heads !== null && heads !== route.heads) {
    return { why: `the values fall into ${route.heads} heads, attention has ${heads}` };
  }
  return headWeights(index, place, route);
}

function fusedWithin(index: GraphIndex, from: string, to: string) {
  const live = liveGraph(index, reachableFrom(index, from), from, to)?.live ?? new Set<number>();
  return [...live].map((k) => index.nodes[k]).filter(({ op }) => ATTENTION_OPS.has(op));
}

async function headWeights(index: GraphIndex, place: ConstantPlace, route: HeadRoute): Promise<FoundValueOutput> {
  const { heads, width, values, output, columns, rows } = route;
  const [v, o] = await Promise.all([readConstant(values.tensor, place), readConstant(output.tensor, place)]);
  if (v === null || o === null) {
    const drawn = place.folder === null && [values, output].some(({ tensor }) => tensor.location.kind === "external");
    return { why: drawn ? "the weights are drawn afresh" : "the weights are held in a form that is not read" };
  }
  const scale = await outputScale(index, place, route);
  const d = values.from;
  return {
    d,
    width,
    heads: Array.from({ length: heads }, (_, head) => {
      const own = { values: new Float32Array(d * width), output: new Float32Array(width * output.to) };
      for (let k = 0; k < width; k++) {
        const [column, row] = [columns[head * width + k], rows[head * width + k]];
        for (let i = 0; i < d; i++) own.values[i * width + k] = entry(values, v, i, column);
        for (let j = 0; j < output.to; j++) own.output[k * output.to + j] = entry(output, o, row, j) * scale(j);
      }
      return own;
    }),
  };
}

/** An entry of a projection, given the numbers of its tensor. */
export function entry(
  { transposed, from, to, factor }: Projection,
  numbers: Float32Array,
  row: number,
  column: number,
) {
  return factor * numbers[transposed ? column * from + row : row * to + column];
}

/** The layer scale of an output coordinate; 1 where there is none. */
async function outputScale(index: GraphIndex, place: ConstantPlace, { scales }: HeadRoute) {
  const tensors = scales.flatMap((name) => sourceConstant(index, name) ?? []);
  const read = await Promise.all(tensors.map((tensor) => readConstant(tensor, place)));
  const known = read.flatMap((numbers) => (numbers ? [numbers] : []));
  return (j: number) => known.reduce((product, numbers) => product * numbers[numbers.length === 1 ? 0 : j], 1);
}

/** Whether two blocks multiply by the same weights, or give none for the same reason. */
export function areSame(a: FoundValueOutput, b: FoundValueOutput): boolean {
  if ("why" in a || "why" in b) return "why" in a && "why" in b && a.why === b.why;
  const equal = (x: Float32Array, y: Float32Array) => x.length === y.length && x.every((value, i) => value === y[i]);
  return (
    a.heads.length === b.heads.length &&
    a.heads.every(({ values, output }, h) => equal(values, b.heads[h].values) && equal(output, b.heads[h].output))
  );
}

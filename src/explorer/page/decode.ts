import { leafOrder, type Tree } from "./clusters.ts";
import { BINS, type ExplorerSeries, type ExplorerText, NEAREST } from "./data-shape.ts";

/** A series with its numbers read. */
export interface Series {
  readonly name: string;
  readonly label: string;
  readonly beta: number | null;
  readonly n: number;
  /** Rows: layers, and of a network the half-steps between them where it has them. */
  readonly rows: number;
  readonly layers: number;
  readonly meanCosine: readonly (number | null)[];
  readonly kept: readonly number[];
  readonly points: Int16Array;
  readonly near: Uint16Array;
  readonly nearCosines: Int16Array;
  readonly edges: Uint16Array;
  readonly edgeCosines: Int16Array;
  readonly histogram: Uint16Array;
  readonly gram: Int8Array;
  /** Blocks along a side of the Gram matrix. */
  readonly side: number;
}

export interface Neighbour {
  readonly token: number;
  readonly cosine: number;
}

/** The bytes of base64: a plain loop, ten times as fast over a million of them as a function for each. */
function bytesOf(text: string): ArrayBuffer {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let k = 0; k < bytes.length; k++) bytes[k] = characters.charCodeAt(k);
  return bytes.buffer;
}

/** Reads the numbers of a series of a text of as many layers. */
export function decodeSeries(series: ExplorerSeries, { shown }: Pick<ExplorerText, "shown">, layers: number): Series {
  const gram = new Int8Array(bytesOf(series.gram));
  const cells = gram.length / Math.max(1, series.mean_cosine.length);
  return {
    name: series.name,
    label: series.label,
    beta: series.beta,
    n: shown,
    rows: series.mean_cosine.length,
    layers,
    meanCosine: series.mean_cosine,
    kept: series.kept,
    points: new Int16Array(bytesOf(series.points)),
    near: new Uint16Array(bytesOf(series.near)),
    nearCosines: new Int16Array(bytesOf(series.near_cosines)),
    edges: new Uint16Array(bytesOf(series.tree)),
    edgeCosines: new Int16Array(bytesOf(series.tree_cosines)),
    histogram: new Uint16Array(bytesOf(series.histogram)),
    gram,
    side: Math.round((Math.sqrt(8 * cells + 1) - 1) / 2),
  };
}

/** Whether a series has this row: a prediction may end before it. */
export function hasRow({ meanCosine }: Series, row: number): boolean {
  return typeof meanCosine[row] === "number";
}

/** The nearest tokens of a token of a row, nearest first. */
export function neighbours({ n, near, nearCosines }: Series, row: number, token: number): readonly Neighbour[] {
  const count = Math.min(NEAREST, n - 1);
  const from = (row * n + token) * count;
  return Array.from({ length: count }, (_, k) => ({
    token: near[from + k]!,
    cosine: nearCosines[from + k]! / 32767,
  }));
}

/** The spanning tree of a row. */
export function treeOf({ n, edges, edgeCosines }: Series, row: number): Tree {
  const from = row * (n - 1);
  return {
    n,
    edges: edges.subarray(2 * from, 2 * (from + n - 1)),
    cosines: edgeCosines.subarray(from, from + n - 1),
  };
}

/** The order in which matrices show the tokens of a row: by cluster, or as they come where the series has no such row. */
export function orderOf(series: Series, row: number): Uint16Array {
  return hasRow(series, row) ? leafOrder(treeOf(series, row)) : Uint16Array.from({ length: series.n }, (_, i) => i);
}

/** The histogram of a row as shares. */
export function histogramOf({ histogram }: Series, row: number): Float64Array {
  return Float64Array.from(histogram.subarray(row * BINS, (row + 1) * BINS), (value) => value / 65535);
}

/** The mean inner product of two blocks of the Gram matrix. */
export function gramCell({ gram, side }: Series, row: number, a: number, b: number): number {
  const [i, j] = a < b ? [a, b] : [b, a];
  const before = (i * (2 * side - i + 1)) / 2;
  return gram[(row * side * (side + 1)) / 2 + before + j - i]! / 127;
}

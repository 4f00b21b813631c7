import type { Cloud } from "../../probes/cloud.ts";
import { maximumSpanningTree } from "../../probes/numerics/maximum-spanning-tree.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { base64Of, toInt16 } from "./encode.ts";
import { leafOrder } from "./page/clusters.ts";
import { BINS, type ExplorerSeries, NEAREST } from "./page/data-shape.ts";

/** What every series of a text has in common. */
export interface SeriesFrame {
  /** Tokens that are shown. */
  readonly n: number;
  /** Number of layers of the network. */
  readonly layers: number;
  /** Orthonormal directions that tokens are projected on, at most three. */
  readonly directions: readonly Float64Array[];
  /** Blocks along a side of the Gram matrix. */
  readonly side: number;
  /** By row, the order in which the Gram matrix shows tokens: the network's own. */
  readonly orders: Uint16Array[];
}

/** Takes the clouds of a series one after the other, in any order of its rows: layers, then the half-steps between them. Nothing of them is kept but what is shown. */
export interface SeriesTaker {
  take(row: number, cloud: Cloud): void;
  done(named: Pick<ExplorerSeries, "name" | "label" | "beta">): ExplorerSeries;
}

/** Opens a series of as many rows. The first one of a frame, the network's, fills in its orders. */
export function openSeries(frame: SeriesFrame, rows = frame.layers): SeriesTaker {
  const { n, side } = frame;
  const near = Math.min(NEAREST, n - 1);
  const meanCosine = new Array<number | null>(rows).fill(null);
  const kept = new Array<number>(rows).fill(0);
  const points = new Int16Array(rows * n * 3);
  const nearest = new Uint16Array(rows * n * near);
  const cosines = new Int16Array(rows * n * near);
  const tree = new Uint16Array(rows * (n - 1) * 2);
  const treeCosines = new Int16Array(rows * (n - 1));
  const histogram = new Uint16Array(rows * BINS);
  const blocks = (side * (side + 1)) / 2;
  const gram = new Int8Array(rows * blocks);
  return {
    take(row, whole) {
      const cloud = { n, d: whole.d, x: Float64Array.from(whole.x.subarray(0, n * whole.d)) };
      const pairs = innerProducts(cloud, true);
      meanCosine[row] = round(pairs.reduce((sum, g) => sum + g, 0) / pairs.length);
      kept[row] = round(project(cloud, frame.directions, points, row * n * 3));
      findNearest(pairs, n, near, nearest, cosines, row * n * near);
      const edges = maximumSpanningTree(pairs, n);
      for (let e = 0; e < n - 1; e++) {
        const at = row * (n - 1) + e;
        tree.set([edges.from[e], edges.to[e]], 2 * at);
        treeCosines[at] = toInt16(edges.weight[e]);
      }
      frame.orders[row] ??= leafOrder({ n, edges: tree.subarray(row * (n - 1) * 2, (row + 1) * (n - 1) * 2) });
      countPairs(pairs, histogram.subarray(row * BINS, (row + 1) * BINS));
      gram.set(blockMeans(pairs, n, side, frame.orders[row]), row * blocks);
    },
    done: (named) => ({
      ...named,
      mean_cosine: meanCosine,
      kept,
      points: base64Of(points),
      near: base64Of(nearest),
      near_cosines: base64Of(cosines),
      tree: base64Of(tree),
      tree_cosines: base64Of(treeCosines),
      histogram: base64Of(histogram),
      gram: base64Of(gram),
    }),
  };
}

function round(value: number): number {
  return Math.round(value * 1e5) / 1e5;
}

/** Writes the projections of unit tokens and returns the share of squared length that they keep. */
function project(cloud: Cloud, directions: readonly Float64Array[], out: Int16Array, from: number): number {
  const { n, d, x } = cloud;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (const [k, direction] of directions.entries()) {
      let p = 0;
      for (let c = 0; c < d; c++) p += direction[c] * x[i * d + c];
      out[from + 3 * i + k] = toInt16(p);
      sum += p * p;
    }
  }
  return sum / n;
}

/** Place of the pair i ≠ j among the products i < j. */
function placeOf(i: number, j: number, n: number): number {
  const [a, b] = i < j ? [i, j] : [j, i];
  return (a * (2 * n - a - 1)) / 2 + b - a - 1;
}

/** Writes the `count` nearest of each token by insertion: they are few. */
function findNearest(
  pairs: Float64Array,
  n: number,
  count: number,
  tokens: Uint16Array,
  cosines: Int16Array,
  from: number,
): void {
  const best = new Float64Array(count);
  for (let i = 0; i < n; i++) {
    const row = tokens.subarray(from + i * count, from + (i + 1) * count);
    best.fill(Number.NEGATIVE_INFINITY);
    for (let j = 0; j < n; j++) {
      if (j === i) continue;
      const cosine = pairs[placeOf(i, j, n)];
      if (cosine <= best[count - 1]) continue;
      let k = count - 1;
      for (; k > 0 && best[k - 1] < cosine; k--) {
        best[k] = best[k - 1];
        row[k] = row[k - 1];
      }
      best[k] = cosine;
      row[k] = j;
    }
    for (let k = 0; k < count; k++) cosines[from + i * count + k] = toInt16(best[k]);
  }
}

function countPairs(pairs: Float64Array, out: Uint16Array): void {
  const counts = new Float64Array(BINS);
  for (const g of pairs) counts[Math.min(BINS - 1, Math.floor(((g + 1) / 2) * BINS))]++;
  for (let b = 0; b < BINS; b++) out[b] = Math.round((65535 * counts[b]) / pairs.length);
}

/** Means of the products of tokens of two blocks, blocks of equal numbers of tokens in an order; a token with itself counts as 1. */
function blockMeans(pairs: Float64Array, n: number, side: number, order: Uint16Array): Int8Array {
  const sums = new Float64Array((side * (side + 1)) / 2);
  const counts = new Float64Array(sums.length);
  const blockOf = (place: number) => Math.floor((place * side) / n);
  for (let a = 0; a < n; a++) {
    for (let b = a; b < n; b++) {
      const [i, j] = [blockOf(a), blockOf(b)];
      const cell = (i * (2 * side - i + 1)) / 2 + j - i;
      sums[cell] += a === b ? 1 : pairs[placeOf(order[a], order[b], n)];
      counts[cell]++;
    }
  }
  return Int8Array.from(sums, (sum, cell) => Math.round((127 * sum) / counts[cell]));
}

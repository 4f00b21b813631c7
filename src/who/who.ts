import type { Cloud64 } from "../../probes/cloud.ts";
import { connectedComponents } from "../../probes/clusters/clusters.ts";
import { type ClusterHistory, trackClusters } from "../../probes/clusters/track-clusters.ts";
import { coordinateContributions, coordinateShares } from "../../probes/coordinates/coordinate-shares.ts";
import { coordinatePeaks } from "../../probes/coordinates/massive-activations.ts";
import { nearestNeighbours } from "../../probes/neighbours/nearest-neighbours.ts";
import { tokenNorms } from "../../probes/products/norms.ts";
import { largestPlaces, pairPlace } from "./closest-pairs.ts";
import type { ClusterRow } from "./cluster-row.ts";
import type { CoordinateRow } from "./coordinate-row.ts";
import type { TextLayer, TextTokens } from "./text-layers.ts";
import type { TokenPairRow } from "./token-pair-row.ts";
import type { TokenRow } from "./token-row.ts";

/** What is asked of the tokens one by one. */
export interface WhoOptions {
  /** Tokens whose cosine is above it are in one cluster; default .9. */
  readonly join?: number;
  /** How many pairs of each layer; default 200. */
  readonly pairs?: number;
}

/** Tokens above this cosine are one cluster where nothing else is said. */
export const DEFAULT_JOIN = 0.9;

/** Pairs of each layer where nothing else is said. */
export const DEFAULT_PAIRS = 200;

/** Coordinates of each layer that are told of, besides those with massive activations. */
const TOP_COORDINATES = 5;

/** Who is near whom in one text, layer by layer: the rows of four tables. */
export interface Who {
  readonly tokens: readonly TokenRow[];
  readonly tokenPairs: readonly TokenPairRow[];
  readonly clusters: readonly ClusterRow[];
  readonly coordinates: readonly CoordinateRow[];
}

/** Looks at a text token by token. No more than two layers' clouds are held. */
export async function whoOf(
  layers: AsyncIterable<TextLayer & TextTokens>,
  text: number,
  { join = DEFAULT_JOIN, pairs = DEFAULT_PAIRS }: WhoOptions = {},
): Promise<Who> {
  const rows: Omit<TokenRow, "cluster">[][] = [];
  const tokenPairs: TokenPairRow[] = [];
  const coordinates: CoordinateRow[] = [];
  const labels: Uint32Array[] = [];
  const numbers: number[] = [];
  let before: Cloud64 | null = null;
  for await (const one of layers) {
    rows.push(tokenRows(one, text, before));
    tokenPairs.push(...closestRows(one, text, pairs));
    coordinates.push(...coordinateRows(one, text));
    labels.push(connectedComponents(one.pairs, one.cloud.n, join));
    numbers.push(one.layer);
    before = one.cloud;
  }
  const history = trackClusters(labels);
  const tokens = rows.flatMap((each, k) => each.map((row, i) => clustered(row, history.ids[k][i])));
  return { tokens, tokenPairs, clusters: clusterRows(history, numbers, text), coordinates };
}

function clustered(row: Omit<TokenRow, "cluster">, id: number): TokenRow {
  return { ...row, cluster: id < 0 ? null : id };
}

function tokenRows(
  { layer, cloud, raw, pairs, indices, token }: TextLayer & TextTokens,
  text: number,
  before: Cloud64 | null,
): Omit<TokenRow, "cluster">[] {
  const { n } = cloud;
  const nearest = nearestNeighbours(pairs, new Float64Array(n).fill(1), 1);
  const norms = tokenNorms(raw);
  return indices.map((position, i) => ({
    text,
    layer,
    i: position,
    token: token(i),
    nearest: indices[nearest[i]],
    cosine: pairs[placeOf(i, nearest[i], n)],
    norm: norms[i],
    moved: before && angle(before, cloud, i),
  }));
}

function placeOf(i: number, j: number, n: number): number {
  const [a, b] = i < j ? [i, j] : [j, i];
  return (a * (2 * n - a - 1)) / 2 + b - a - 1;
}

/** 2 atan2(‖u − v‖, ‖u + v‖) of unit tokens: exact for small angles too. */
function angle(a: Cloud64, b: Cloud64, i: number): number {
  let [less, more] = [0, 0];
  for (let p = i * a.d; p < (i + 1) * a.d; p++) {
    less += (a.x[p] - b.x[p]) ** 2;
    more += (a.x[p] + b.x[p]) ** 2;
  }
  return 2 * Math.atan2(Math.sqrt(less), Math.sqrt(more));
}

function closestRows(one: TextLayer & TextTokens, text: number, count: number): TokenPairRow[] {
  return largestPlaces(one.pairs, count).map((p) => pairRow(one, text, p, "closest", {}));
}

/** The row of pair p. */
export function pairRow(
  { layer, cloud, pairs, indices, token }: TextLayer & TextTokens,
  text: number,
  p: number,
  why: string,
  predicted: Readonly<Record<string, number>>,
): TokenPairRow {
  const { i, j } = pairPlace(p, cloud.n);
  const names = { i: indices[i], j: indices[j], token_i: token(i), token_j: token(j) };
  return { text, layer, ...names, cosine: pairs[p], why, predicted };
}

/** Those that carry most of the mean cosine, and those with massive activations. */
function coordinateRows({ layer, cloud, raw, indices, token }: TextLayer & TextTokens, text: number): CoordinateRow[] {
  const contributions = coordinateContributions(cloud);
  const shares = coordinateShares(contributions);
  const peaks = coordinatePeaks(raw);
  const top = new Set(largestPlaces(contributions, TOP_COORDINATES));
  const told = [...top, ...peaks.keys()].filter(
    (k, place) => place < top.size || (peaks[k].massive > 0 && !top.has(k)),
  );
  return told.map((coordinate) => {
    const { value, token: at, ratio, massive } = peaks[coordinate];
    const where = { value, i: indices[at], token: token(at), ratio, massive, d: cloud.d };
    const share = shares?.[coordinate] ?? null;
    return { text, layer, coordinate, contribution: contributions[coordinate], share, ...where };
  });
}

function clusterRows({ components, events, plateaus }: ClusterHistory, layers: readonly number[], text: number) {
  const happened = events.map(
    ({ layer, ...event }): ClusterRow => ({
      ...{ text, layer: layers[layer] },
      ...event,
      ...{ components: components[layer], until: null },
    }),
  );
  const rests = plateaus.map(
    ({ from, to, clusters, components: count }): ClusterRow => ({
      ...{ text, layer: layers[from], event: "plateau", cluster: null, other: null },
      ...{ size: clusters, components: count, until: layers[to] },
    }),
  );
  return [...happened, ...rests].sort((a, b) => a.layer - b.layer);
}

import type { RandomSource } from "../../models/random.ts";
import { type ClusterPoint, clusterCurve } from "../clusters/cluster-curve.ts";
import { isotropicTail } from "../numerics/isotropic-law.ts";
import { innerProducts, pairCount } from "../products/inner-products.ts";
import { isotropicCloud } from "./isotropic-cloud.ts";

/** Below this expected number of edges, cycles and larger components are too rare to count. */
const fewEdges = 0.01;
/** Multiplications that Monte Carlo may spend, and the draws it never goes below or above. */
const work = 2e7;
const fewestDraws = 8;
const mostDraws = 64;

/**
 * Expected clusters of n isotropic tokens at each threshold. Where edges are rare (transformer widths), n less their
 * expected number; else the mean over clouds drawn from `random`, more of them the smaller they are.
 */
export function isotropicClusters(
  n: number,
  d: number,
  thresholds: readonly number[],
  random: RandomSource,
): readonly ClusterPoint[] {
  const sparse = thresholds.map((threshold) => sparsePoint(n, d, threshold));
  const drawn = thresholds.filter((_, t) => sparse[t] === null);
  const means = drawn.length > 0 ? drawnPoints(n, d, drawn, random) : [];
  return thresholds.map((threshold, t) => sparse[t] ?? (means[drawn.indexOf(threshold)] as ClusterPoint));
}

function sparsePoint(n: number, d: number, threshold: number): ClusterPoint | null {
  const edges = pairCount(n) * isotropicTail(threshold, d);
  return edges < fewEdges ? { threshold, clusters: n - edges, largest: (1 + edges) / n } : null;
}

function drawnPoints(n: number, d: number, thresholds: readonly number[], random: RandomSource): ClusterPoint[] {
  const draws = Math.min(Math.max(Math.floor(work / (n * n * d)), fewestDraws), mostDraws);
  const curves = Array.from({ length: draws }, () =>
    clusterCurve(innerProducts(isotropicCloud(n, d, random), true), n, thresholds),
  );
  const mean = (f: (curve: readonly ClusterPoint[]) => number) => curves.reduce((s, c) => s + f(c), 0) / draws;
  return thresholds.map((threshold, t) => ({
    threshold,
    clusters: mean((curve) => curve[t].clusters),
    largest: mean((curve) => curve[t].largest),
  }));
}

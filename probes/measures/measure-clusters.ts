import { clusterCurve } from "../clusters/cluster-curve.ts";
import type { Floors } from "../floors/floors.ts";
import { type Measure, measureRow } from "./measure.ts";

/** Number of components and fraction in the largest, at each threshold, which the name carries. */
export function measureClusters(
  pairs: Float64Array,
  n: number,
  thresholds: readonly number[],
  floors: Floors,
): readonly Measure[] {
  return clusterCurve(pairs, n, thresholds).flatMap(({ threshold, clusters, largest }) =>
    [
      measureRow(`clusters_${threshold}`, clusters, floors),
      measureRow(`largest_cluster_${threshold}`, largest, floors),
    ].flat(),
  );
}

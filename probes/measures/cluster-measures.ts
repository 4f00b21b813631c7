import { clusterCurve } from "../clusters/cluster-curve.ts";
import { type Measure, measureRow } from "./measure.ts";

/** Number of components of unit tokens and share of them in the largest, at each threshold, which the name carries. */
export const clusterMeasures: Measure = {
  name: "clusters",
  about: "connected components above each cosine, and the share of the largest",
  rows({ unit, pairs, n, thresholds, isotropic }) {
    if (!unit) return [];
    const floors = isotropic?.values ?? {};
    return clusterCurve(pairs, n, thresholds).flatMap(({ threshold, clusters, largest }) => [
      ...measureRow(`clusters_${threshold}`, clusters, floors),
      ...measureRow(`largest_cluster_${threshold}`, largest, floors),
    ]);
  },
  owns: (row) => /^(clusters|largest_cluster)_/.test(row),
};

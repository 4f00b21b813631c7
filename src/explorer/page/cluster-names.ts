import { clustersAt, followNames } from "./clusters.ts";
import { hasRow, type Series, treeOf } from "./decode.ts";
import { restsOf, rowOf } from "./steps.ts";

/** Names of the clusters of every token, row by row. */
export type RowNames = readonly Int16Array[];

/** The network's clusters, whose names follow them through its depth. */
export function networkNames(series: Series, threshold: number): RowNames {
  const all: Int16Array[] = series.meanCosine.map(() => new Int16Array(series.n).fill(-1));
  let before: Int16Array | null = null;
  for (const rest of restsOf(series)) {
    const row = rowOf(series, rest);
    if (hasRow(series, row)) all[row] = followNames(clustersAt(treeOf(series, row), threshold), before);
    before = all[row]!;
  }
  return all;
}

/** A prediction's clusters, named for those of the network in the same row with which they share most tokens. */
export function predictedNames(series: Series, threshold: number, network: RowNames): RowNames {
  return series.meanCosine.map((_, row) =>
    hasRow(series, row)
      ? followNames(clustersAt(treeOf(series, row), threshold), network[row] ?? null)
      : new Int16Array(series.n).fill(-1),
  );
}

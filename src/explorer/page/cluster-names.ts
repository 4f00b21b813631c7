import { clustersAt, followNames } from "./clusters.ts";
import { hasLayer, type Series, treeOf } from "./decode.ts";

/** Names of the clusters of every token, layer by layer. */
export type LayerNames = readonly Int16Array[];

/** The network's clusters, whose names follow them from layer to layer. */
export function networkNames(series: Series, threshold: number): LayerNames {
  const all: Int16Array[] = [];
  for (const layer of series.meanCosine.keys()) {
    const none = () => new Int16Array(series.n).fill(-1);
    const names = () => followNames(clustersAt(treeOf(series, layer), threshold), all.at(-1) ?? null);
    all.push(hasLayer(series, layer) ? names() : none());
  }
  return all;
}

/** A prediction's clusters, named for those of the network after the same layer with which they share most tokens. */
export function predictedNames(series: Series, threshold: number, network: LayerNames): LayerNames {
  return network.map((names, layer) =>
    hasLayer(series, layer)
      ? followNames(clustersAt(treeOf(series, layer), threshold), names)
      : new Int16Array(series.n).fill(-1),
  );
}

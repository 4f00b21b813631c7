import { countClusters } from "./clusters.ts";
import { hasLayer, neighbours, type Series } from "./decode.ts";

/** A token without the space before it, or what stands for one that shows nothing. */
export function bareWord(words: readonly string[] | null, token: number): string {
  return words?.[token]?.trim() || (words?.[token] === undefined ? `#${token}` : "space");
}

/** The same in a list, where signs that could be the list's own stand in quotes. */
function listedWord(words: readonly string[] | null, token: number): string {
  const word = bareWord(words, token);
  return /[\p{L}\p{N}]/u.test(word) ? word : `“${word}”`;
}

/** "0.66", with a true minus. */
export function cosineText(value: number): string {
  return value.toFixed(2).replace("-", "−");
}

/** The six nearest of a token in one series, in words. */
export function nearestText(series: Series, layer: number, token: number, words: readonly string[] | null): string {
  if (!hasLayer(series, layer)) return `${series.label}: ${nothingHere(series)}`;
  const near = neighbours(series, layer, token).map(
    (one) => `${listedWord(words, one.token)} ${cosineText(one.cosine)}`,
  );
  return `${series.label}: ${near.join(", ")}`;
}

/** Why a series shows nothing after a layer: a network ends, a prediction was not made. */
export function nothingHere({ name }: Pick<Series, "name">): string {
  return /(^|\/)network$/.test(name) ? "no such layer" : "no prediction of this layer";
}

/** "layer 9"; between two, "9 to 10". */
export function layerName(layers: readonly number[], depth: number): string {
  const [before, after] = [layers[Math.floor(depth)], layers[Math.ceil(depth)]];
  return before === after ? `layer ${before}` : `${before} → ${after}`;
}

/** What a sphere shows, in words. */
export function seriesText(series: Series, layer: number, names: Int16Array): string {
  const beta = series.beta === null ? "" : `, β = ${series.beta.toPrecision(3)}`;
  const mean = series.meanCosine[layer];
  if (typeof mean !== "number") return `${series.label}${beta}: ${nothingHere(series)}`;
  const { clusters, tokens } = countClusters(names);
  const groups =
    clusters === 0
      ? "no clusters"
      : `${clusters} ${clusters === 1 ? "cluster" : "clusters"} of ${tokens} of ${series.n} tokens`;
  const kept = Math.round(100 * series.kept[layer]!);
  return `${series.label}${beta}: mean cosine ${cosineText(mean)} · ${groups} · seen: ${kept} % of squared length`;
}

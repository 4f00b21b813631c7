import { countClusters } from "./clusters.ts";
import { hasRow, neighbours, type Series } from "./decode.ts";
import { hasHalfSteps, rowOf } from "./steps.ts";

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

/** The six nearest of a token in one series where its depth rests, in words. */
export function nearestText(
  series: Series,
  layers: readonly number[],
  rest: number,
  token: number,
  words: readonly string[] | null,
): string {
  const row = rowOf(series, rest);
  const head = `${series.label}${layerBefore(series, layers, rest)}`;
  if (!hasRow(series, row)) return `${head}: ${nothingHere(series)}`;
  const near = neighbours(series, row, token).map((one) => `${listedWord(words, one.token)} ${cosineText(one.cosine)}`);
  return `${head}: ${near.join(", ")}`;
}

/** A token and its nearest in every series, a line each. */
export function nearestTexts(
  all: readonly (Series | null)[],
  layers: readonly number[],
  rest: number,
  token: number,
  words: readonly string[] | null,
): string {
  const told = all.filter((one) => one !== null).map((one) => nearestText(one, layers, rest, token, words));
  const head = `“${bareWord(words, token)}”, token ${token}, ${restName(layers, rest)}. Nearest by cosine, in all directions:`;
  return [head, ...told].join("\n");
}

/** Why a series shows nothing after a layer: a network ends, a prediction was not made. */
export function nothingHere({ name }: Pick<Series, "name">): string {
  return /(^|\/)network$/.test(name) ? "no such layer" : "no prediction of this layer";
}

/** "layer 9", "layer 9½"; while it moves between two, "9 → 10". */
export function layerName(layers: readonly number[], depth: number, rests: boolean): string {
  const [before, after] = [layers[Math.floor(depth)], layers[Math.ceil(depth)]];
  if (before === after) return `layer ${before}`;
  return rests ? `layer ${before}½` : `${before} → ${after}`;
}

/** What the controls of layer and threshold say: "Layer 9; tokens joined at cosine ≥ 0.80." */
export function momentText(layer: string, join: number): string {
  return `${layer[0]!.toUpperCase()}${layer.slice(1)}; tokens joined at cosine ≥ ${cosineText(join)}.`;
}

/** Where the depth rests: "after layer 9". */
export function restName(layers: readonly number[], rest: number): string {
  const [before, after] = [layers[Math.floor(rest)], layers[Math.ceil(rest)]];
  return before === after
    ? `after layer ${before}`
    : `between layers ${before} and ${after}, after attention and before the MLP`;
}

/** That a series without half-steps is seen as after the layer before one; empty where it is seen as after what the depth rests at. */
export function layerBefore(series: Series, layers: readonly number[], rest: number): string {
  return Number.isInteger(rest) || hasHalfSteps(series) ? "" : ` after layer ${layers[Math.floor(rest)]}`;
}

/** What a sphere shows where its depth rests, in words. */
export function seriesText(series: Series, layers: readonly number[], rest: number, names: Int16Array): string {
  const beta = series.beta === null ? "" : `, β = ${series.beta.toPrecision(3)}`;
  const row = rowOf(series, rest);
  const mean = series.meanCosine[row];
  const head = `${series.label}${beta}${layerBefore(series, layers, rest)}`;
  if (typeof mean !== "number") return `${head}: ${nothingHere(series)}`;
  const { clusters, tokens } = countClusters(names);
  const groups =
    clusters === 0
      ? "no clusters"
      : `${clusters} ${clusters === 1 ? "cluster" : "clusters"} of ${tokens} of ${series.n} tokens`;
  const kept = Math.round(100 * series.kept[row]!);
  return `${head}: mean cosine ${cosineText(mean)} · ${groups} · seen: ${kept} % of squared length`;
}

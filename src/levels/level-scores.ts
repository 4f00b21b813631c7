import { sortValues } from "../../probes/numerics/sort-values.ts";
import { wasserstein1Sorted } from "../../probes/numerics/wasserstein1.ts";
import { closestInCommon, productCorrelation } from "../../probes/pairs/product-agreement.ts";
import type { RivalPrediction } from "../rivals/rival.ts";
import { clusterAgreement } from "./cluster-agreement.ts";
import { displacementCosine } from "./displacement.ts";
import { keptProducts, type ObservedText } from "./observed-text.ts";
import { type PairErrors, pairErrors } from "./pair-errors.ts";
import { type TokenErrors, tokenErrors } from "./token-errors.ts";

/** One prediction beside one text: errors, from which skills and differences follow, and what is said of the last layer. */
export interface TextLevels {
  /** Mean W1 of inner products over the layers; `null` where it says nothing of them. */
  readonly w1: number | null;
  readonly pairs: PairErrors | null;
  /** At the last of the layers. */
  readonly tokens: TokenErrors | null;
  readonly pair_correlation: number | null;
  readonly closest_1_percent: number | null;
  readonly cluster_agreement: number | null;
  readonly displacement_cosine: number | null;
}

/** Measures a prediction at some layers, the last of which stands for where tokens came to. */
export function textLevels(text: ObservedText, said: RivalPrediction, layers: readonly number[]): TextLevels {
  const prediction = keptProducts(text, said);
  const last = layers[layers.length - 1];
  const [observed, predicted] = [text.products(last), prediction.products(last)];
  const cloud = prediction.cloud?.(last) ?? null;
  return {
    w1: meanDistance(text, prediction, layers),
    pairs: pairErrors(text, prediction, layers),
    tokens: tokenErrors(text, prediction, last),
    pair_correlation: predicted && productCorrelation(observed, predicted),
    closest_1_percent: predicted && closestInCommon(observed, predicted),
    cluster_agreement: predicted && clusterAgreement(observed, predicted, text.n),
    displacement_cosine: cloud && displacementCosine(text.clouds[0], text.clouds[last], cloud),
  };
}

function meanDistance(
  text: ObservedText,
  { products, drawn = products }: RivalPrediction,
  layers: readonly number[],
): number | null {
  let sum = 0;
  for (const k of layers) {
    const predicted = drawn(k);
    if (predicted === null) return null;
    sum += wasserstein1Sorted(text.sorted(k), sortValues(predicted.slice()));
  }
  return sum / layers.length;
}

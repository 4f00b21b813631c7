import type { Cloud } from "../../probes/cloud.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import type { FitText } from "../fit/fit-text.ts";
import type { LevelPrediction } from "./level-prediction.ts";

/** A text with its inner products, computed once a layer. */
export interface ObservedText extends FitText {
  /** Products of the pairs i < j after fitted layer k. */
  readonly products: (k: number) => Float64Array;
  /** The same, smallest first. */
  readonly sorted: (k: number) => Float64Array;
}

export function observedText(text: FitText): ObservedText {
  const products = once((k: number) => innerProducts(text.clouds[k], true));
  return { ...text, products, sorted: once((k) => products(k).slice().sort()) };
}

/** Clouds as a prediction: the products follow. */
export function predictionOf(clouds: readonly (Cloud | null)[]): LevelPrediction {
  const products = once((k) => {
    const cloud = clouds[k];
    return cloud ? innerProducts(cloud, true) : null;
  });
  return { cloud: (k) => clouds[k] ?? null, products };
}

function once<T>(make: (k: number) => T): (k: number) => T {
  const made = new Map<number, T>();
  return (k) => {
    const known = made.get(k);
    if (known !== undefined) return known;
    const value = make(k);
    made.set(k, value);
    return value;
  };
}

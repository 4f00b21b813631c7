import { sortValues } from "../../probes/numerics/sort-values.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { once } from "../rivals/kernels/once.ts";
import type { RivalPrediction } from "../rivals/rival.ts";
import type { FitText } from "../trajectories/fit-text.ts";

/** A text with its inner products, computed once a layer. */
export interface ObservedText extends FitText {
  /** Products of the pairs i < j after fitted layer k. */
  readonly products: (k: number) => Float64Array;
  /** The same, smallest first. */
  readonly sorted: (k: number) => Float64Array;
}

export function observedText(text: FitText): ObservedText {
  const products = once((k: number) => innerProducts(text.clouds[k], true));
  return { ...text, products, sorted: once((k) => sortValues(products(k).slice())) };
}

/** The same prediction, which computes the products of each layer once. */
export function keptProducts({ products, ...prediction }: RivalPrediction): RivalPrediction {
  return { ...prediction, products: once(products) };
}

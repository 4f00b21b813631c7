import { sortValues } from "../../probes/numerics/sort-values.ts";
import { innerProducts, pairCount } from "../../probes/products/inner-products.ts";
import { once } from "../rivals/kernels/once.ts";
import type { RivalPrediction } from "../rivals/rival.ts";
import type { FitText } from "../trajectories/fit-text.ts";

/** Products that are all held, in numbers: of larger clouds only the last layer's are, as who asks goes from layer to layer. */
const HELD = 2 ** 23;

/** A text with its inner products, computed once a layer unless they are very many. */
export interface ObservedText extends FitText {
  /** Products of the pairs i < j after fitted layer k. */
  readonly products: (k: number) => Float64Array;
  /** The same, smallest first. */
  readonly sorted: (k: number) => Float64Array;
}

export function observedText(text: FitText): ObservedText {
  const products = onceIfFew(text, (k) => innerProducts(text.clouds[k], true));
  return { ...text, products, sorted: once((k) => sortValues(products(k).slice())) };
}

/** The same prediction of a text, which computes the products of each layer once unless they are very many. */
export function keptProducts(text: FitText, { products, ...prediction }: RivalPrediction): RivalPrediction {
  return { ...prediction, products: onceIfFew(text, products) };
}

function onceIfFew<T>({ n, clouds }: FitText, make: (k: number) => T): (k: number) => T {
  return clouds.length * pairCount(n) <= HELD ? once(make) : lastOnly(make);
}

function lastOnly<T>(make: (k: number) => T): (k: number) => T {
  let last: { readonly k: number; readonly value: T } | null = null;
  return (k) => {
    if (last?.k === k) return last.value;
    last = null; // Let go of before there is another.
    last = { k, value: make(k) };
    return last.value;
  };
}

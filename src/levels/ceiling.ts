import { permutation, type RandomSource } from "../../models/random.ts";
import { mean } from "../../probes/numerics/mean.ts";
import { between } from "../../probes/numerics/quantiles.ts";
import { sortValues } from "../../probes/numerics/sort-values.ts";
import { wasserstein1Sorted } from "../../probes/numerics/wasserstein1.ts";
import { pairCount } from "../../probes/products/inner-products.ts";
import type { ObservedText } from "./observed-text.ts";

/** How well anything could do, as skills beside nothing moving. */
export interface Ceiling {
  /** By what others say: other texts, or of one text the other half of its tokens. */
  readonly lower: number;
  /** By what others and itself say. */
  readonly upper: number;
  readonly by: "texts" | "halves";
}

/** Inner products of a text by layer as quantiles at even levels, so that texts of different sizes can be compared. */
export type LayerQuantiles = readonly Float64Array[];

const LEVELS = 256;
/** Splits of the tokens into halves, each used both ways. */
const SPLITS = 10;

/** Quantiles of every layer of a text. */
export function layerQuantiles(text: ObservedText): LayerQuantiles {
  return text.clouds.map((_, k) => evenQuantiles(text.sorted(k)));
}

/**
 * The noise ceiling of the distribution (Nili et al. 2014): the change of each text predicted by the mean change of the others (lower)
 * and of all (upper). `null` of one text, and where nothing changes.
 */
export function ceilingOfTexts(texts: readonly LayerQuantiles[]): Ceiling | null {
  if (texts.length < 2) return null;
  const changes = texts.map((layers) => layers.map((one) => less(one, layers[0])));
  const skillBy = (others: (t: number) => readonly (readonly Float64Array[])[]) =>
    mean(texts.map((layers, t) => skillOf(layers, meanChange(others(t)))));
  const [lower, upper] = [skillBy((t) => changes.filter((_, s) => s !== t)), skillBy(() => changes)];
  return Number.isFinite(lower) ? { lower, upper, by: "texts" } : null;
}

/**
 * The same of one text: each half of its tokens predicted by the other (lower) and by all (upper), mean over random halves. Halves have
 * fewer pairs than the whole, so that the ceiling lies a little low. `null` below eight tokens, and where nothing changes.
 */
export function ceilingOfHalves(text: ObservedText, random: RandomSource): Ceiling | null {
  const { n, clouds } = text;
  if (n < 8) return null;
  const lower: number[] = [];
  const upper: number[] = [];
  for (let s = 0; s < SPLITS; s++) {
    const side = halves(n, random);
    const of = [0, 1].map((half) => clouds.map((_, k) => pairsOf(text.products(k), side, half)));
    for (const [own, other] of [of, [of[1], of[0]]]) {
      lower.push(ratioSkill(own, other));
      upper.push(
        ratioSkill(
          own,
          clouds.map((_, k) => text.sorted(k)),
        ),
      );
    }
  }
  return Number.isFinite(mean(lower)) ? { lower: mean(lower), upper: mean(upper), by: "halves" } : null;
}

/** 1 − Σ W1(own, other) / Σ W1(own, own at the start), over layers after the first. */
function ratioSkill(own: readonly Float64Array[], other: readonly Float64Array[]): number {
  let error = 0;
  let moved = 0;
  for (let k = 1; k < own.length; k++) {
    error += wasserstein1Sorted(own[k], other[k]);
    moved += wasserstein1Sorted(own[k], own[0]);
  }
  return 1 - error / moved;
}

function skillOf(layers: LayerQuantiles, change: readonly Float64Array[]): number {
  let error = 0;
  let moved = 0;
  for (let k = 1; k < layers.length; k++) {
    for (let q = 0; q < LEVELS; q++) {
      const real = layers[k][q] - layers[0][q];
      error += Math.abs(real - change[k][q]);
      moved += Math.abs(real);
    }
  }
  return 1 - error / moved;
}

function meanChange(changes: readonly (readonly Float64Array[])[]): readonly Float64Array[] {
  return changes[0].map((first, k) => first.map((_, q) => mean(changes.map((one) => one[k][q]))));
}

function less(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, q) => value - b[q]);
}

/** At even levels, by Hazen's positions. */
function evenQuantiles(sorted: Float64Array): Float64Array {
  return Float64Array.from({ length: LEVELS }, (_, q) => between(sorted, ((q + 0.5) / LEVELS) * sorted.length - 0.5));
}

/** Which half each token is in: 0 or 1, as many of each as can be. */
function halves(n: number, random: RandomSource): Uint8Array {
  const order = permutation(n, random);
  const side = new Uint8Array(n);
  for (let i = 0; i < n; i += 2) side[order[i]] = 1;
  return side;
}

/** The products of the pairs within a half, smallest first. */
function pairsOf(products: Float64Array, side: Uint8Array, half: number): Float64Array {
  const n = side.length;
  const tokens = Int32Array.from({ length: n }, (_, i) => i).filter((i) => side[i] === half);
  const out = new Float64Array(pairCount(tokens.length));
  let at = 0;
  for (const [a, i] of tokens.entries()) {
    const row = (i * (2 * n - i - 1)) / 2 - i - 1;
    for (let b = a + 1; b < tokens.length; b++) out[at++] = products[row + tokens[b]];
  }
  return sortValues(out);
}

import { jackknifeInterval } from "../../probes/products/jackknife.ts";
import type { RivalPrediction } from "../rivals/rival.ts";
import type { ObservedText } from "./observed-text.ts";

/** Products of the observed change of inner products and two predicted ones, summed over pairs and layers; and each token's part. */
export interface CrossSums {
  readonly total: Sums;
  readonly byToken: readonly Sums[];
}

/** Of the observed change y and predictions a, b: yy, ya, yb, aa, ab, bb. */
type Sums = readonly [number, number, number, number, number, number];

/**
 * Shares of Σ (G − G(0))² over pairs and layers (commonality analysis; Newton and Spurrell 1967): what only the first prediction can give, what
 * only the second, and what both can. They may be slightly negative where predictions pull against each other.
 */
export interface Partition {
  readonly unique: number;
  readonly other: number;
  readonly shared: number;
  /** Of `unique`, by leaving out tokens; `null` where that says nothing. */
  readonly unique_interval: readonly [number, number] | null;
}

/** Sums over the pairs of a text at these layers; `null` where a prediction says nothing of one of them. */
export function crossSums(
  text: ObservedText,
  [a, b]: readonly [RivalPrediction, RivalPrediction],
  layers: readonly number[],
): CrossSums | null {
  const { n } = text;
  const start = text.products(0);
  const all = new Float64Array(6 * n);
  for (const k of layers) {
    const [y, pa, pb] = [text.products(k), a.products(k), b.products(k)];
    if (pa === null || pb === null) return null;
    let p = 0;
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++, p++) {
        const dy = y[p] - start[p];
        const da = pa[p] - start[p];
        const db = pb[p] - start[p];
        addProducts(all, 6 * i, dy, da, db);
        addProducts(all, 6 * j, dy, da, db);
      }
    }
  }
  const byToken = Array.from({ length: n }, (_, i) => sums((s) => all[6 * i + s]));
  return { byToken, total: sums((s) => byToken.reduce((sum, one) => sum + one[s], 0) / 2) };
}

function addProducts(all: Float64Array, at: number, y: number, a: number, b: number): void {
  all[at] += y * y;
  all[at + 1] += y * a;
  all[at + 2] += y * b;
  all[at + 3] += a * a;
  all[at + 4] += a * b;
  all[at + 5] += b * b;
}

/** The partition over all texts; the interval leaves out one token of one text at a time. `null` where nothing changes. */
export function partitionOf(texts: readonly CrossSums[]): Partition | null {
  const total = sums((s) => texts.reduce((sum, one) => sum + one.total[s], 0));
  const found = parts(total);
  if (found === null) return null;
  const without = texts.flatMap(({ byToken }) => byToken.map((one) => parts(sums((s) => total[s] - one[s]))));
  const known = without.flatMap((one) => (one === null ? [] : [one.unique]));
  const interval =
    known.length === without.length && known.length >= 5
      ? jackknifeInterval(found.unique, Float64Array.from(known), 1, [-1, 1])
      : null;
  return { ...found, unique_interval: interval && [interval.lo, interval.hi] };
}

function parts(s: Sums): Omit<Partition, "unique_interval"> | null {
  const [yy, ya, yb, aa, ab, bb] = s;
  if (!(yy > 0)) return null;
  const one = (cross: number, own: number) => (own > 0 ? cross ** 2 / (own * yy) : 0);
  const [byA, byB] = [one(ya, aa), one(yb, bb)];
  const determinant = aa * bb - ab * ab;
  const both =
    determinant > 1e-12 * aa * bb
      ? (ya * ya * bb - 2 * ya * yb * ab + yb * yb * aa) / (determinant * yy)
      : Math.max(byA, byB);
  return { unique: both - byB, other: both - byA, shared: byA + byB - both };
}

function sums(of: (s: number) => number): Sums {
  return [of(0), of(1), of(2), of(3), of(4), of(5)];
}

import { permutation, type RandomSource } from "../../models/random.ts";
import { centred, dot, largest, scale } from "../numerics/vectors.ts";
import { signedShare } from "./field-shares.ts";
import type { LayerStep, ProductsAcross } from "./layer-step.ts";
import { LANES } from "./permute-kernel.ts";
import { permutedPairs, type Stretch } from "./permuted-pairs.ts";
import type { Remainder } from "./without-selection.ts";

/** Pairs of a stretch, which stay near the processor, and numbers of permuted columns that are multiplied at once: a call is dear. */
const STRETCH = 2048;
const BATCH = 1e6;
/** A permuted field that has less than this part of its square outside the functions without selection adds nothing. */
const OUTSIDE = 1e-12;

/** Shares of one field under each permutation of its tokens. */
export interface ShuffledShares {
  readonly added: Float64Array;
  readonly partial: Float64Array;
}

/** Permutations of n tokens. */
export function permutations(n: number, draws: number, random: RandomSource): readonly Int32Array[] {
  return Array.from({ length: draws }, () => permutation(n, random));
}

/** The least p that a permutation test can give: 1/(draws + 1), or 1/n! where there are fewer orders than that. */
export function leastP(n: number, draws: number): number {
  let orders = 1;
  for (let k = 2; k <= n && orders <= draws; k++) orders *= k;
  return 1 / Math.min(orders, draws + 1);
}

/**
 * What fields would add were their tokens others: the field's change of the pair (i, j) is that of (π(i), π(j)). Where a field is
 * given at several β, each draw takes the β at which it adds most, as was done of the field itself.
 *
 * All fields and draws at once, as products of matrices over a stretch of pairs: permuting the field is permuting the other side the
 * other way round.
 *
 * @param fields - For each field its changes of inner products, over pairs i < j: one, or one for each β.
 */
export async function shuffledShares(
  { n }: LayerStep,
  remainder: Remainder,
  fields: readonly (readonly Float64Array[])[],
  orders: readonly Int32Array[],
  across: ProductsAcross,
): Promise<readonly ShuffledShares[]> {
  // All functions without selection and what they leave are permuted together.
  const permuted = permutedPairs(
    [...remainder.basis, remainder.rest],
    n,
    Math.max(BATCH, LANES * Math.max(STRETCH, n)),
  );
  const curves = fields.flat().map(centredUnit);
  const width = curves.length;
  const squares = curves.map((curve) => dot(curve, curve));
  const products = new Float64Array(orders.length * LANES * width);
  for (const stretch of stretches(n)) {
    const { start, pairs } = stretch;
    const some = { n: width, d: pairs, x: new Float64Array(width * pairs) };
    for (const [c, curve] of curves.entries()) some.x.set(curve.subarray(start, start + pairs), c * pairs);
    const size = Math.max(1, Math.floor(BATCH / (LANES * pairs)));
    for (let first = 0; first < orders.length; first += size) {
      const drawn = orders.slice(first, first + size);
      for (const [k, order] of drawn.entries()) permuted.write(order, stretch, k * LANES * pairs);
      const rows = drawn.length * LANES;
      const part = await across({ n: rows, d: pairs, x: permuted.out.subarray(0, rows * pairs) }, some);
      addAt(products, first * LANES * width, part);
    }
  }
  const shares = fields.map(() => ({
    added: new Float64Array(orders.length),
    partial: new Float64Array(orders.length),
  }));
  const ofDraw = LANES * width;
  for (let draw = 0; draw < orders.length; draw++)
    keepBest(shares, draw, fields, products.subarray(draw * ofDraw, (draw + 1) * ofDraw), squares, remainder);
  return shares;
}

function stretches(n: number): readonly Stretch[] {
  const out: Stretch[] = [];
  for (let from = 0, start = 0; from < n - 1; ) {
    let [to, pairs] = [from, 0];
    while (to < n - 1 && (pairs === 0 || pairs + n - 1 - to <= STRETCH)) pairs += n - 1 - to++;
    out.push({ from, to, start, pairs });
    from = to;
    start += pairs;
  }
  return out;
}

function addAt(out: Float64Array, at: number, values: Float64Array): void {
  for (let p = 0; p < values.length; p++) out[at + p] += values[p];
}

/** @param own - Products of each column with each curve in this draw; the last column behind the basis is what is left of ΔG. */
function keepBest(
  shares: readonly ShuffledShares[],
  draw: number,
  fields: readonly (readonly Float64Array[])[],
  own: Float64Array,
  squares: readonly number[],
  { basis, restSquared, total }: Remainder,
): void {
  const width = squares.length;
  let c = 0;
  for (const [f, curves] of fields.entries()) {
    let best = Number.NEGATIVE_INFINITY;
    for (const _ of curves) {
      let square = squares[c];
      for (let r = 0; r < basis.length; r++) square -= own[r * width + c] ** 2;
      const there = square > OUTSIDE * squares[c];
      const along = own[basis.length * width + c];
      const added = there ? signedShare(along, total, square) : 0;
      if (added > best) {
        best = added;
        shares[f].added[draw] = added;
        shares[f].partial[draw] = there ? signedShare(along, restSquared, square) : 0;
      }
      c++;
    }
  }
}

/** Less its mean, which no permutation changes and which selects nothing; at a scale of order 1. */
function centredUnit(change: Float64Array): Float64Array {
  const out = centred(change);
  const most = largest(out);
  return most > 0 ? scale(out, 1 / most) : out;
}

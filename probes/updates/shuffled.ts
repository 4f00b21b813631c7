import { permutation, type RandomSource } from "../../models/random.ts";
import { dot } from "../numerics/orthonormal-columns.ts";
import { pairCount } from "../products/inner-products.ts";
import { signedShare } from "./field-shares.ts";
import type { LayerStep, ProductsAcross } from "./layer-step.ts";
import type { Remainder } from "./without-selection.ts";

/** Numbers of one batch of permuted columns: 4 MB, near the processor. */
const BATCH = 5e5;
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
 * All fields and draws at once, as products of matrices: permuting the field is permuting the other side the other way round.
 *
 * @param fields - For each field its changes of inner products, over pairs i < j: one, or one for each β.
 */
export async function shuffledShares(
  { n, change }: LayerStep,
  remainder: Remainder,
  fields: readonly (readonly Float64Array[])[],
  orders: readonly Int32Array[],
  across: ProductsAcross,
): Promise<readonly ShuffledShares[]> {
  const pairs = change.length;
  const columns = [...remainder.basis, remainder.rest];
  const whole = columns.map((column) => wholeColumn(column, n));
  const curves = fields.flat().map(centredUnit);
  const flat = new Float64Array(curves.length * pairs);
  for (const [c, curve] of curves.entries()) flat.set(curve, c * pairs);
  const squares = curves.map((curve) => dot(curve, curve));
  const shares = fields.map(() => ({
    added: new Float64Array(orders.length),
    partial: new Float64Array(orders.length),
  }));
  const size = Math.min(orders.length, Math.max(1, Math.floor(BATCH / (columns.length * pairs))));
  const x = new Float64Array(size * columns.length * pairs);
  for (let from = 0; from < orders.length; from += size) {
    const some = orders.slice(from, from + size);
    permuteInto(whole, some, n, x);
    const rows = some.length * columns.length;
    const permuted = { n: rows, d: pairs, x: x.subarray(0, rows * pairs) };
    const products = await across(permuted, { n: curves.length, d: pairs, x: flat });
    for (let draw = 0; draw < some.length; draw++) {
      const at = draw * columns.length * curves.length;
      const own = products.subarray(at, at + columns.length * curves.length);
      keepBest(shares, from + draw, fields, own, squares, remainder);
    }
  }
  return shares;
}

/** @param own - Products of each column with each curve in this draw; the last column is what is left of ΔG. */
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

/** Every column under every permutation, one after the other. A row of a column at a time: it stays near the processor. */
function permuteInto(
  columns: readonly Float64Array[],
  orders: readonly Int32Array[],
  n: number,
  out: Float64Array,
): void {
  const pairs = pairCount(n);
  for (const [k, order] of orders.entries()) {
    for (const [c, column] of columns.entries()) {
      let p = (k * columns.length + c) * pairs;
      for (let i = 0; i < n; i++) {
        const row = order[i] * n;
        for (let j = i + 1; j < n; j++) out[p++] = column[row + order[j]];
      }
    }
  }
}

/** The whole symmetric n × n matrix of a column over pairs i < j. */
function wholeColumn(column: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  let p = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++, p++) {
      out[i * n + j] = column[p];
      out[j * n + i] = column[p];
    }
  }
  return out;
}

/** Less its mean, which no permutation changes and which selects nothing; at a scale of order 1. */
function centredUnit(change: Float64Array): Float64Array {
  const mean = change.reduce((sum, value) => sum + value, 0) / change.length;
  const out = change.map((value) => value - mean);
  const largest = out.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return largest > 0 ? out.map((value) => value / largest) : out;
}

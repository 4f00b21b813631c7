import { factorize } from "../numerics/solve-linear.ts";
import { dot } from "../numerics/vectors.ts";
import { pairCount } from "../products/inner-products.ts";
import { signedShare } from "./field-shares.ts";
import type { LayerStep } from "./layer-step.ts";
import type { Remainder } from "./without-selection.ts";

/** Tokens below which a jackknife says nothing. */
export const FEWEST_TOKENS = 5;

/** A field's shares with the pairs of one token left out, for each token. */
export interface SharesWithout {
  readonly partial: Float64Array;
  readonly added: Float64Array;
}

/** Gives the shares without each token, of what a field has outside the functions without selection (`outsideBasis`). */
export type LeaveOneOut = (own: Float64Array) => SharesWithout | null;

/**
 * `partial` and `added` with each token's pairs left out, both sides regressed anew on the functions without selection; the field
 * and these functions stay those of all tokens. From sums over each token's pairs: O(n²) a field for all tokens together, then
 * some ten numbers a token.
 *
 * @returns `null` where there are too few tokens, or too few pairs without one of them. What it gives is `null` where the field
 *   has nothing outside the functions without selection.
 */
export function leaveOneOut({ n, change }: LayerStep, { basis, rest, leaves }: Remainder): LeaveOneOut | null {
  if (n < FEWEST_TOKENS || !leaves || pairCount(n - 1) <= basis.length) return null;
  const size = basis.length;
  const grams = basis.map((a, r) => basis.slice(0, r + 1).map((b) => tokenSums(n, a, b)));
  const rests = basis.map((a) => tokenSums(n, a, rest));
  const totals = totalsWithout(n, change);
  const [restAll, restOwn] = [dot(rest, rest), tokenSums(n, rest, rest)];
  const solvers = Array.from({ length: n }, (_, t) => {
    const matrix = new Float64Array(size * size);
    for (let r = 0; r < size; r++) {
      for (let c = 0; c < size; c++)
        matrix[r * size + c] = (r === c ? 1 : 0) - grams[Math.max(r, c)][Math.min(r, c)][t];
    }
    return factorize(matrix, size);
  });
  return (own) => {
    const square = dot(own, own);
    if (square === 0) return null;
    const along = dot(rest, own);
    const [owns, squares, alongs] = [
      basis.map((a) => tokenSums(n, a, own)),
      tokenSums(n, own, own),
      tokenSums(n, rest, own),
    ];
    const [partial, added] = [new Float64Array(n), new Float64Array(n)];
    for (let t = 0; t < n; t++) {
      const b = Float64Array.from(owns, (sums) => sums[t]);
      const c = Float64Array.from(rests, (sums) => sums[t]);
      const solve = solvers[t];
      if (solve === null) return null;
      const [solvedOwn, solvedRest] = [solve(b), solve(c)];
      const ownLeft = square - squares[t] - dot(b, solvedOwn);
      const restLeft = restAll - restOwn[t] - dot(c, solvedRest);
      const alongLeft = along - alongs[t] - dot(b, solvedRest);
      if (!(ownLeft > 0 && restLeft > 0 && totals[t] > 0)) return null;
      partial[t] = signedShare(alongLeft, restLeft, ownLeft);
      added[t] = signedShare(alongLeft, totals[t], ownLeft);
    }
    return { partial, added };
  };
}

/** Σ (ΔG − mean)² over the pairs without each token. */
function totalsWithout(n: number, change: Float64Array): Float64Array {
  const ones = new Float64Array(change.length).fill(1);
  const [sums, squares] = [tokenSums(n, change, ones), tokenSums(n, change, change)];
  const [all, allSquared, left] = [dot(change, ones), dot(change, change), pairCount(n - 1)];
  return sums.map((sum, t) => allSquared - squares[t] - (all - sum) ** 2 / left);
}

/** Σ a_p b_p over the pairs of each token. */
function tokenSums(n: number, a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(n);
  let p = 0;
  for (let i = 0; i < n; i++) {
    let row = 0;
    for (let j = i + 1; j < n; j++) {
      const value = a[p] * b[p++];
      row += value;
      out[j] += value;
    }
    out[i] += row;
  }
  return out;
}

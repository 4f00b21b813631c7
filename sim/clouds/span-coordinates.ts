import { eachProduct } from "../../probes/products/fast-products.ts";
import { transpose } from "../../probes/products/gram-matrix.ts";
import { norm } from "./norm.ts";

/** Coordinates of a cloud in an orthonormal basis of a space that holds it. */
export interface SpanCoordinates {
  readonly n: number;
  /** Coordinates per token: min(n, d), or fewer where the cloud was asked to leave out what is negligible. */
  readonly k: number;
  readonly d: number;
  /** `[n, k]`: inner products are those of the cloud. */
  readonly y: Float64Array;
  /** `[k, d]`, orthonormal rows, zero rows where the cloud spans less; `null`: the coordinates are the cloud itself. */
  readonly basis: Float64Array | null;
}

/** Multiplications from which a cloud is lifted by the kernel of products. */
const MANY = 100_000;

/** A unit row with less than this outside the span of those before it adds no direction: below it is rounding. */
const DEPENDENT = 1e-14;

/**
 * Writes n unit rows of R^d in min(n, d) coordinates: x = y · basis, so that ⟨y_i, y_j⟩ = ⟨x_i, x_j⟩. Where Q = K = V = I
 * the flow stays in the span of its start and may be integrated in y (exact to rounding).
 *
 * Gram–Schmidt, each row orthogonalized until it no longer shrinks ("twice is enough", Parlett & Kahan), O(n² d).
 *
 * @param x - `[n, d]`, unit rows. Returned as it is where n ≥ d.
 */
export function spanCoordinates(x: Float64Array, n: number, d: number): SpanCoordinates {
  if (n >= d) return { n, k: d, d, y: x, basis: null };
  return inBasis(x, n, d, DEPENDENT);
}

/**
 * The same in as few coordinates as the cloud needs but for lengths below `negligible`, at least two and at most min(n, d): a factorized
 * embedding, 128 wide in an ALBERT, spans so many directions and rounding of single precision all others. The row that lies farthest
 * outside comes next, so that no direction is made of rounding. Where nothing can be left out the rows are taken in their own order. O(n d k).
 *
 * @param x - `[n, d]`, unit rows.
 * @param negligible - Length of what may be missing of a row, such as 1e-6 for states in single precision.
 */
export function leastSpan(x: Float64Array, n: number, d: number, negligible: number): SpanCoordinates {
  const fewer = farthestFirst(x, n, d, negligible);
  if (fewer.k < Math.min(n, d)) return fewer;
  const { y, basis, rank, k } = inBasis(x, n, d, negligible);
  const least = Math.min(k, Math.max(2, rank));
  const rows = new Float64Array(n * least);
  for (let i = 0; i < n; i++) rows.set(y.subarray(i * k, i * k + least), i * least);
  return { n, k: least, d, y: rows, basis: basis.slice(0, least * d) };
}

function farthestFirst(x: Float64Array, n: number, d: number, negligible: number): SpanCoordinates {
  const most = Math.min(n, d);
  const rest = new Float64Array(x.subarray(0, n * d));
  const left = new Float64Array(n).fill(1);
  const basis = new Float64Array(most * d);
  const along: Float64Array[] = [];
  while (along.length < most) {
    const rank = along.length;
    const farthest = indexOfLargest(left);
    const direction = basis.subarray(rank * d, (rank + 1) * d);
    direction.set(rest.subarray(farthest * d, (farthest + 1) * d));
    for (let r = 0; r < rank; r++) subtractAlong(direction, basis, r * d, d);
    const length = norm(direction);
    if (!(length > negligible)) {
      direction.fill(0);
      break;
    }
    for (let c = 0; c < d; c++) direction[c] /= length;
    along.push(takeAlong(rest, left, direction, n, d));
  }
  const k = Math.min(most, Math.max(2, along.length));
  const y = new Float64Array(n * k);
  for (const [r, column] of along.entries()) for (let i = 0; i < n; i++) y[i * k + r] = column[i];
  return { n, k, d, y, basis: basis.slice(0, k * d) };
}

function indexOfLargest(values: Float64Array): number {
  let largest = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[largest]) largest = i;
  return largest;
}

/** Takes from every row its part along a unit vector; gives these parts, and in `left` the square of what is left of each row. */
function takeAlong(
  rest: Float64Array,
  left: Float64Array,
  direction: Float64Array,
  n: number,
  d: number,
): Float64Array {
  const along = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let dot = 0;
    let square = 0;
    for (let c = 0; c < d; c++) dot += rest[i * d + c] * direction[c];
    for (let c = 0; c < d; c++) {
      const value = rest[i * d + c] - dot * direction[c];
      rest[i * d + c] = value;
      square += value * value;
    }
    along[i] = dot;
    left[i] = square;
  }
  return along;
}

interface Spanned extends SpanCoordinates {
  readonly basis: Float64Array;
  readonly rank: number;
}

/** A row adds a direction where more than `negligible` of it lies outside the span of those before it. */
function inBasis(x: Float64Array, n: number, d: number, negligible: number): Spanned {
  const k = Math.min(n, d);
  const y = new Float64Array(n * k);
  const basis = new Float64Array(k * d);
  const rest = new Float64Array(d);
  let rank = 0;
  for (let i = 0; i < n; i++) {
    rest.set(x.subarray(i * d, (i + 1) * d));
    const row = y.subarray(i * k, (i + 1) * k);
    const length = orthogonalize(rest, basis, rank, d, row, negligible);
    if (length > negligible && rank < k) {
      row[rank] = length;
      for (let c = 0; c < d; c++) basis[rank * d + c] = rest[c] / length;
      rank++;
    }
  }
  return { n, k, d, y, basis, rank };
}

/**
 * The cloud that has these coordinates.
 *
 * @param y - `[n, k]`.
 * @param out - `[n, d]`, written over.
 */
export function liftCoordinates({ n, k, d, basis }: SpanCoordinates, y: Float64Array, out: Float64Array): Float64Array {
  if (!basis) {
    out.set(y);
    return out;
  }
  if (n * k * d >= MANY) {
    const { x } = transpose({ n: k, d, x: basis });
    eachProduct({ x: y, n }, { x, n: d }, k, false, (i, _, count, values, from, more) => {
      if (!more) out.set(values.subarray(from, from + count), i * d);
      else for (let c = 0; c < count; c++) out[i * d + c] += values[from + c];
    });
    return out;
  }
  out.fill(0);
  for (let i = 0; i < n; i++) {
    for (let r = 0; r < k; r++) {
      const weight = y[i * k + r];
      if (weight !== 0) for (let c = 0; c < d; c++) out[i * d + c] += weight * basis[r * d + c];
    }
  }
  return out;
}

/** Takes from `rest` its parts along the first `rank` basis rows, adds them to `row`, and returns what is left of its length. */
function orthogonalize(
  rest: Float64Array,
  basis: Float64Array,
  rank: number,
  d: number,
  row: Float64Array,
  negligible: number,
): number {
  let before = norm(rest);
  for (let pass = 0; pass < 4; pass++) {
    for (let r = 0; r < rank; r++) row[r] += subtractAlong(rest, basis, r * d, d);
    const after = norm(rest);
    if (after > before / 2 || after <= negligible) return after;
    before = after;
  }
  return before;
}

function subtractAlong(rest: Float64Array, basis: Float64Array, at: number, d: number): number {
  let dot = 0;
  for (let c = 0; c < d; c++) dot += rest[c] * basis[at + c];
  for (let c = 0; c < d; c++) rest[c] -= dot * basis[at + c];
  return dot;
}

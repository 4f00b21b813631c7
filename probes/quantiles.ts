/**
 * Quantiles with linear interpolation between order statistics: position p(N − 1), type 7 of Hyndman and Fan (1996),
 * NumPy's default. Exact, without sorting all values. `probabilities` ascending in [0, 1].
 * Needs at least one value.
 */
export function quantiles(values: ArrayLike<number>, probabilities: readonly number[]): readonly number[] {
  const a = Float64Array.from(values);
  const last = a.length - 1;
  let sorted = 0;
  return probabilities.map((p) => {
    const position = p * last;
    const k = Math.floor(position);
    select(a, k, sorted, last);
    sorted = k;
    const t = position - k;
    return t === 0 ? a[k] : a[k] + t * (leastFrom(a, k + 1) - a[k]);
  });
}

/** Brings the k-th smallest of a[left … right] to a[k], smaller ones before it (Hoare's quickselect, median of three). */
function select(a: Float64Array, k: number, left: number, right: number): void {
  let lo = left;
  let hi = right;
  while (lo < hi) {
    const pivot = medianOfThree(a[lo], a[(lo + hi) >> 1], a[hi]);
    let i = lo;
    let j = hi;
    while (i <= j) {
      while (a[i] < pivot) i++;
      while (a[j] > pivot) j--;
      if (i <= j) {
        const t = a[i];
        a[i++] = a[j];
        a[j--] = t;
      }
    }
    if (k <= j) hi = j;
    else if (k >= i) lo = i;
    else return;
  }
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

function leastFrom(a: Float64Array, start: number): number {
  let least = a[start];
  for (let i = start + 1; i < a.length; i++) if (a[i] < least) least = a[i];
  return least;
}

/**
 * The k nearest tokens of each, nearest first, by Euclidean distance; of equal distances the first token counts as nearer.
 *
 * @param pairs - The products ⟨x_i, x_j⟩, i < j, in the order of `innerProducts`.
 * @param squares - ‖x_i‖², length n; of unit tokens the nearest are those of largest cosine.
 * @param k - 1 … n − 1.
 * @returns n × k indices, row-major.
 */
export function nearestNeighbours(pairs: ArrayLike<number>, squares: ArrayLike<number>, k: number): Uint32Array {
  const n = squares.length;
  const places = new Uint32Array(n * k);
  const distances = new Float64Array(n * k).fill(Number.POSITIVE_INFINITY);
  let p = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const squared = squares[i] + squares[j] - 2 * pairs[p++];
      if (squared < distances[i * k + k - 1]) offer(places, distances, i * k, k, j, squared);
      if (squared < distances[j * k + k - 1]) offer(places, distances, j * k, k, i, squared);
    }
  }
  return places;
}

/** Puts a token that is nearer than the last into a row that is sorted by distance; rows are offered tokens in order. */
function offer(places: Uint32Array, distances: Float64Array, from: number, k: number, j: number, distance: number) {
  let at = from + k - 1;
  for (; at > from && distances[at - 1] > distance; at--) {
    distances[at] = distances[at - 1];
    places[at] = places[at - 1];
  }
  distances[at] = distance;
  places[at] = j;
}

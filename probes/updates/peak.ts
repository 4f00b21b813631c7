/** Where a curve is highest. */
export interface Peak {
  /** By the parabola through the highest point and its neighbours; an end of the range where it is highest there. */
  readonly at: number;
  /** Of the highest point. */
  readonly index: number;
  readonly edge: "lower" | "upper" | null;
}

/**
 * The peak of a curve that is known at increasing places.
 *
 * @param values - Finite.
 */
export function peakOf(places: ArrayLike<number>, values: ArrayLike<number>): Peak {
  let index = 0;
  for (let k = 1; k < values.length; k++) if (values[k] > values[index]) index = k;
  if (index === 0) return { at: places[0], index, edge: "lower" };
  if (index === values.length - 1) return { at: places[index], index, edge: "upper" };
  return { at: vertex(places, values, index), index, edge: null };
}

/** The vertex of the parabola through three points, of which the middle one is highest: it lies between the outer ones. */
function vertex(places: ArrayLike<number>, values: ArrayLike<number>, k: number): number {
  const left = places[k] - places[k - 1];
  const right = places[k + 1] - places[k];
  const rise = (values[k] - values[k - 1]) / left;
  const fall = (values[k] - values[k + 1]) / right;
  const bend = rise + fall;
  return bend > 0 ? places[k] + (rise * right - fall * left) / (2 * bend) : places[k];
}

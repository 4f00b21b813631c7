/** `count` values from the first to the last, evenly spaced. */
export function evenly(first: number, last: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, k) => first + ((last - first) * k) / (count - 1));
}

/** The same with even ratios; both ends above 0. */
export function geometric(first: number, last: number, count: number): readonly number[] {
  return evenly(Math.log(first), Math.log(last), count).map(Math.exp);
}

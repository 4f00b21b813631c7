/** Remembers what values were made of: to make one of them again gives it back, or makes it anew, with a file to name in its faults. */
export interface MadeValues<T extends object> {
  /** What is known of a value; `undefined`: it is not one of them. */
  find(value: unknown): Made<T> | undefined;
  keep(made: T, from: unknown): T;
}

export interface Made<T> {
  readonly made: T;
  readonly from: unknown;
}

/** @param ours - Values that are made already, of themselves. */
export function madeValues<T extends object>(ours: readonly T[] = []): MadeValues<T> {
  const known = new WeakMap<object, Made<T>>(ours.map((made) => [made, { made, from: made }]));
  return {
    find: (value) => (typeof value === "object" && value !== null ? known.get(value) : undefined),
    keep(made, from) {
      known.set(made, { made, from });
      return made;
    },
  };
}

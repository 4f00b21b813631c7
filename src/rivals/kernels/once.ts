/** The same function, which makes what belongs to a number once. */
export function once<T>(make: (k: number) => T): (k: number) => T {
  const made = new Map<number, T>();
  return (k) => {
    const known = made.get(k);
    if (known !== undefined) return known;
    const value = make(k);
    made.set(k, value);
    return value;
  };
}

/** The same for what belongs to no number. */
export function made<T>(make: () => T): () => T {
  const of = once(make);
  return () => of(0);
}

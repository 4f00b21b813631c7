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

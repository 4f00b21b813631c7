/** A function of which nothing is known. */
export type Method = (...args: readonly unknown[]) => unknown;

/** A function that is a member of an object, own or inherited, and is called on it; `undefined` where the member is none. */
export function methodOf(owner: object, key: string): Method | undefined {
  const member: unknown = Reflect.get(owner, key);
  if (typeof member !== "function") return undefined;
  return (...args) => Reflect.apply(member, owner, args);
}

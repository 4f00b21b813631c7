/** "a", "a and b", "a, b and c". */
export function listInWords(names: readonly string[]): string {
  const last = names.slice(-1);
  const others = names.slice(0, -1).join(", ");
  return [others, ...last].filter((part) => part !== "").join(" and ");
}

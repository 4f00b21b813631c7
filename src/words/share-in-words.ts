/** A share as a percentage for reading: "0", "< 0.1", "2.4", "68". */
export function shareInWords(share: number): string {
  const value = 100 * Math.max(0, share);
  if (value === 0) return "0";
  return value < 0.05 ? "< 0.1" : value.toFixed(value < 9.95 ? 1 : 0);
}

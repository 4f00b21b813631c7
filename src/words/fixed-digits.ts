/** A number with so many decimals; what rounds to 0 has no sign. */
export function fixedDigits(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text;
}

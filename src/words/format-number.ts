/** A cosine, share or distance with three decimals; what would round to nothing but is not nothing shows as a bound. */
export function formatFixed(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const rounded = value.toFixed(3);
  if (Number(rounded) === 0 && value !== 0) return value > 0 ? "<0.001" : ">−0.001";
  return withMinus(Number(rounded) === 0 ? "0" : rounded);
}

/** Three significant digits, without exponents between 1e-3 and 1e6. */
export function formatSignificant(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e6) return withMinus(value.toExponential(1));
  return withMinus(size >= 1000 ? String(Math.round(value)) : value.toPrecision(3));
}

/** So many significant digits, for a sentence: no zeros behind the last that says something. */
export function digits(value: number, count: number): string {
  return withMinus(String(Number(value.toPrecision(count))));
}

/** A number with so many decimals; what rounds to 0 has no sign. */
export function fixedDigits(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return withMinus(Number(text) === 0 ? text.replace("-", "") : text);
}

/** A share in percent: "42 %"; what is not known is a dash. */
export function percent(share: number | null | undefined): string {
  return share === null || share === undefined || !Number.isFinite(share) ? "–" : `${percents(share)} %`;
}

/** Of shares: "42 %", or from the least to the most, "2–13 %". Needs one at least. */
export function percentRange(shares: readonly number[], to = "–"): string {
  const [least, most] = [percents(Math.min(...shares)), percents(Math.max(...shares))];
  return least === most ? `${most} %` : `${least}${to}${most} %`;
}

/** Whole numbers, with decimals where only they tell the value from 0 or 100. */
function percents(share: number): string {
  const value = 100 * share;
  if (value > 99 && value < 100) return Math.min(value, 99.99).toFixed(2);
  if (value > 0 && value < 1) return value < 0.01 ? "< 0.01" : String(Number(value.toPrecision(1)));
  return fixedDigits(value, 0);
}

/** The sign of print in place of the hyphen of programs. */
export function withMinus(text: string): string {
  return text.replace(/-/g, "−");
}

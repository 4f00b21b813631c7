/** A cosine, share or distance with three decimals; what would round to nothing but is not nothing shows as a bound. */
export function formatFixed(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const rounded = value.toFixed(3);
  if (Number(rounded) === 0 && value !== 0) return value > 0 ? "<0.001" : ">−0.001";
  return minus(Number(rounded) === 0 ? "0" : rounded);
}

/** Three significant digits, without exponents between 1e-3 and 1e6. */
export function formatSignificant(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e6) return minus(value.toExponential(1));
  return minus(size >= 1000 ? String(Math.round(value)) : value.toPrecision(3));
}

/** A share as a percentage of two significant digits. */
export function formatPercent(share: number | null | undefined): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return "–";
  if (share === 0) return "0 %";
  return `${minus((100 * share).toFixed(Math.abs(share) < 0.1 ? 1 : 0))} %`;
}

function minus(text: string): string {
  return text.replace(/-/g, "−");
}

/** A share as a percentage for reading, without the sign: "0", "< 0.1", "2.4", "68". */
export function shareInWords(share: number): string {
  const value = 100 * Math.max(0, share);
  if (value === 0) return "0";
  return value < 0.05 ? "< 0.1" : value.toFixed(value < 9.95 ? 1 : 0);
}

/** A number with so many decimals; what rounds to 0 has no sign. */
export function fixedDigits(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text;
}

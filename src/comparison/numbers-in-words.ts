/** Two significant digits. */
export function two(value: number): string {
  return String(Number(value.toPrecision(2)));
}

/** Three significant digits. */
export function three(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** Whole percents, with decimals where only they tell the value from 0 or 100. */
export function percent(share: number): string {
  if (share > 0.99 && share < 1) return `${(100 * Math.min(share, 0.9999)).toFixed(2)} %`;
  if (share > 0 && share < 0.01) return share < 1e-4 ? "less than 0.01 %" : `${Number((100 * share).toPrecision(1))} %`;
  return `${Math.round(100 * share)} %`;
}

import { formatSignificant } from "../words/format-number.ts";
import type { RunSummary } from "./run-summary.ts";

/** "2026-11-28 08:05", UTC as in the names of folders. */
export function whenInWords({ created }: Pick<RunSummary, "created">): string {
  return created.slice(0, 16).replace("T", " ");
}

/** "bundled, depth 48". */
export function modelInWords({ model, overrides }: Pick<RunSummary, "model" | "overrides">): string {
  return [model, ...overrides].join(", ");
}

/** "3 texts of 96 to 128 tokens", "313 tokens". */
export function tokensInWords({ tokens }: Pick<RunSummary, "tokens">): string {
  const [least, most] = [Math.min(...tokens), Math.max(...tokens)];
  const size = least === most ? `${most} tokens` : `${least} to ${most} tokens`;
  return tokens.length > 1 ? `${tokens.length} texts of ${size}` : size;
}

/** "USA 0.176 (0.0719 … 1.84)"; a dash without a fit. */
export function betaInWords({
  family,
  beta,
  beta_interval: interval,
}: Pick<RunSummary, "family" | "beta" | "beta_interval">): string {
  if (family === null) return "–";
  if (beta === null) return family;
  const bounds = interval ? ` (${interval.map(formatSignificant).join(" … ")})` : "";
  return `${family} ${formatSignificant(beta)}${bounds}`;
}

/** "common motion"; a dash where nothing was concluded. */
export function conclusionInWords({ conclusion }: Pick<RunSummary, "conclusion">): string {
  return conclusion?.replaceAll("_", " ") ?? "–";
}

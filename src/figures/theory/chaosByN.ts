import { logAxis } from "../parts/log-axis.ts";
import { type FigureSpec, inlineData } from "../parts/spec.ts";
import { ACCENT, framed } from "../parts/theme.ts";

/** Mean W1 between n tokens and the density that they follow. */
export interface ChaosRow {
  readonly n: number;
  /** In radians. */
  readonly w1: number;
  /** Standard error of the mean; `null`: not known. */
  readonly error: number | null;
}

/** Propagation of chaos: W1 over n on log scales, bars of two standard errors, a dashed line of slope −1/2 through the first. */
export function chaosByN(rows: readonly ChaosRow[], about: string): FigureSpec {
  const points = rows.map(({ n, w1, error }) => ({
    n,
    w1,
    low: Math.max(w1 / 2, w1 - 2 * (error ?? 0)),
    high: w1 + 2 * (error ?? 0),
  }));
  const line = rows.map(({ n }) => ({ n, w1: rows[0].w1 * Math.sqrt(rows[0].n / n) }));
  const [values, sizes] = [[...points, ...line].map(({ w1 }) => w1), rows.map(({ n }) => n)];
  const frame = {
    title: "Tokens near the density they follow",
    subtitle: `${about}; dashed: slope −1/2`,
    description:
      "Log-log chart: Wasserstein distance between n tokens and the mean-field density against n, beside a line of slope -1/2.",
  };
  const x = {
    field: "n",
    type: "quantitative",
    title: "tokens n (log scale)",
    ...logAxis([Math.min(...sizes) / 1.2, Math.max(...sizes) * 1.2], 0.08),
  };
  const y = {
    field: "w1",
    type: "quantitative",
    title: "W₁ in radians (log scale)",
    ...logAxis([Math.min(...values) / 1.4, Math.max(...values) * 1.4], 0.1),
  };
  const layer = [
    { data: inlineData(line), mark: { type: "line", color: "#888888", strokeDash: [4, 3], strokeWidth: 1.4 } },
    {
      data: inlineData(points),
      mark: { type: "rule", color: ACCENT },
      encoding: { y: { ...y, field: "low" }, y2: { field: "high" } },
    },
    { data: inlineData(points), mark: { type: "point", filled: true, opacity: 1, size: 60, color: ACCENT } },
  ];
  return framed(frame, { width: 400, height: 280, encoding: { x, y }, layer });
}

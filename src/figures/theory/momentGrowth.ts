import { logAxis } from "../parts/log-axis.ts";
import { type FigureSpec, inlineData } from "../parts/spec.ts";
import { framed } from "../parts/theme.ts";

/** |μ̂_k| of a density on the circle at one time, with the rate at which linear theory lets it grow. */
export interface MomentRow {
  readonly time: number;
  readonly k: number;
  readonly size: number;
  readonly rate: number | null;
}

/** Below this a moment is rounding. */
const SEEN = 1e-9;

/** Of Okabe and Ito, told apart by every common kind of colour vision. */
const COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"];

/**
 * Growth of the first moments of a density on the circle on a log scale, dashed what linear theory about the uniform density
 * says (BPA25a): e^{γ_k t} from the first time on.
 */
export function momentGrowth(rows: readonly MomentRow[], about: string): FigureSpec {
  const seen = rows.filter(({ size }) => size > SEEN);
  const first = Math.min(...rows.map(({ time }) => time));
  const theory = seen
    .filter(({ time, rate }) => time === first && rate !== null)
    .flatMap((start) => lineOf(start, rows));
  const ks = [...new Set(seen.map(({ k }) => k))].sort((a, b) => a - b);
  const frame = {
    title: "Growth of the moments",
    subtitle: `${about}; dashed: linear theory about the uniform density`,
    description:
      "Line chart on a log scale: size of the first Fourier moments against time, with exponential growth dashed.",
  };
  const domain: [number, number] = [Math.min(1, ...seen.map(({ size }) => size)) / 1.3, 1.2];
  const x = { field: "time", type: "quantitative", title: "time t", scale: { nice: false }, axis: { grid: false } };
  const y = { field: "size", type: "quantitative", title: "|μ̂_k| (log scale)", ...logAxis(domain, 0.08) };
  const color = {
    field: "k",
    type: "nominal",
    scale: { domain: ks, range: ks.map((k) => COLOURS[(k - 1) % COLOURS.length]) },
    legend: { labelExpr: "'k = ' + datum.label" },
  };
  const layer = [
    { data: inlineData(seen), mark: { type: "line", strokeWidth: 2, clip: true } },
    { data: inlineData(theory), mark: { type: "line", strokeWidth: 1.4, strokeDash: [4, 3], clip: true } },
  ];
  return framed(frame, { width: 460, height: 280, encoding: { x, y, color }, layer });
}

/** Exponential growth from a start at the times of the rows, as far as it stays in the picture. */
function lineOf({ time: from, k, size, rate }: MomentRow, rows: readonly MomentRow[]) {
  const times = [...new Set(rows.map(({ time }) => time))].sort((a, b) => a - b);
  return times
    .map((time) => ({ time, k, size: size * Math.exp((rate ?? 0) * (time - from)) }))
    .filter((row) => row.size < 1.2 && row.size > SEEN);
}

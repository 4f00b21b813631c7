import { type FigureSpec, inlineData, type MarkSpec } from "../parts/spec.ts";
import { framed, INK } from "../parts/theme.ts";

/** Probability that a pair has met, at one β and time; `null`: not known, left blank. */
export interface PhaseRow {
  readonly beta: number;
  readonly time: number;
  readonly probability: number | null;
}

/** A point of the theoretical curve drawn over the diagram. */
export interface PhaseCurveRow {
  readonly beta: number;
  readonly time: number;
}

export interface PhaseDiagramOptions {
  /** What was simulated, for the subtitle, such as "SA, n = 32, d = 2, 64 starts". */
  readonly about?: string;
  /** When equiangular tokens have clustered, by β. */
  readonly curve?: readonly PhaseCurveRow[];
  /** Cosine from which a pair has met. Default 0.999. */
  readonly threshold?: number;
}

/** A rectangle of one colour. */
interface Cell {
  readonly from: number;
  readonly to: number;
  readonly low: number;
  readonly high: number;
  readonly probability: number;
}

/** What the white line is. */
export const CURVE = "line: equiangular tokens, the limit of many dimensions";

const WIDTH = 460;
const HEIGHT = 300;

/** Colours in steps of 1/20: neighbours of one colour are drawn as one rectangle, which keeps thousands of cells small. */
const LEVELS = 20;

/**
 * Phase diagram of clustering (R, Figure 3): probability that a pair of tokens has met, over time and β, with the time at
 * which equiangular tokens cluster as a line.
 *
 * @param rows - At least two values of β and two times, all β at the same times.
 */
export function phaseDiagram(rows: readonly PhaseRow[], options: PhaseDiagramOptions = {}): FigureSpec {
  const { about = "", curve = [], threshold = 0.999 } = options;
  const line = curve.length > 0 ? CURVE : "";
  const frame = {
    title: "When tokens meet",
    subtitle: [about, line].filter(Boolean).join("; "),
    description: `Heat map over time and inverse temperature: probability that the cosine of two tokens is at least ${threshold}.`,
  };
  return framed(frame, { width: WIDTH, height: HEIGHT, layer: phaseLayers(rows, curve, threshold) });
}

/** The heat map and, where there is one, the curve over it. */
export function phaseLayers(
  rows: readonly PhaseRow[],
  curve: readonly PhaseCurveRow[],
  threshold: number,
): readonly MarkSpec[] {
  const times = edges([...new Set(rows.map((row) => row.time))]);
  const betas = edges([...new Set(rows.map((row) => row.beta))]);
  const axes = { times: ends(times), betas: ends(betas) };
  return [heatMap(cells(rows, times, betas), axes, threshold), ...(curve.length > 0 ? curveLines(curve) : [])];
}

/** For each sorted value the two borders of its cell, halfway to its neighbours. */
function edges(values: readonly number[]): ReadonlyMap<number, readonly [number, number]> {
  const sorted = [...values].sort((a, b) => a - b);
  const border = (k: number) => {
    const [left, right] = [sorted[k - 1] ?? sorted[0], sorted[k] ?? sorted.at(-1)!];
    return (left + right) / 2;
  };
  return new Map(sorted.map((value, k) => [value, [border(k), border(k + 1)]]));
}

function ends(borders: ReadonlyMap<number, readonly [number, number]>): [number, number] {
  const all = [...borders.values()].flat();
  return [Math.min(...all), Math.max(...all)];
}

/** Runs of one colour along time, a row of them for each β. */
function cells(
  rows: readonly PhaseRow[],
  times: ReadonlyMap<number, readonly [number, number]>,
  betas: ReadonlyMap<number, readonly [number, number]>,
): Cell[] {
  const found: Cell[] = [];
  for (const [beta, [low, high]] of betas) {
    const own = rows.filter((row) => row.beta === beta).sort((a, b) => a.time - b.time);
    for (const { time, probability: exact } of own) {
      if (exact === null) continue;
      const [from, to] = times.get(time)!;
      const probability = Math.round(exact * LEVELS) / LEVELS;
      const last = found.at(-1);
      if (last && last.low === low && last.to === from && last.probability === probability)
        found[found.length - 1] = { ...last, to };
      else found.push({ from, to, low, high, probability });
    }
  }
  return found;
}

function heatMap(
  values: readonly Cell[],
  { times, betas }: { readonly times: [number, number]; readonly betas: [number, number] },
  threshold: number,
): MarkSpec {
  const axis = (title: string) => ({ title, grid: false });
  const legend = {
    titleFontWeight: "normal",
    titleFontSize: 11.5,
    gradientLength: 180,
    gradientThickness: 11,
  } as const;
  return {
    data: inlineData(values),
    // A thin border of the same colour closes the seams that antialiasing leaves between rectangles.
    mark: { type: "rect", stroke: { expr: "scale('color', datum.probability)" }, strokeWidth: 0.5 },
    encoding: {
      x: { field: "from", type: "quantitative", scale: { domain: times, nice: false }, axis: axis("time t") },
      x2: { field: "to" },
      y: { field: "low", type: "quantitative", scale: { domain: betas, nice: false }, axis: axis("β") },
      y2: { field: "high" },
      color: {
        field: "probability",
        type: "quantitative",
        scale: { domain: [0, 1], scheme: "viridis" },
        legend: { title: `probability of ⟨xᵢ, xⱼ⟩ ≥ ${threshold}`, values: [0, 0.5, 1], ...legend },
      },
    },
  };
}

/** White on a wider dark line: seen on every colour. */
function curveLines(curve: readonly PhaseCurveRow[]): MarkSpec[] {
  const styles = [
    { color: INK, strokeWidth: 4 },
    { color: "#FFFFFF", strokeWidth: 1.6 },
  ];
  return styles.map(
    (style): MarkSpec => ({
      data: inlineData(curve),
      mark: { type: "line", clip: true, ...style },
      encoding: {
        x: { field: "time", type: "quantitative" },
        y: { field: "beta", type: "quantitative" },
        order: { field: "beta", type: "quantitative" },
      },
    }),
  );
}

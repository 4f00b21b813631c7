import { escapeHtml } from "../report/html.ts";

/** A curve over layers; a point that is not known leaves a gap. */
export interface Curve {
  readonly label: string;
  readonly points: readonly {
    readonly layer: number;
    readonly value: number | null;
    readonly lo?: number | null;
    readonly hi?: number | null;
  }[];
  /** Drawn in dashes. */
  readonly dashed?: boolean;
}

/** Where and how curves are drawn. */
export interface LineChart {
  readonly curves: readonly Curve[];
  /** Limits of layers and of values: the same for charts that stand side by side. */
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly width: number;
  readonly height: number;
  /** What is seen, for who does not see it. */
  readonly label: string;
}

const [FOOT, TOP, RIGHT] = [20, 8, 10];
/** Beside the axis of values: room for its longest label, so many units a character. */
const [LEAST_LEFT, CHARACTER] = [34, 7];
/** Curves that are told apart by colour; dashes tell further ones. */
const CURVE_COLOURS = 6;

/** Curves as an SVG in the page's own colours, so that it follows light and dark. */
export function lineChart({ curves, x, y, width, height, label }: LineChart): string {
  const values = ticks(y, 4).map((value) => [value, plain(value)] as const);
  const left = Math.max(LEAST_LEFT, 8 + CHARACTER * Math.max(...values.map(([, label]) => label.length)));
  const across = (layer: number) => left + ((layer - x[0]) / (x[1] - x[0] || 1)) * (width - left - RIGHT);
  const up = (value: number) => TOP + (1 - (value - y[0]) / (y[1] - y[0] || 1)) * (height - TOP - FOOT);
  const at = (layer: number, value: number) => `${across(layer).toFixed(1)},${up(value).toFixed(1)}`;
  const drawn = curves.map((curve, k) => bandOf(curve, k, at) + lineOf(curve, k, at));
  const rows = values.map(
    ([value, label]) =>
      `<path class="grid" d="M${left} ${up(value).toFixed(1)}H${width - RIGHT}"/><text x="${left - 5}" y="${(up(value) + 4).toFixed(1)}" text-anchor="end">${label}</text>`,
  );
  const columns = ticks(x, Math.max(2, Math.floor(width / 60)))
    .filter(Number.isInteger)
    .map((layer) => `<text x="${across(layer).toFixed(1)}" y="${height - 5}" text-anchor="middle">${layer}</text>`);
  return `<svg class="chart" role="img" aria-label="${escapeHtml(label)}" viewBox="0 0 ${width} ${height}">${rows.join("")}${columns.join("")}${drawn.join("")}</svg>`;
}

type Place = (layer: number, value: number) => string;

function lineOf({ points, dashed }: Curve, k: number, at: Place): string {
  let path = "";
  let broken = true;
  for (const { layer, value } of points) {
    if (value !== null) path += `${broken ? "M" : "L"}${at(layer, value)}`;
    broken = value === null;
  }
  return path === "" ? "" : strokeOf(k, dashed, path);
}

function strokeOf(k: number, dashed: boolean | undefined, path: string): string {
  return `<path class="${classOf(k)}${dashed || k >= CURVE_COLOURS ? " dashed" : ""}" d="${path}"/>`;
}

/** A piece of curve k as charts draw it, for a legend beside them. */
export function curveKey(k: number): string {
  return `<svg class="chart key" aria-hidden="true" viewBox="0 0 34 8">${strokeOf(k, false, "M0 4H34")}</svg>`;
}

function bandOf({ points }: Curve, k: number, at: Place): string {
  const bounded = points.flatMap(({ layer, lo, hi }) =>
    typeof lo === "number" && typeof hi === "number" ? [{ layer, lo, hi }] : [],
  );
  if (bounded.length < 2) return "";
  const there = bounded.map(({ layer, hi }) => at(layer, hi));
  const back = bounded.toReversed().map(({ layer, lo }) => at(layer, lo));
  return `<path class="band ${classOf(k)}" d="M${[...there, ...back].join("L")}Z"/>`;
}

function classOf(k: number): string {
  return `c${k % CURVE_COLOURS}`;
}

/** Round numbers within the limits, about `count`. */
export function ticks([lo, hi]: readonly [number, number], count: number): readonly number[] {
  const rough = (hi - lo) / count || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= 0.8 * rough)!;
  const first = Math.ceil(lo / step - 1e-9);
  const last = Math.floor(hi / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, k) => Number(((first + k) * step).toPrecision(12)));
}

function plain(value: number): string {
  return String(value).replace("-", "−");
}

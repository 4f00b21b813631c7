import type { ComparedFit, LevelledFamily } from "../comparison/comparison.ts";
import type { ProfilePoint } from "../fit/fit-result.ts";
import type { NamedFamily } from "../laws/families.ts";
import { logAxis } from "./parts/log-axis.ts";
import { type Series, seriesIn } from "./parts/series.ts";
import { lineMarks, pointMarks } from "./parts/series-scale.ts";
import { type Figure, type FigureSpec, inlineData, type MarkSpec } from "./parts/spec.ts";
import { framed } from "./parts/theme.ts";

/**
 * `profile`: a point of the curve; `minimum`: the fitted β, with its interval where known; `baseline`: a family without β,
 * whose W₁ is the same everywhere.
 */
export interface BetaProfileRow {
  readonly kind: "profile" | "minimum" | "baseline";
  readonly series: string;
  readonly beta: number | null;
  /** Mean W₁ over the layers after the first, 0 … 2; of the minimum, where the profile has it. */
  readonly w1: number;
  /** Mean W₁ of the fit itself, over all pairs; `null` for points of the profile. */
  readonly fitted: number | null;
  readonly lo: number | null;
  readonly hi: number | null;
}

/** Rows of {@link betaProfile}. β = 0 has no place on a logarithmic axis and is left out. */
export function betaProfileRows(fit: ComparedFit): readonly BetaProfileRow[] {
  return fit.families.flatMap(rowsOfFamily);
}

function rowsOfFamily(family: LevelledFamily): BetaProfileRow[] {
  const { name: series, beta, w1 } = family;
  if (beta === null) return [{ kind: "baseline", series, beta, w1, fitted: w1, lo: null, hi: null }];
  const [lo, hi] = family.beta_interval ?? [null, null];
  const points = family.profile.filter((point) => point.beta > 0).sort((a, b) => a.beta - b.beta);
  const curve = points.map((point) => ({
    kind: "profile" as const,
    series,
    beta: point.beta,
    w1: point.w1,
    fitted: null,
    lo: null,
    hi: null,
  }));
  return [...curve, { kind: "minimum", series, beta, w1: heightAt(points, beta) ?? w1, fitted: w1, lo, hi }];
}

/** W₁ of the profile at the β that was tried nearest to this one. A profile may be measured on a sample of the tokens, a fit is not. */
function heightAt(points: readonly ProfilePoint[], beta: number): number | null {
  const distance = (point: ProfilePoint) => Math.abs(Math.log(point.beta / beta));
  const nearest = [...points].sort((a, b) => distance(a) - distance(b))[0];
  return nearest?.w1 ?? null;
}

export const betaProfileFigure: Figure<ComparedFit> = {
  ofFit: true,
  name: "betaProfile",
  title: () => "How well β is determined",
  caption: () =>
    "The mean W₁ over layers at each inverse temperature β, with the times fitted anew. β and time trade off: where the curve is flat, β is not determined, whatever its minimum. The point is the fitted β, the bar and the shade its 95 % bootstrap interval.",
  draw: (fit, { about }) => betaProfile(betaProfileRows(fit), about, fit.families),
};

/**
 * Smallest mean W₁ that any time map allows at each β, one curve a family; the minimum is marked, its 95 % interval shaded;
 * frozen is a horizontal rule. A flat curve means that β is not determined.
 */
export function betaProfile(
  rows: readonly BetaProfileRow[],
  about = "",
  families: readonly NamedFamily[] = [],
): FigureSpec {
  const series = seriesIn(rows, families);
  const minima = rows.filter((row) => row.kind === "minimum");
  const frame = {
    title: titleOf(rows, series),
    subtitle: ["mean W₁ at each β with its best times; shaded: 95 % interval of β", about].filter(Boolean).join("; "),
    description:
      "Line chart of mean Wasserstein distance against beta on a logarithmic axis, one curve a family, minima marked.",
  };
  return framed(frame, {
    width: 560,
    height: 260,
    encoding: {
      x: betaChannel(rows),
      y: w1Channel(rows),
    },
    layer: [...intervals(minima, series), ...curves(rows, series), ...minimumPoints(rows, series)],
  });
}

/** The fitted β of each family or, where a baseline lies below all of them, that none helps. */
function titleOf(rows: readonly BetaProfileRow[], series: readonly Series[]): string {
  const label = (row: BetaProfileRow) => styleOf(row, series).label;
  const minima = rows.filter((row) => row.kind === "minimum");
  const names = minima.map(label);
  if (names.length === 0) return "Distance against β";
  const baseline = rows.find((row) => row.kind === "baseline");
  const beaten = baseline && minima.every((row) => (row.fitted ?? row.w1) >= baseline.w1);
  if (beaten) return `No β brings ${names.join(" or ")} below ${label(baseline)}`;
  return `Closest: ${minima.map((row, k) => `${names[k]} at β = ${Number(row.beta?.toPrecision(3))}`).join(", ")}`;
}

function betaChannel(rows: readonly BetaProfileRow[]) {
  const { scale, axis } = logAxis(betaDomain(rows), 0.06);
  const title = "inverse temperature β (log scale)";
  return { field: "beta", type: "quantitative" as const, title, scale, axis: { ...axis, grid: false } };
}

/** A frozen baseline far above would flatten the curves: then the scale is logarithmic, and says so. */
function w1Channel(rows: readonly BetaProfileRow[]) {
  const values = rows.map((row) => row.w1);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const log = least > 0 && most > 4 * least;
  const title = `mean W₁ (units of cosine${log ? ", log scale" : ""})`;
  const linear = { scale: { domain: [0, 1.06 * most || 1], nice: false }, axis: { tickCount: 6 } };
  return {
    field: "w1",
    type: "quantitative" as const,
    title,
    ...(log ? logAxis([least / 1.25, most * 1.25], 0.1) : linear),
  };
}

function betaDomain(rows: readonly BetaProfileRow[]): readonly [number, number] {
  const betas = rows
    .flatMap((row) => [row.beta, row.lo, row.hi])
    .filter((beta) => beta !== null)
    .filter((beta) => beta > 0);
  return betas.length === 0 ? [0.1, 10] : [Math.min(...betas) / 1.05, Math.max(...betas) * 1.05];
}

function curves(rows: readonly BetaProfileRow[], series: readonly Series[]): MarkSpec[] {
  const [lo, hi] = betaDomain(rows);
  // A family without β is a level line: two points at the ends of the axis.
  const level = (row: BetaProfileRow) => [lo, hi].map((beta) => ({ ...row, beta }));
  const points = rows.flatMap((row) => (row.kind === "baseline" ? level(row) : row.kind === "profile" ? [row] : []));
  return lineMarks(points, series);
}

/** A light band over the interval and a bar with it through the minimum. */
function intervals(minima: readonly BetaProfileRow[], series: readonly Series[]): MarkSpec[] {
  const known = minima.filter((row) => row.lo !== null && row.hi !== null && row.lo > 0);
  return known.flatMap((row) => {
    const data = inlineData([row]);
    const color = styleOf(row, series).colour;
    const x = { field: "lo", type: "quantitative" };
    const band = { x, x2: { field: "hi" }, y: { value: 0 }, y2: { value: "height" } };
    const bar = { x, x2: { field: "hi" } };
    return [
      { data, mark: { type: "rect", color, opacity: 0.09 }, encoding: band },
      { data, mark: { type: "rule", color, strokeWidth: 5, opacity: 0.4 }, encoding: bar },
    ] as MarkSpec[];
  });
}

function minimumPoints(rows: readonly BetaProfileRow[], series: readonly Series[]): MarkSpec[] {
  const shown = rows.filter((row) => row.kind === "minimum" && row.beta !== null && row.beta > 0);
  return pointMarks(shown, series, 70);
}

function styleOf(row: BetaProfileRow, series: readonly Series[]): Series {
  return series.find(({ name }) => name === row.series)!;
}

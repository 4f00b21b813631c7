import { SERIES, type SeriesName } from "./series.ts";
import { inlineData, type MarkSpec } from "./spec.ts";

/** Solid, but not the absence of a dash: legends merge only when both channels have a full range. */
const SOLID = [1, 0];

/**
 * Colour and dash channels for rows that name their curve in the field `series`. Both have the same domain, so that
 * Vega-Lite draws one legend; marks that use them with the same names share it.
 *
 * @param names the curves of the figure, in legend order
 * @param solid curves to be drawn without their dash
 */
export function seriesChannels(names: readonly SeriesName[], solid: readonly SeriesName[] = []) {
  const dash = (name: SeriesName) => (solid.includes(name) ? SOLID : [...SERIES[name].dash]);
  const channel = (range: unknown[]) => ({
    field: "series",
    type: "nominal" as const,
    scale: { domain: [...names], range },
    legend: { labelExpr: LABELS },
  });
  return { color: channel(names.map((name) => SERIES[name].colour)), strokeDash: channel(names.map(dash)) };
}

/** A Vega expression that turns the name of a series into its label. */
const LABELS = `${JSON.stringify(Object.fromEntries(Object.entries(SERIES).map(([name, { label }]) => [name, label])))}[datum.label]`;

/**
 * Points over their curves, one mark a series, the first in legend order on top; those of a wide curve are larger, so
 * that they show behind others.
 *
 * @param size area of a usual point, px²
 */
export function pointMarks(rows: readonly SeriesRow[], names: readonly SeriesName[], size: number): MarkSpec[] {
  return bySeries(rows, names).map(([name, data]) => {
    const { colour, width } = SERIES[name];
    const mark = { type: "point", filled: true, opacity: 1, color: colour, size: width > 3 ? 2.4 * size : size };
    return { data, mark } as MarkSpec;
  });
}

/** Lines, one mark a series since each has its width, the first in legend order on top. */
export function lineMarks(rows: readonly SeriesRow[], names: readonly SeriesName[]): MarkSpec[] {
  return bySeries(rows, names).map(([name, data]) => {
    const mark = { type: "line", strokeWidth: SERIES[name].width };
    return { data, mark, encoding: seriesChannels(names) } as MarkSpec;
  });
}

function bySeries(rows: readonly SeriesRow[], names: readonly SeriesName[]) {
  const drawn = [...names].reverse().filter((name) => rows.some((row) => row.series === name));
  return drawn.map((name) => [name, inlineData(rows.filter((row) => row.series === name))] as const);
}

interface SeriesRow {
  readonly series: SeriesName;
}

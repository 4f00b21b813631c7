import { isWide, type Series } from "./series.ts";
import { inlineData, type MarkSpec } from "./spec.ts";

/**
 * Colour and dash channels for rows that name their curve in the field `series`. Both have the same domain, so that
 * Vega-Lite draws one legend; marks that use them with the same curves share it.
 *
 * @param series the curves of the figure, in legend order
 */
export function seriesChannels(series: readonly Series[]) {
  const labels = JSON.stringify(Object.fromEntries(series.map(({ name, label }) => [name, label])));
  const channel = (range: unknown[]) => ({
    field: "series",
    type: "nominal" as const,
    scale: { domain: series.map(({ name }) => name), range },
    legend: { labelExpr: `${labels}[datum.label]` },
  });
  return {
    color: channel(series.map(({ colour }) => colour)),
    strokeDash: channel(series.map(({ dash }) => [...dash])),
  };
}

/**
 * Points over their curves, one mark a series, the first in legend order on top; those of a wide curve are larger, so
 * that they show behind others.
 *
 * @param size area of a usual point, px²
 */
export function pointMarks(rows: readonly SeriesRow[], series: readonly Series[], size: number): MarkSpec[] {
  return bySeries(rows, series).map(({ data, ...one }) => {
    const area = isWide(one) ? 2.4 * size : size;
    const mark = { type: "point", filled: true, opacity: 1, color: one.colour, size: area };
    return { data, mark } as MarkSpec;
  });
}

/** Lines, one mark a series since each has its width, the first in legend order on top. */
export function lineMarks(rows: readonly SeriesRow[], series: readonly Series[]): MarkSpec[] {
  return bySeries(rows, series).map(({ width, data }) => {
    const mark = { type: "line", strokeWidth: width };
    return { data, mark, encoding: seriesChannels(series) } as MarkSpec;
  });
}

/** Each curve with its rows, the last in legend order first, so that it is drawn below the others. */
export function bySeries(rows: readonly SeriesRow[], series: readonly Series[]) {
  const own = (name: string) => rows.filter((row) => row.series === name);
  return [...series]
    .reverse()
    .map((one) => ({ ...one, data: inlineData(own(one.name)) }))
    .filter(({ data }) => data.values.length > 0);
}

interface SeriesRow {
  readonly series: string;
}

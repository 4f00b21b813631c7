import { SERIES, type SeriesName } from "./series.ts";

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

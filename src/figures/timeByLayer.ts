import type { ComparedFit, LevelledFamily } from "../comparison/comparison.ts";
import { familyWords, type NamedFamily, withoutFrozen } from "../laws/families.ts";
import { layerChannel } from "./parts/by-layer.ts";
import { type Series, seriesIn } from "./parts/series.ts";
import { type Figure, type FigureSpec, inlineData, type MarkSpec, type PanelSpec } from "./parts/spec.ts";
import { framed, SOFT_INK } from "./parts/theme.ts";

/** Simulated time that a family was given at a layer, under one kind of time map. */
export interface TimeRow {
  readonly layer: number;
  readonly series: string;
  readonly map: "linear" | "monotone";
  readonly time: number;
}

/** Rows of {@link timeByLayer}: both time maps of every family that moves. */
export function timeRows(fit: ComparedFit): readonly TimeRow[] {
  return withoutFrozen([...fit.families, ...fit.alternatives]).flatMap((family) => rowsOf(family, fit));
}

function rowsOf(family: LevelledFamily, fit: ComparedFit): TimeRow[] {
  const { map, values } = family.time;
  return values.map((time, k) => ({ layer: fit.observed.layers[k]!, series: family.name, map, time }));
}

const WIDTH = 330;
/** Of more families than this the panels lie in rows. */
const COLUMNS = 3;

export const timeFigure: Figure<ComparedFit> = {
  ofFit: true,
  name: "timeByLayer",
  title: () => "Time against depth",
  caption: ({ families }) => {
    const paces = families.flatMap(({ name }) => familyWords(name)?.time ?? []);
    return `The simulated time at which each layer's distribution is met best, one panel a family since the units of time differ${paces.length > 0 ? ` (${paces.join(", ")})` : ""}. A level stretch is a layer that does not draw tokens together; the thin line is the best fit with equal steps.`;
  },
  draw: (fit, { about }) => {
    const rows = timeRows(fit);
    return rows.length > 0 ? timeByLayer(rows, about, fit.families) : null;
  },
};

/** Fitted time against layer, a panel a family since their units differ: solid any non-decreasing times, dotted one step for all layers. */
export function timeByLayer(rows: readonly TimeRow[], about = "", families: readonly NamedFamily[] = []): FigureSpec {
  const frame = {
    title: "How much simulated time each layer takes",
    subtitle: [mapsInWords(rows), about].filter(Boolean).join("; "),
    description: "Line charts of the fitted simulation time against layer, one panel a family.",
  };
  const shown = seriesIn(rows, families);
  const layout = shown.length > COLUMNS ? { columns: COLUMNS, spacing: { row: 80, column: 60 } } : { spacing: 60 };
  const concat = shown.map((series, k) =>
    panel(
      rows.filter((row) => row.series === series.name),
      series,
      k % COLUMNS === 0,
    ),
  );
  return framed(frame, { ...layout, bounds: "flush", concat });
}

function mapsInWords(rows: readonly TimeRow[]): string {
  const words = { monotone: "points: any non-decreasing times", linear: "thin line: one step for all layers" };
  const kinds = (["monotone", "linear"] as const).filter((map) => rows.some((row) => row.map === map));
  return kinds.map((map) => words[map]).join("; ");
}

function panel(rows: readonly TimeRow[], { label, colour }: Series, first: boolean): PanelSpec {
  const title = first ? "time t of the dynamics" : null;
  const top = 1.04 * Math.max(...rows.map((row) => row.time)) || 1;
  return {
    title: { text: label, frame: "group", fontSize: 12, offset: 5, color: colour },
    width: WIDTH,
    height: 220,
    encoding: {
      x: layerChannel(
        rows.map((row) => row.layer),
        WIDTH,
      ),
      y: {
        field: "time",
        type: "quantitative",
        title,
        scale: { domain: [0, top], nice: false },
        axis: { tickCount: 6 },
      },
    },
    layer: [...linear(rows), ...monotone(rows, colour)],
  } as PanelSpec;
}

function linear(rows: readonly TimeRow[]): MarkSpec[] {
  const own = rows.filter((row) => row.map === "linear");
  if (own.length === 0) return [];
  return [{ data: inlineData(own), mark: { type: "line", strokeWidth: 1.2, color: SOFT_INK } } as MarkSpec];
}

function monotone(rows: readonly TimeRow[], colour: string): MarkSpec[] {
  const own = rows.filter((row) => row.map === "monotone");
  if (own.length === 0) return [];
  const point = { filled: true, size: 30, opacity: 1, color: colour };
  return [{ data: inlineData(own), mark: { type: "line", color: colour, strokeWidth: 2, point } } as MarkSpec];
}

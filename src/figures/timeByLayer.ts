import type { FamilyFit, FamilyName, FitResult } from "../fit/fit-result.ts";
import { layerChannel } from "./parts/by-layer.ts";
import { SERIES } from "./parts/series.ts";
import { type FigureSpec, inlineData, type MarkSpec, type PanelSpec } from "./parts/spec.ts";
import { framed, SOFT_INK } from "./parts/theme.ts";

/** Simulated time that a family was given at a layer, under one kind of time map. */
export interface TimeRow {
  readonly layer: number;
  readonly series: FamilyName;
  readonly map: "linear" | "monotone";
  readonly time: number;
}

/** Rows of {@link timeByLayer}: both time maps of every family that moves. */
export function timeRows(fit: FitResult): readonly TimeRow[] {
  return [...fit.families, ...fit.alternatives]
    .filter((family) => family.name !== "frozen")
    .flatMap((family) => rowsOf(family, fit));
}

function rowsOf(family: FamilyFit, fit: FitResult): TimeRow[] {
  const { map, values } = family.time;
  return values.map((time, k) => ({ layer: fit.observed.layers[k]!, series: family.name, map, time }));
}

const WIDTH = 330;

/** Fitted time against layer, a panel a family since their units differ: solid any non-decreasing times, dotted one step for all layers. */
export function timeByLayer(rows: readonly TimeRow[], about = ""): FigureSpec {
  const families = [...new Set(rows.map((row) => row.series))];
  const frame = {
    title: "How much simulated time each layer takes",
    subtitle: [mapsInWords(rows), about].filter(Boolean).join("; "),
    description: "Line charts of the fitted simulation time against layer, one panel a family.",
  };
  const concat = families.map((name, k) =>
    panel(
      rows.filter((row) => row.series === name),
      name,
      k === 0,
    ),
  );
  return framed(frame, { spacing: 60, bounds: "flush", concat });
}

function mapsInWords(rows: readonly TimeRow[]): string {
  const words = { monotone: "points: any non-decreasing times", linear: "thin line: one step for all layers" };
  const kinds = (["monotone", "linear"] as const).filter((map) => rows.some((row) => row.map === map));
  return kinds.map((map) => words[map]).join("; ");
}

function panel(rows: readonly TimeRow[], name: FamilyName, first: boolean): PanelSpec {
  const title = first ? "time t of the dynamics" : null;
  const top = 1.04 * Math.max(...rows.map((row) => row.time)) || 1;
  return {
    title: { text: SERIES[name].label, frame: "group", fontSize: 12, offset: 5, color: SERIES[name].colour },
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
    layer: [...linear(rows), ...monotone(rows, name)],
  } as PanelSpec;
}

function linear(rows: readonly TimeRow[]): MarkSpec[] {
  const own = rows.filter((row) => row.map === "linear");
  if (own.length === 0) return [];
  return [{ data: inlineData(own), mark: { type: "line", strokeWidth: 1.2, color: SOFT_INK } } as MarkSpec];
}

function monotone(rows: readonly TimeRow[], name: FamilyName): MarkSpec[] {
  const own = rows.filter((row) => row.map === "monotone");
  if (own.length === 0) return [];
  const { colour } = SERIES[name];
  const point = { filled: true, size: 30, opacity: 1, color: colour };
  return [{ data: inlineData(own), mark: { type: "line", color: colour, strokeWidth: 2, point } } as MarkSpec];
}

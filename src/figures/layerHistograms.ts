import type { ComparedFit } from "../comparison/comparison.ts";
import { familyLabel, familyWords, type NamedFamily, withoutFrozen } from "../laws/families.ts";
import type { RunData } from "../run/run-data.ts";
import { listInWords } from "../words/list-in-words.ts";
import { type LayerHistogramRow, layerCount, layerHistogramsRows } from "./parts/layer-histogram-rows.ts";
import { roundTicks } from "./parts/round-ticks.ts";
import { hasPredictions, isWide, type Series, seriesIn } from "./parts/series.ts";
import { bySeries, seriesChannels } from "./parts/series-scale.ts";
import { type Figure, type FigureSpec, inlineData, type MarkSpec, type PanelSpec } from "./parts/spec.ts";
import { framed, hiddenUnless, INK, SOFT_INK } from "./parts/theme.ts";

export interface LayerHistogramsOptions {
  /** `sqrt` (default) draws a rootogram: narrow peaks leave room for wide ones. `linear` is the survey's own scale. */
  readonly scale?: "sqrt" | "linear";
  /** Panels in a row; default 4, or what leaves no gap with few panels. */
  readonly columns?: number;
  /** A short line under the panel title, by layer, such as its W1 distances. */
  readonly notes?: Readonly<Record<number, string>>;
  /** What was measured, for the subtitle, such as "n = 112, d = 256". */
  readonly about?: string;
  /** The families that rows name, with their styles. */
  readonly families?: readonly NamedFamily[];
}

/** The limits that all panels share. */
interface Limits {
  readonly x: readonly [number, number];
  readonly top: number;
  readonly ticks: readonly number[];
}

const WIDTH = 178;
const HEIGHT = 112;
/** Of a line of notes above a panel, in px, and its length in characters. */
const NOTE = 14;
const NOTE_LENGTH = 28;

export const layerHistogramsFigure: Figure<RunData> = {
  ofFit: true,
  name: "layerHistograms",
  title: () => "Distribution of inner products",
  caption: ({ fit }) =>
    `Each panel is the distribution of the inner products of token pairs at one layer, filled; dashed are isotropic points in the same dimension. Mass that moves to the right is tokens drawing together; a spike at 1 is a cluster. All panels share both scales. The square-root scale of density keeps a narrow spike from flattening the rest: heights, not areas, are to be compared.${fit ? ` ${outlinesInWords(fit)}` : ""}`,
  draw: ({ histograms, fit }, { about, layers }) => {
    const rows = layerHistogramsRows(fit ?? histograms, layers);
    const drawn = new Set(rows.map(({ layer }) => layer)).size;
    const all = layerCount(fit ?? histograms);
    const size = drawn < all ? `${about}; ${drawn} of ${all} layers` : about;
    const fitted = fit ? { notes: distanceNotes(fit), families: fit.families } : {};
    return rows.length > 0 ? layerHistograms(rows, { about: size, ...fitted }) : null;
  },
};

function outlinesInWords({ families }: ComparedFit): string {
  const moving = withoutFrozen(families);
  const named = moving.map((family) => {
    const words = familyWords(family.name);
    return words ? `${words.name} (${familyLabel(family)})` : familyLabel(family);
  });
  const predict = moving.length === 1 ? "predicts from the same start at its" : "predict from the same start at their";
  return [
    `The outlines are what ${listInWords(named)} ${predict} fitted times, with the distance W₁ above each panel.`,
    ...widestInWords(moving),
  ].join(" ");
}

/** A wide line lies below the others and shows where they coincide. */
function widestInWords(moving: readonly NamedFamily[]): string[] {
  const series = seriesIn(
    moving.map(({ name }) => ({ series: name })),
    moving,
  );
  const [wide] = series.slice(-1);
  if (series.length < 2 || !isWide(wide!)) return [];
  const others = series.slice(0, -1).map(({ label }) => label);
  return others.length === 1
    ? [`Where the two coincide, the wider line of ${wide!.label} shows behind that of ${others[0]}.`]
    : [`Where others coincide with ${wide!.label}, its wider line shows behind theirs.`];
}

/** "W₁: SA .031, USA .042" by layer; the first layer is where the simulation starts. */
function distanceNotes(fit: ComparedFit): Readonly<Record<number, string>> {
  const moving = withoutFrozen(fit.families);
  const note = (k: number) =>
    moving.map((family) => `${familyLabel(family)} ${family.w1_by_layer[k]!.toFixed(3)}`).join(", ");
  return Object.fromEntries(
    fit.observed.layers.map((layer, k) => [layer, k === 0 ? "start of the simulation" : `W₁: ${note(k)}`]),
  );
}

/**
 * The distribution of inner products ⟨x_i, x_j⟩ layer by layer, as small multiples on common scales: observed as a filled
 * step area, the fitted families and the isotropic law as outlines. After GLPR25 (R, Figure 1).
 *
 * Density is drawn on a square-root scale by default (Tukey's rootogram): there the sampling error of a bin is the same at
 * every height, and a spike near 1 does not flatten the other panels. A peak above twelve times the median panel's is cut
 * at the top and its height written in the panel.
 */
export function layerHistograms(rows: readonly LayerHistogramRow[], options: LayerHistogramsOptions = {}): FigureSpec {
  const scale = options.scale ?? "sqrt";
  const layers = [...new Set(rows.map((row) => row.layer))];
  const columns = options.columns ?? balancedColumns(layers.length);
  const limits = commonLimits(rows, layers, scale);
  const series = seriesIn(rows, options.families);
  const panels = layers.map((layer, k) => {
    const place = { left: k % columns === 0, bottom: k + columns >= layers.length };
    const own = rows.filter((row) => row.layer === layer);
    return panel(own, layer, { limits, scale, series, place, note: options.notes?.[layer] });
  });
  const lines = Math.max(0, ...Object.values(options.notes ?? {}).map((note) => wrapped(note).length));
  const frame = {
    title: "Inner products of token pairs, layer by layer",
    subtitle: subtitleOf(series, scale, options.about),
    description: `Histograms of pairwise inner products at layers ${layers.join(", ")}: observed${hasPredictions(series) ? ", predicted" : ""} and isotropic.`,
  };
  return framed(frame, {
    columns,
    spacing: { row: 36 + NOTE * lines, column: 16 },
    bounds: "flush",
    concat: panels,
  });
}

function balancedColumns(panels: number): number {
  return panels === 5 || panels === 6 || panels === 9 ? 3 : Math.min(4, panels);
}

function subtitleOf(series: readonly Series[], scale: "sqrt" | "linear", about: string | undefined): string[] {
  const predicted = series.filter(({ kind }) => kind === "predicted").map(({ label }) => label);
  const first =
    predicted.length > 0
      ? `observed (filled) against ${listInWords(predicted)} from the same start`
      : "observed (filled)";
  const second = scale === "sqrt" ? "density on one square-root scale" : "density on one linear scale";
  return [[first, about].filter(Boolean).join("; "), `${second}, the same in all panels`];
}

interface PanelStyle {
  readonly limits: Limits;
  readonly scale: "sqrt" | "linear";
  readonly series: readonly Series[];
  readonly place: { readonly left: boolean; readonly bottom: boolean };
  readonly note: string | undefined;
}

function panel(rows: readonly LayerHistogramRow[], layer: number, style: PanelStyle): PanelSpec {
  const text = layer === 0 ? "layer 0 (embedding)" : `layer ${layer}`;
  const subtitle = style.note ? { subtitle: wrapped(style.note) } : {};
  const cut = cutPeaks(rows, style);
  return {
    title: { text, ...subtitle, frame: "group", fontSize: 12, subtitleFontSize: 10.5, subtitlePadding: 2, offset: 5 },
    width: WIDTH,
    height: HEIGHT,
    encoding: { x: xChannel(style), y: yChannel(style) },
    layer: [filled(rows), ...outlines(rows, style), ...(cut ? [cutLabel(cut)] : [])],
  } as PanelSpec;
}

function filled(rows: readonly LayerHistogramRow[]): MarkSpec {
  const mark = { type: "area", interpolate: "step-after", color: "#D4D4D4", clip: true };
  return { data: inlineData(rows.filter((row) => row.series === "observed")), mark } as MarkSpec;
}

/** Lines that a panel has room for. */
function wrapped(note: string): string[] {
  const lines: string[] = [];
  for (const part of note.split(/(?<=,) /)) {
    const line = `${lines.at(-1) ?? ""} ${part}`.trim();
    if (lines.length > 0 && line.length <= NOTE_LENGTH) lines[lines.length - 1] = line;
    else lines.push(part);
  }
  return lines;
}

/** One outline a curve, the first in legend order on top; predictions are not dashed: steps tear a dash apart. */
function outlines(rows: readonly LayerHistogramRow[], { series }: PanelStyle): MarkSpec[] {
  const drawn = series.map((one): Series => (one.kind === "predicted" ? { ...one, dash: [1, 0] } : one));
  return bySeries(rows, drawn).map(({ data, width }) => {
    const mark = { type: "line", interpolate: "step-after", clip: true, strokeWidth: 0.75 * width };
    return { data, mark: { ...mark, strokeJoin: "miter" }, encoding: seriesChannels(drawn) } as MarkSpec;
  });
}

function xChannel({ limits, place }: PanelStyle) {
  const title = place.bottom ? "inner product ⟨xᵢ, xⱼ⟩" : null;
  const values = [-1, -0.5, 0, 0.5, 1].filter((tick) => tick >= limits.x[0] && tick <= limits.x[1]);
  const axis = { values, format: "~g", grid: false, labels: place.bottom };
  return { field: "x", type: "quantitative", title, scale: { domain: [...limits.x], nice: false, zero: false }, axis };
}

function yChannel({ limits, scale, place }: PanelStyle) {
  const title = place.left ? "density" : null;
  const ticks = scale === "sqrt" ? { values: [...limits.ticks] } : { tickCount: 4 };
  const axis = { ...ticks, format: "~g", ...hiddenUnless(place.left) };
  return {
    field: "density",
    type: "quantitative",
    title,
    scale: { type: scale, domain: [0, limits.top], nice: false },
    axis,
  };
}

/** The observed and predicted peaks that the common limit cuts, in words; `null` where none is. */
function cutPeaks(rows: readonly LayerHistogramRow[], { limits, series }: PanelStyle): string | null {
  const cut = series
    .map(({ name, label }) => ({ label, peak: peakOf(rows.filter((row) => row.series === name)) }))
    .filter(({ peak }) => peak > limits.top * 1.001);
  return cut.length === 0 ? null : `cut: ${cut.map(({ label, peak }) => `${label} ${peak.toPrecision(2)}`).join(", ")}`;
}

function cutLabel(text: string): MarkSpec {
  return {
    data: { values: [{}] },
    mark: { type: "text", text, align: "left", baseline: "top", fontSize: 10, color: SOFT_INK, fontStyle: "italic" },
    encoding: { x: { value: 4 }, y: { value: 2 }, color: { value: INK } },
  } as MarkSpec;
}

/** Limits that hold what is seen in any panel: bins of noticeable probability across, peaks upwards (cut as said above). */
function commonLimits(rows: readonly LayerHistogramRow[], layers: readonly number[], scale: "sqrt" | "linear"): Limits {
  const isIsotropic = ({ series }: LayerHistogramRow) => series === "isotropic";
  const peaks = layers
    .map((layer) => peakOf(rows.filter((row) => row.layer === layer && !isIsotropic(row))))
    .sort((a, b) => a - b);
  const isotropic = Math.max(0.1, peakOf(rows.filter(isIsotropic)));
  const highest = Math.max(isotropic, ...peaks);
  const usual = Math.max(isotropic, 12 * (peaks[Math.floor(peaks.length / 2)] ?? 1));
  const top = 1.06 * (scale === "sqrt" ? Math.min(highest, usual) : highest);
  const place = (y: number) => (scale === "sqrt" ? Math.sqrt(y / top) : y / top);
  return { x: occupied(rows), top, ticks: roundTicks([0.05 * top, 0.97 * top], place, 0.12, [0]) };
}

function peakOf(rows: readonly LayerHistogramRow[]): number {
  return Math.max(0, ...rows.map(({ density }) => density));
}

/** From a tenth below the lowest noticeable density up to a tenth above the highest; a spike at 1 keeps clear of the frame. */
function occupied(rows: readonly LayerHistogramRow[]): readonly [number, number] {
  const noticeable = rows.map(({ density }) => density > 0.01);
  const lo = Math.min(0, ...rows.filter((_, k) => noticeable[k]).map((row) => row.x));
  // A bin ends where the next row begins.
  const hi = Math.max(0, ...rows.filter((_, k) => noticeable[k - 1]).map((row) => row.x));
  return [Math.max(-1, Math.floor(lo * 10 - 0.5) / 10), Math.min(1.03, Math.ceil(hi * 10 + 0.5) / 10)];
}

import type { LayerHistogramRow } from "./layer-histogram-rows.ts";
import { roundTicks } from "./parts/round-ticks.ts";
import { SERIES } from "./parts/series.ts";
import { seriesChannels } from "./parts/series-scale.ts";
import { type FigureSpec, inlineData, type MarkSpec, type PanelSpec } from "./parts/spec.ts";
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
}

/** The limits that all panels share. */
interface Limits {
  readonly x: readonly [number, number];
  readonly top: number;
  readonly ticks: readonly number[];
}

const WIDTH = 178;
const HEIGHT = 112;

const CURVES = ["observed", "sa", "usa", "isotropic"] as const;
type Curve = (typeof CURVES)[number];

/**
 * The distribution of inner products ⟨x_i, x_j⟩ layer by layer, as small multiples on common scales: observed as a filled
 * step area, the fitted SA and USA and the isotropic law as outlines. After GLPR25 (R, Figure 1).
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
  const curves = CURVES.filter((curve) => rows.some((row) => row[curve] !== null));
  const panels = layers.map((layer, k) => {
    const place = { left: k % columns === 0, bottom: k + columns >= layers.length };
    const own = rows.filter((row) => row.layer === layer);
    return panel(own, layer, { limits, scale, curves, place, note: options.notes?.[layer] });
  });
  const frame = {
    title: "Inner products of token pairs, layer by layer",
    subtitle: subtitleOf(curves, scale, options.about),
    description: `Histograms of pairwise inner products at layers ${layers.join(", ")}: observed${isPredicted(curves) ? ", predicted" : ""} and isotropic.`,
  };
  return framed(frame, {
    columns,
    spacing: { row: options.notes ? 50 : 36, column: 16 },
    bounds: "flush",
    concat: panels,
  });
}

function isPredicted(curves: readonly Curve[]): boolean {
  return curves.some((curve) => curve === "sa" || curve === "usa");
}

function balancedColumns(panels: number): number {
  return panels === 5 || panels === 6 || panels === 9 ? 3 : Math.min(4, panels);
}

function subtitleOf(curves: readonly Curve[], scale: "sqrt" | "linear", about: string | undefined): string[] {
  const predicted = curves.filter((curve) => curve === "sa" || curve === "usa").map((curve) => SERIES[curve].label);
  const first =
    predicted.length > 0
      ? `observed (filled) against ${predicted.join(" and ")} from the same start`
      : "observed (filled)";
  const second = scale === "sqrt" ? "density on one square-root scale" : "density on one linear scale";
  return [[first, about].filter(Boolean).join("; "), `${second}, the same in all panels`];
}

interface PanelStyle {
  readonly limits: Limits;
  readonly scale: "sqrt" | "linear";
  readonly curves: readonly Curve[];
  readonly place: { readonly left: boolean; readonly bottom: boolean };
  readonly note: string | undefined;
}

function panel(rows: readonly LayerHistogramRow[], layer: number, style: PanelStyle): PanelSpec {
  const text = layer === 0 ? "layer 0 (embedding)" : `layer ${layer}`;
  const subtitle = style.note ? { subtitle: style.note } : {};
  const cut = cutPeaks(rows, style);
  return {
    title: { text, ...subtitle, frame: "group", fontSize: 12, subtitleFontSize: 10.5, subtitlePadding: 2, offset: 5 },
    width: WIDTH,
    height: HEIGHT,
    data: inlineData(rows),
    encoding: { x: xChannel(style) },
    layer: [filled(style), ...outlines(style), ...(cut ? [cutLabel(cut)] : [])],
  } as PanelSpec;
}

function filled(style: PanelStyle): MarkSpec {
  const mark = { type: "area", interpolate: "step-after", color: "#D4D4D4", clip: true };
  return { mark, encoding: { y: yChannel("observed", style) } } as MarkSpec;
}

/** One outline a curve, the first in legend order on top. */
function outlines(style: PanelStyle): MarkSpec[] {
  return [...style.curves].reverse().map((curve) => {
    const mark = { type: "line", interpolate: "step-after", clip: true, strokeWidth: 0.75 * SERIES[curve].width };
    return {
      transform: [{ calculate: `'${curve}'`, as: "series" }],
      mark: { ...mark, strokeJoin: "miter" },
      encoding: { y: yChannel(curve, style), ...seriesChannels(style.curves, ["sa", "usa"]) },
    } as MarkSpec;
  });
}

function xChannel({ limits, place }: PanelStyle) {
  const title = place.bottom ? "inner product ⟨xᵢ, xⱼ⟩" : null;
  const values = [-1, -0.5, 0, 0.5, 1].filter((tick) => tick >= limits.x[0] && tick <= limits.x[1]);
  const axis = { values, format: "~g", grid: false, labels: place.bottom };
  return { field: "x", type: "quantitative", title, scale: { domain: [...limits.x], nice: false, zero: false }, axis };
}

function yChannel(field: Curve, { limits, scale, place }: PanelStyle) {
  const title = place.left ? "density" : null;
  const ticks = scale === "sqrt" ? { values: [...limits.ticks] } : { tickCount: 4 };
  const axis = { ...ticks, format: "~g", ...hiddenUnless(place.left) };
  return { field, type: "quantitative", title, scale: { type: scale, domain: [0, limits.top], nice: false }, axis };
}

/** The observed and predicted peaks that the common limit cuts, in words; `null` where none is. */
function cutPeaks(rows: readonly LayerHistogramRow[], { limits, curves }: PanelStyle): string | null {
  const cut = curves
    .map((curve) => ({ curve, peak: Math.max(...rows.map((row) => row[curve] ?? 0)) }))
    .filter(({ peak }) => peak > limits.top * 1.001);
  return cut.length === 0
    ? null
    : `cut: ${cut.map(({ curve, peak }) => `${SERIES[curve].label} ${peak.toPrecision(2)}`).join(", ")}`;
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
  const peaks = layers.map((layer) => peakOf(rows.filter((row) => row.layer === layer))).sort((a, b) => a - b);
  const isotropic = Math.max(0.1, ...rows.map((row) => row.isotropic));
  const highest = Math.max(isotropic, ...peaks);
  const usual = Math.max(isotropic, 12 * (peaks[Math.floor(peaks.length / 2)] ?? 1));
  const top = 1.06 * (scale === "sqrt" ? Math.min(highest, usual) : highest);
  const place = (y: number) => (scale === "sqrt" ? Math.sqrt(y / top) : y / top);
  return { x: occupied(rows), top, ticks: roundTicks([0.05 * top, 0.97 * top], place, 0.12, [0]) };
}

function peakOf(rows: readonly LayerHistogramRow[]): number {
  return Math.max(...rows.map((row) => Math.max(row.observed, row.sa ?? 0, row.usa ?? 0)));
}

/** From a tenth below the lowest noticeable density up to a tenth above the highest; a spike at 1 keeps clear of the frame. */
function occupied(rows: readonly LayerHistogramRow[]): readonly [number, number] {
  const noticeable = rows.map((row) => Math.max(row.observed, row.sa ?? 0, row.usa ?? 0, row.isotropic) > 0.01);
  const lo = Math.min(0, ...rows.filter((_, k) => noticeable[k]).map((row) => row.x));
  // A bin ends where the next row begins.
  const hi = Math.max(0, ...rows.filter((_, k) => noticeable[k - 1]).map((row) => row.x));
  return [Math.max(-1, Math.floor(lo * 10 - 0.5) / 10), Math.min(1.03, Math.ceil(hi * 10 + 0.5) / 10)];
}

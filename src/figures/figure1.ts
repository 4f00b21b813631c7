import { panelsOf, type VariantRun, type VariantSet } from "../run/variant-set.ts";
import { fixedDigits, percent } from "../words/format-number.ts";
import { drawnLimits, type Figure1Row, figure1Rows } from "./figure1-rows.ts";
import { roundTicks } from "./parts/round-ticks.ts";
import { type Figure, type FigureSpec, inlineData, type MarkSpec, type PanelSpec } from "./parts/spec.ts";
import { framed, hiddenUnless, SOFT_INK, variantColour } from "./parts/theme.ts";
import { readingsInWords, variantStatistics } from "./parts/variant-statistics.ts";

const WIDTH = 178;
const HEIGHT = 112;

/** What all panels share. */
interface Frame {
  readonly set: VariantSet;
  readonly x: readonly [number, number];
  readonly top: number;
  /** Whether any peak goes beyond the top. */
  readonly cuts: boolean;
}

export const publishedFigure1: Figure<VariantSet> = {
  name: "figure1",
  title: ({ title }) => title,
  caption: (set) => {
    const remarks = set.remarks.map((text) => `${text[0]!.toUpperCase()}${text.slice(1)}.`).join(" ");
    return `The distribution of inner products of tokens layer by layer, a row for each reading of the same weights. ${readingsInWords(set)} ${remarks} ${binsInWords(set)}; all panels share both scales, and a peak that would flatten the others is cut, its height written. Numbers above a panel are of pairs i ≠ j, mean over texts.`;
  },
  draw: (set, { about }) => figure1(set, about),
};

function binsInWords({ variants }: VariantSet): string {
  const own = variants.some(({ histograms }) =>
    histograms.texts.some(({ layers }) => layers.some(({ edges }) => edges)),
  );
  return own
    ? "Bins follow the rule of Freedman and Diaconis, no narrower than a pixel"
    : "Bins are the same at all layers";
}

/**
 * Figure 1 of GLPR25 and R, and the other readings of the same weights in rows below it: the distribution of inner
 * products layer by layer as a step outline, density on one linear scale, x and y limits common to all panels.
 *
 * A peak that would flatten the other panels is cut at the common limit, and its height is written in the panel.
 */
export function figure1(set: VariantSet, about = ""): FigureSpec {
  const rows = figure1Rows(set);
  const top = commonTop(rows, set);
  const frame = { set, x: drawnLimits(set), top, cuts: rows.some((row) => isCut(row.density, top)) };
  const scale = "density on one linear scale, the same in all panels; numbers above them: pairs i ≠ j";
  const text = {
    title: set.title,
    subtitle: [[about, ...set.remarks].filter(Boolean).join("; "), scale],
    description: `Histograms of inner products of tokens at layers ${allPanels(set).join(", ")}, one row each: ${set.variants.map(({ label, words }) => `${label} (${words})`).join("; ")}.`,
  };
  const blocks = blocksOf(set).map(({ variant, v, layers, first }, at, { length }) => {
    const panels = layers.map((layer, k) =>
      panel(rows, variant, layer, frame, { left: k === 0, bottom: at === length - 1, colour: variantColour(v) }),
    );
    return { title: rowTitle(variant, variantColour(v), first), spacing: 20, bounds: "flush", hconcat: panels };
  });
  return framed(text, { spacing: 20, vconcat: blocks });
}

function allPanels(set: VariantSet): readonly number[] {
  return [...new Set(set.variants.flatMap((variant) => panelsOf(variant, set)))];
}

/** Rows of panels: the first of every reading, then the second of every reading … */
function blocksOf(set: VariantSet) {
  const chunks = set.variants.map((variant) => chunked(panelsOf(variant, set)));
  return Array.from({ length: Math.max(...chunks.map((of) => of.length)) }, (_, c) =>
    set.variants.flatMap((variant, v) => {
      const layers = chunks[v]![c];
      return layers ? [{ variant, v, layers, first: c === 0 }] : [];
    }),
  ).flat();
}

/** Up to four panels in a row. */
function chunked(layers: readonly number[]): readonly (readonly number[])[] {
  const columns = layers.length === 5 || layers.length === 6 || layers.length === 9 ? 3 : Math.min(4, layers.length);
  return Array.from({ length: Math.ceil(layers.length / columns) }, (_, k) =>
    layers.slice(k * columns, (k + 1) * columns),
  );
}

function rowTitle({ label, words }: VariantRun, color: string, first: boolean) {
  return {
    text: first ? `${label}: ${words}` : label,
    color,
    fontSize: 12,
    anchor: "start",
    offset: 6,
  };
}

interface Place {
  readonly left: boolean;
  readonly bottom: boolean;
  readonly colour: string;
}

function panel(all: readonly Figure1Row[], variant: VariantRun, layer: number, frame: Frame, place: Place): PanelSpec {
  const { set, top } = frame;
  const rows = all.filter((row) => row.variant === variant.name && row.layer === layer);
  const peak = Math.max(...rows.map((row) => row.density));
  const subtitle = numbersOf(variant, set, layer);
  return {
    title: {
      text: layer === 0 ? "layer 0 (embedding)" : `layer ${layer}`,
      ...(subtitle ? { subtitle } : {}),
      frame: "group",
      fontSize: 12,
      subtitleFontSize: 10.5,
      subtitlePadding: 2,
      offset: 5,
    },
    width: WIDTH,
    height: HEIGHT,
    data: inlineData(rows.map(({ x, density }) => ({ x, density }))),
    encoding: { x: xChannel(frame, place), y: yChannel(frame, place) },
    layer: [
      { mark: { type: "area", interpolate: "step-after", color: place.colour, opacity: 0.15, clip: true } },
      { mark: { type: "line", interpolate: "step-after", color: place.colour, strokeWidth: 1.4, clip: true } },
      ...(isCut(peak, top) ? [cutLabel(`cut: peak ${peak >= 10 ? Math.round(peak) : peak.toPrecision(2)}`)] : []),
    ],
  } as PanelSpec;
}

/** "mean 0.15, above .9: 0.4 %" over pairs i ≠ j, mean over texts. */
function numbersOf(variant: VariantRun, set: VariantSet, layer: number): string {
  const found = variantStatistics(variant, set).find((one) => one.layer === layer);
  if (!found) return "";
  return `mean ${fixedDigits(found.meanCosine.value, 2)}, above .9: ${percent(found.mass.value)}`;
}

function isCut(density: number, top: number): boolean {
  return density > 1.001 * top;
}

function xChannel({ x }: Frame, { bottom }: Place) {
  const title = bottom ? "inner product ⟨xᵢ, xⱼ⟩" : null;
  const values = [-1, -0.5, 0, 0.5, 1].filter((tick) => tick >= x[0] && tick <= x[1]);
  const axis = { values, format: "~g", grid: false };
  return { field: "x", type: "quantitative", title, scale: { domain: [...x], nice: false, zero: false }, axis };
}

function yChannel({ top, cuts }: Frame, { left }: Place) {
  const title = left ? "density" : null;
  const highest = (cuts ? 0.8 : 0.98) * top; // No line where the height of a cut peak is written.
  const ticks = roundTicks([0.05 * top, highest], (y) => y / top, 0.2, [0]);
  const axis = { values: ticks, labelExpr: "format(datum.value, '~f')", ...hiddenUnless(left) };
  return { field: "density", type: "quantitative", title, scale: { domain: [0, top], nice: false }, axis };
}

function cutLabel(text: string): MarkSpec {
  return {
    data: { values: [{}] },
    mark: { type: "text", text, align: "left", baseline: "top", fontSize: 10, color: SOFT_INK, fontStyle: "italic" },
    encoding: { x: { value: 5 }, y: { value: 3 } },
  } as MarkSpec;
}

/** The highest peak of all panels, but not above three times what all but the lowest eighth of the panels reach. */
function commonTop(rows: readonly Figure1Row[], set: VariantSet): number {
  const peaks = set.variants
    .flatMap((variant) =>
      panelsOf(variant, set).map((layer) =>
        Math.max(
          ...rows.filter((row) => row.variant === variant.name && row.layer === layer).map((row) => row.density),
        ),
      ),
    )
    .sort((a, b) => a - b);
  return 1.06 * Math.min(peaks.at(-1)!, 3 * peaks[Math.floor((peaks.length - 1) / 8)]!);
}

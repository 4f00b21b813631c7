import type { Config } from "vega-lite";
import type { FigureSpec } from "./spec.ts";

/** DejaVu Sans comes with the package and has the subscripts and Greek letters; the others are what a reader may have. */
export const FONT = "DejaVu Sans, Helvetica, Arial, sans-serif";

/** What a figure of one curve draws it in. */
export const ACCENT = "#0072B2";

/** Readings of one model's weights: told apart by every common kind of colour vision, and not those of the families. */
const READINGS = ["#8E3B8A", "#00785A", "#8A6100"];

export const INK = "#222222";
export const SOFT_INK = "#595959";
const GRID = "#E6E6E6";

/** Type, colours and spacing of every figure. */
export const FIGURE_CONFIG: Config = {
  // The whole figure carries one description (see render.ts); labels on every bar would be read out one by one.
  aria: false,
  font: FONT,
  background: "#FFFFFF",
  padding: 10,
  view: { stroke: null },
  title: {
    anchor: "start",
    fontSize: 14,
    fontWeight: "bold",
    color: INK,
    subtitleColor: SOFT_INK,
    subtitleFontSize: 11.5,
    subtitlePadding: 5,
    offset: 10,
  },
  axis: {
    labelFontSize: 11,
    titleFontSize: 11.5,
    titleFontWeight: "normal",
    labelColor: INK,
    titleColor: INK,
    gridColor: GRID,
    domainColor: "#888888",
    tickColor: "#888888",
    tickSize: 4,
    titlePadding: 7,
    labelFlush: false,
  },
  legend: {
    orient: "top",
    direction: "horizontal",
    title: null,
    labelFontSize: 11.5,
    labelColor: INK,
    symbolSize: 420,
    symbolStrokeWidth: 2.2,
    symbolType: "stroke",
    columnPadding: 14,
    labelLimit: 260,
    offset: 8,
  },
};

/** What every figure has around its panels. */
export interface FigureFrame {
  /** Short and in words: what is seen. */
  readonly title: string;
  readonly subtitle: string | readonly string[];
  /** For those who cannot see it. */
  readonly description: string;
}

/** Puts the frame around the panels: schema, title, description and theme. */
export function framed(frame: FigureFrame, body: object): FigureSpec {
  const subtitle = typeof frame.subtitle === "string" ? frame.subtitle : [...frame.subtitle];
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    description: frame.description,
    title: { text: frame.title, subtitle },
    config: FIGURE_CONFIG,
    ...body,
  } as FigureSpec;
}

/** An axis whose labels are drawn in the first panel of a row only, but take their room in all, so that panels align. */
export function hiddenUnless(first: boolean) {
  const opacity = first ? 1 : 0;
  return { labelOpacity: opacity, tickOpacity: opacity, domainOpacity: opacity };
}

/** The colour of a set's reading by its place; the same in all of its figures. */
export function variantColour(place: number): string {
  return READINGS[place % READINGS.length]!;
}

import { type FigureSpec, inlineData } from "../parts/spec.ts";
import { framed } from "../parts/theme.ts";

/** Of Okabe and Ito, one a scheme. */
const COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"];

/** Mean cosine of one scheme after a layer, over copies, and where nine in ten of them lie. */
export interface SchemeRow {
  readonly scheme: string;
  readonly layer: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Mean cosine by layer of random transformers, a curve and a band for each place of the normalization (R Figure 4). */
export function schemesByLayer(rows: readonly SchemeRow[], about: string): FigureSpec {
  const schemes = [...new Set(rows.map(({ scheme }) => scheme))];
  const x = { field: "layer", type: "quantitative", title: "layer", axis: { grid: false, tickMinStep: 1 } };
  const y = {
    type: "quantitative",
    title: "mean cosine",
    scale: { domain: [Math.min(0, ...rows.map(({ low }) => low)), 1] },
  };
  const color = {
    field: "scheme",
    type: "nominal",
    title: "normalization",
    scale: { domain: schemes, range: schemes.map((_, place) => COLOURS[place % COLOURS.length]) },
  };
  const layer = [
    { mark: { type: "area", opacity: 0.18 }, encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, color } },
    { mark: { type: "line", strokeWidth: 2 }, encoding: { x, y: { ...y, field: "mean" }, color } },
  ];
  const frame = {
    title: "Random transformers collapse at the pace of their normalization",
    subtitle: `${about}; bands: nine in ten copies`,
    description:
      "Line chart by layer of the mean cosine between tokens of transformers with random weights, a curve and a band for each normalization scheme.",
  };
  return framed(frame, { width: 420, height: 280, data: inlineData(rows), layer });
}

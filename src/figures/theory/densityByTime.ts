import { type FigureSpec, inlineData, type PanelSpec } from "../parts/spec.ts";
import { ACCENT, framed } from "../parts/theme.ts";

/** A density on the circle at one time, on evenly spaced angles from 0, with tokens beside it or `null`. */
export interface DensityPanel {
  readonly time: number;
  readonly density: readonly number[];
  /** In radians, any turn. */
  readonly angles: ArrayLike<number> | null;
}

/** Room above the tallest line or bar, as a part of it. */
const HEADROOM = 0.06;

const BINS = 72;
const BIN_WIDTH = (2 * Math.PI) / BINS;

/** Density over θ, a panel a time, each with its own scale; bars are the tokens that follow the same equation. */
export function densityByTime(panels: readonly DensityPanel[], about: string): FigureSpec {
  const frame = {
    title: "Density on the circle by time",
    subtitle: about,
    description: "Small multiples, one a time: probability density over the angle theta from 0 to 2 pi.",
  };
  // Seven and eight fill two rows of four, all others three columns.
  const columns = panels.length === 7 || panels.length === 8 ? 4 : 3;
  const concat = panels.map((panel, index) => panelOf(panel, index % columns === 0));
  return framed(frame, { columns, spacing: 22, concat });
}

function panelOf({ time, density, angles }: DensityPanel, isFirst: boolean): PanelSpec {
  const heights = angles ? histogram(angles) : new Float64Array();
  const top = (1 + HEADROOM) * heights.reduce((a, b) => Math.max(a, b), Math.max(...density));
  const values = [...density, density[0]].map((value, g) => ({ theta: (2 * Math.PI * g) / density.length, value }));
  const scale = { domain: [0, 2 * Math.PI], nice: false };
  const x = { field: "theta", type: "quantitative", scale, title: "θ", axis: thetaAxis() };
  const y = {
    field: "value",
    type: "quantitative",
    title: isFirst ? "density" : null,
    scale: { domain: [Math.min(0, ...density), top], nice: false },
    axis: { tickCount: 4 },
  };
  const line = {
    data: inlineData(values),
    mark: { type: "line", color: ACCENT, strokeWidth: 1.8 },
    encoding: { x, y },
  };
  const text = `t = ${Number(time.toPrecision(4))}`;
  const title = { text, fontSize: 12, fontWeight: "normal", offset: 4, frame: "group" };
  return { title, width: 190, height: 110, layer: [...(angles ? [bars(heights, y)] : []), line] } as PanelSpec;
}

/** Quarters of a turn, labelled in degrees of π. */
export function thetaAxis() {
  const values = [0, 0.5, 1, 1.5, 2].map((turn) => turn * Math.PI);
  const labels = "['0', 'π/2', 'π', '3π/2', '2π'][round(datum.value / PI * 2)]";
  return { values, labelExpr: labels, grid: false };
}

/** Part of the angles in each bin, per radian. */
function histogram(angles: ArrayLike<number>): Float64Array {
  const heights = new Float64Array(BINS);
  for (let j = 0; j < angles.length; j++) {
    const turn = angles[j] / (2 * Math.PI);
    heights[Math.min(BINS - 1, Math.floor((turn - Math.floor(turn)) * BINS))] += 1 / (angles.length * BIN_WIDTH);
  }
  return heights;
}

function bars(heights: Float64Array, { title }: { readonly title: string | null }) {
  const row = (height: number, b: number) => ({ from: b * BIN_WIDTH, to: (b + 1) * BIN_WIDTH, height });
  const data = inlineData(Array.from(heights, row));
  const x = { field: "from", type: "quantitative" };
  const y = { field: "height", type: "quantitative", title };
  const encoding = { x, x2: { field: "to" }, y, y2: { datum: 0 } };
  return { data, mark: { type: "rect", color: "#BBBBBB" }, encoding };
}

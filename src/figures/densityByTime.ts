import { SERIES } from "./series.ts";
import { type FigureSpec, inlineData, type PanelSpec } from "./spec.ts";
import { framed } from "./theme.ts";

/** A density on the circle at one time, on evenly spaced angles from 0, with tokens beside it or `null`. */
export interface DensityPanel {
  readonly time: number;
  readonly density: readonly number[];
  /** In radians, any turn. */
  readonly angles: ArrayLike<number> | null;
}

const COLUMNS = 3;
const BINS = 72;

/** Density over θ, a panel a time, each with its own height; bars are the tokens that follow the same equation. */
export function densityByTime(panels: readonly DensityPanel[], about: string): FigureSpec {
  const frame = {
    title: "Density on the circle by time",
    subtitle: about,
    description: "Small multiples, one a time: probability density over the angle theta from 0 to 2 pi.",
  };
  return framed(frame, { columns: COLUMNS, spacing: 22, concat: panels.map(panelOf) });
}

function panelOf({ time, density, angles }: DensityPanel): PanelSpec {
  const values = [...density, density[0]].map((value, g) => ({ theta: (2 * Math.PI * g) / density.length, value }));
  const scale = { domain: [0, 2 * Math.PI], nice: false };
  const x = { field: "theta", type: "quantitative", scale, title: "θ", axis: thetaAxis() };
  const y = {
    field: "value",
    type: "quantitative",
    title: null,
    scale: { zero: true, nice: false },
    axis: { tickCount: 4 },
  };
  const line = {
    data: inlineData(values),
    mark: { type: "line", color: SERIES.sa.colour, strokeWidth: 1.8 },
    encoding: { x, y },
  };
  const title = { text: `t = ${Number(time.toPrecision(4))}`, fontSize: 12, fontWeight: "normal", offset: 4 };
  return { title, width: 190, height: 110, layer: [...(angles ? [bars(angles)] : []), line] } as PanelSpec;
}

/** Quarters of a turn, labelled in degrees of π. */
export function thetaAxis() {
  const values = [0, 0.5, 1, 1.5, 2].map((turn) => turn * Math.PI);
  const labels = "['0', 'π/2', 'π', '3π/2', '2π'][round(datum.value / PI * 2)]";
  return { values, labelExpr: labels, grid: false };
}

function bars(angles: ArrayLike<number>) {
  const [counts, width] = [new Float64Array(BINS), (2 * Math.PI) / BINS];
  for (let j = 0; j < angles.length; j++) {
    const turn = angles[j] / (2 * Math.PI);
    counts[Math.min(BINS - 1, Math.floor((turn - Math.floor(turn)) * BINS))] += 1 / (angles.length * width);
  }
  const data = inlineData(Array.from(counts, (height, b) => ({ from: b * width, to: (b + 1) * width, height })));
  const x = { field: "from", type: "quantitative" };
  const y = { field: "height", type: "quantitative" };
  const encoding = { x, x2: { field: "to" }, y, y2: { datum: 0 } };
  return { data, mark: { type: "rect", color: "#BBBBBB" }, encoding };
}

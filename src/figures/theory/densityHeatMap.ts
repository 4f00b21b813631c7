import { type FigureSpec, inlineData } from "../parts/spec.ts";
import { framed } from "../parts/theme.ts";
import { thetaAxis } from "./densityByTime.ts";

/** Density on the circle at one time and angle. */
export interface DensityRow {
  readonly time: number;
  /** In [0, 2π), evenly spaced. */
  readonly theta: number;
  /** Per radian. */
  readonly density: number;
}

interface Cell {
  readonly from: number;
  readonly to: number;
  readonly low: number;
  readonly high: number;
  readonly density: number;
}

const [WIDTH, HEIGHT] = [460, 300];

/** Colours in steps: neighbours of one colour are drawn as one rectangle. On a scale of square roots, or peaks hide the rest. */
const LEVELS = 40;

/** Density over time and θ as a heat map: clusters are bright lines that meet. At least two times. */
export function densityHeatMap(rows: readonly DensityRow[], about: string): FigureSpec {
  const frame = {
    title: "Density on the circle over time",
    subtitle: about,
    description: "Heat map over time and the angle theta: probability density, on a scale of square roots.",
  };
  const most = Math.max(...rows.map(({ density }) => density));
  const times = [...new Set(rows.map(({ time }) => time))].sort((a, b) => a - b);
  const color = {
    field: "density",
    type: "quantitative",
    scale: { type: "sqrt", domain: [0, most], scheme: "viridis" },
    legend: { title: "density per radian", titleFontWeight: "normal", titleFontSize: 11.5, gradientLength: 180 },
  };
  return framed(frame, {
    width: WIDTH,
    height: HEIGHT,
    data: inlineData(cellsOf(rows, times, most)),
    mark: { type: "rect", stroke: { expr: "scale('color', datum.density)" }, strokeWidth: 0.5 },
    encoding: {
      x: {
        field: "from",
        type: "quantitative",
        scale: { domain: [times[0], times[times.length - 1]], nice: false },
        title: "time t",
        axis: { grid: false },
      },
      x2: { field: "to" },
      y: {
        field: "low",
        type: "quantitative",
        scale: { domain: [0, 2 * Math.PI], nice: false },
        title: "θ",
        axis: thetaAxis(),
      },
      y2: { field: "high" },
      color,
    },
  });
}

/** Runs of one colour along θ, a column of them for each time, which reaches halfway to its neighbours. */
function cellsOf(rows: readonly DensityRow[], times: readonly number[], most: number): Cell[] {
  const found: Cell[] = [];
  times.forEach((time, t) => {
    const [before, after] = [times[t - 1] ?? time, times[t + 1] ?? time];
    const [from, to] = [(before + time) / 2, (time + after) / 2];
    const own = rows.filter((row) => row.time === time).sort((a, b) => a.theta - b.theta);
    const width = (2 * Math.PI) / own.length;
    own.forEach(({ density: exact }, g) => {
      const level = Math.round(Math.sqrt(Math.max(0, exact) / most) * LEVELS) / LEVELS;
      const [density, low, high] = [level * level * most, g * width, (g + 1) * width];
      const last = found[found.length - 1];
      if (last && last.from === from && last.density === density) found[found.length - 1] = { ...last, high };
      else found.push({ from, to, low, high, density });
    });
  });
  return found;
}

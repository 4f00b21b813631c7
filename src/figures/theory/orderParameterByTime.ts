import { type FigureSpec, inlineData } from "../parts/spec.ts";
import { ACCENT, framed } from "../parts/theme.ts";

/** Mean order parameter over paths at one time, with its standard error. */
export interface OrderParameterRow {
  readonly time: number;
  readonly mean: number;
  readonly error: number;
}

/** Order parameter r = ‖Σ x_i‖/n of noisy paths along time, a band of two standard errors about their mean (R §7). */
export function orderParameterByTime(rows: readonly OrderParameterRow[], about: string): FigureSpec {
  const frame = {
    title: `Order parameter ${rows.length > 0 ? rows[rows.length - 1].mean.toPrecision(3) : "unknown"} at the end`,
    subtitle: `${about}; band: two standard errors of the mean`,
    description:
      "Line chart of the mean order parameter of noisy paths against time, from 0 to 1, with a band of two standard errors.",
  };
  const x = { field: "time", type: "quantitative", title: "time t", scale: { nice: false }, axis: { grid: false } };
  const scale = { domain: [0, 1] };
  const values = rows.map(({ time, mean, error }) => ({
    time,
    mean,
    low: Math.max(0, mean - 2 * error),
    high: Math.min(1, mean + 2 * error),
  }));
  return framed(frame, {
    width: 460,
    height: 240,
    data: inlineData(values),
    encoding: { x },
    layer: [
      {
        mark: { type: "area", color: ACCENT, opacity: 0.25 },
        encoding: {
          y: { field: "low", type: "quantitative", scale, title: "order parameter r" },
          y2: { field: "high" },
        },
      },
      { mark: { type: "line", color: ACCENT }, encoding: { y: { field: "mean", type: "quantitative", scale } } },
    ],
  });
}

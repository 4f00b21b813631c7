import type { Cloud64 } from "../../../probes/cloud.ts";
import { principalDirections } from "../../../probes/spectrum/principal-directions.ts";

/** Principal axes of a cloud that is not centred, strongest first, with the singular value of each. */
export interface Axes {
  readonly directions: readonly Float64Array[];
  readonly values: readonly number[];
}

/** Axes that turn into others: x's component along `from` goes along `to`. */
export interface TurnedAxes {
  /** Unit, orthogonal to each other. */
  readonly from: readonly Float64Array[];
  /** The same of the other cloud, times the ratio of singular values, with the sign under which tokens keep to their side. */
  readonly to: readonly Float64Array[];
}

/** The axes of a cloud, at most so many. */
export function principalAxes(cloud: Cloud64, most: number): Axes {
  const directions = principalDirections(cloud, Math.min(most, cloud.n, cloud.d));
  return { directions, values: directions.map((axis) => Math.sqrt(alongAxis(cloud, axis, cloud, axis))) };
}

/** The axes of x turned into those of y, which are the same tokens: the strongest into the strongest. */
export function alignedAxes({ directions, values }: Axes, x: Cloud64, y: Cloud64, most: number): TurnedAxes {
  const other = principalAxes(y, most);
  const count = Math.min(directions.length, other.directions.length);
  const from = directions.slice(0, count);
  const to = from.map((axis, a) => {
    const sign = alongAxis(x, axis, y, other.directions[a]) < 0 ? -1 : 1;
    return other.directions[a].map((value) => (sign * other.values[a] * value) / values[a]);
  });
  return { from, to };
}

/** Σ_i ⟨x_i, u⟩⟨y_i, v⟩. */
function alongAxis(x: Cloud64, u: Float64Array, y: Cloud64, v: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.n; i++) sum += dot(x.x, i * x.d, u) * dot(y.x, i * y.d, v);
  return sum;
}

function dot(a: Float64Array, from: number, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < b.length; k++) sum += a[from + k] * b[k];
  return sum;
}

/** Rows `[m, d]` with the first 0, 1, 2 … axes turned; what they have outside of these stays. */
export function turnedByAxes(rows: Float64Array, { from, to }: TurnedAxes): readonly Float64Array[] {
  const out = [rows];
  from.forEach((axis, a) => {
    const d = axis.length;
    const next = out[a].slice();
    for (let at = 0; at < rows.length; at += d) {
      const along = dot(rows, at, axis);
      for (let k = 0; k < d; k++) next[at + k] += along * (to[a][k] - axis[k]);
    }
    out.push(next);
  });
  return out;
}

import { TokensphereError } from "../../models/errors.ts";
import type { Cloud } from "../cloud.ts";

/** ‖x_i + y_i‖ below which the way from x_i to y_i is rounding: states are float32. */
const OPPOSITE = 1e-7;

/**
 * The logarithm map of the sphere, token by token: the tangent vector u_i at x_i whose geodesic leads to y_i in unit time,
 * u_i = θ/sin θ · (y_i − cos θ x_i), ‖u_i‖ = θ ∈ [0, π). Exact to rounding for small steps too: θ = 2 atan2(‖x − y‖, ‖x + y‖).
 *
 * @param x - Unit tokens.
 * @param y - The same tokens a layer on.
 * @returns `[n, d]`.
 * @throws TokensphereError `input` where a token lies opposite to where it was: no direction leads there more than another.
 */
export function logMap(x: Cloud, y: Cloud): Float64Array {
  const turned = oppositeToken(x, y);
  if (turned !== null) {
    throw new TokensphereError("input", `logarithm map: token ${turned} turned by half a circle. leave that token out`);
  }
  const { n, d } = x;
  const u = new Float64Array(n * d);
  for (let i = 0; i < n; i++) logOf(x, y, i * d, u);
  return u;
}

/** The first token that lies opposite to where it was; `null`: none, and there is a logarithm map. */
export function oppositeToken(x: Cloud, y: Cloud): number | null {
  for (let i = 0; i < x.n; i++) {
    let s = 0;
    for (let p = i * x.d; p < (i + 1) * x.d; p++) s += (x.x[p] + y.x[p]) ** 2;
    if (Math.sqrt(s) < OPPOSITE) return i;
  }
  return null;
}

/** y − cos θ x is (y − x) + (1 − cos θ) x, in which nothing cancels. */
function logOf(x: Cloud, y: Cloud, at: number, u: Float64Array): void {
  let less = 0;
  let more = 0;
  for (let p = at; p < at + x.d; p++) {
    less += (y.x[p] - x.x[p]) ** 2;
    more += (y.x[p] + x.x[p]) ** 2;
  }
  const theta = 2 * Math.atan2(Math.sqrt(less), Math.sqrt(more));
  const factor = theta === 0 ? 1 : theta / Math.sin(theta);
  for (let p = at; p < at + x.d; p++) u[p] = factor * (y.x[p] - x.x[p] + (less / 2) * x.x[p]);
}

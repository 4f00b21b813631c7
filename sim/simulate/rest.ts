import { spanCoordinates } from "../clouds/span-coordinates.ts";
import type { Dynamics } from "../dynamics/dynamics.ts";
import type { DynamicsParams } from "../dynamics/params.ts";
import { typescriptEngine } from "../engines/typescript-engine.ts";
import { leadingRates } from "./leading-rates.ts";

/** Whether a cloud rests, and what becomes of what disturbs it. In time units of the dynamics times e^{−logScale}. */
export interface Rest {
  /** Of the fastest token. */
  readonly speed: number;
  /**
   * Eigenvalues of the Jacobian, largest first: all where it is symmetric, the leading one elsewhere; turning all tokens gives zeros.
   * `null`: the cloud moves, is too large, or its field jumps.
   */
  readonly rates: readonly number[] | null;
  readonly logScale: number;
}

/** Which field. */
export interface RestTask {
  readonly dynamics: Dynamics;
  readonly params: DynamicsParams;
  readonly n: number;
  readonly d: number;
  readonly beta: number;
}

/** Slower than this a cloud rests: rounding alone moves tokens at some 1e-16. */
const SLOW = 1e-10;
/** Directions beyond which no Jacobian is made: eight velocities each. */
const MOST_DIRECTIONS = 200;

/**
 * The speed of a cloud on the sphere and, where it rests, the rates at which disturbances grow, by differences of order 4 along the
 * sphere; directions outside the span of the tokens count too.
 *
 * @param x - Unit rows `[n, d]`.
 * @returns `null` where the field depends on time or tokens leave the sphere.
 */
export function restOf(task: RestTask, x: Float64Array): Rest | null {
  const { dynamics, params, beta, n } = task;
  const still = (dynamics.pieces?.(params) ?? []).length < 2 && !dynamics.schedule?.(params);
  if (dynamics.geometry !== "sphere" || !still) return null;
  const { rows, d } = dynamics.rotates ? withOneMore(x, n, task.d) : { rows: x, d: task.d };
  const logScale = dynamics.logScale(beta, params);
  const engine = typescriptEngine({ dynamics, params, n, d });
  const velocity = (from: Float64Array, out: Float64Array) =>
    void engine.velocity(from, Float64Array.of(beta), Float64Array.of(logScale), 1, out);
  const v = new Float64Array(n * d);
  velocity(rows, v);
  const speed = fastest(v, n, d);
  const jumps = dynamics.samePoint !== undefined;
  const few = n * (d - 1) <= MOST_DIRECTIONS;
  const rates = speed <= SLOW && few && !jumps ? leadingRates(velocity, rows, n, d, Math.abs(beta)) : null;
  return { speed, rates, logScale };
}

/** In coordinates of the span and one more, which stands for all others. */
function withOneMore(x: Float64Array, n: number, d: number): { readonly rows: Float64Array; readonly d: number } {
  const { y, k } = spanCoordinates(x, n, d);
  if (k >= d) return { rows: x, d };
  const rows = new Float64Array(n * (k + 1));
  for (let i = 0; i < n; i++) rows.set(y.subarray(i * k, (i + 1) * k), i * (k + 1));
  return { rows, d: k + 1 };
}

function fastest(v: Float64Array, n: number, d: number): number {
  let most = 0;
  for (let i = 0; i < n; i++) most = Math.max(most, Math.hypot(...v.subarray(i * d, (i + 1) * d)));
  return most;
}

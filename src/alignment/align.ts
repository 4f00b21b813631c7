import type { Trajectory } from "./candidate.ts";

/** How simulated time is laid along the layers: one step size for all, or any non-decreasing sequence. */
export type TimeMap = "linear" | "monotone";

/** Where the layers lie along a trajectory's time, and how far each is from what is predicted there. */
export interface Alignment {
  /** One a layer, the first 0, never decreasing. */
  readonly times: readonly number[];
  /** One a layer, the left-out one included. */
  readonly costs: readonly number[];
  /** Mean cost of the layers after the first that took part. */
  readonly w1: number;
}

/** Share of the last layer's position at which each layer lies when every layer takes the same time: 0 … 1. */
export type Fractions = readonly number[];

/** Fractions in step with the numbers of the fitted layers, at least two. */
export function layerFractions(layers: readonly number[]): Fractions {
  const [first, last] = [layers[0], layers[layers.length - 1]];
  return layers.map((layer) => (layer - first) / (last - first));
}

/**
 * The best alignment of a trajectory under a time map; `table` is `costTable` of the same map. `skip` leaves one inner layer out
 * of the fit; its time is then what its neighbours imply, as a test of whether the time map predicts anything.
 */
export function align(c: Trajectory, map: TimeMap, fractions: Fractions, table: Float64Array, skip = -1): Alignment {
  return map === "linear" ? alignLinear(c, fractions, table, skip) : alignMonotone(c, fractions, table, skip);
}

/**
 * `[layers, grid]`: the distance of layer k from the prediction at grid time t (monotone), or at fraction_k · t, t being the
 * last layer's time (linear).
 */
export function costTable(c: Trajectory, map: TimeMap, fractions: Fractions): Float64Array {
  const g = c.grid.length;
  const table = new Float64Array(fractions.length * g);
  fractions.forEach((fraction, k) => {
    const scale = map === "linear" ? fraction : 1;
    for (let i = 0; i < g; i++) table[k * g + i] = c.cost(k, c.grid[i] * scale);
  });
  return table;
}

/**
 * The best non-decreasing assignment of layers to times: an exact dynamic programme over the grid, then each time alone is moved
 * between its grid neighbours (and its neighbours in the order) to where the interpolated distance is smallest.
 */
function alignMonotone(c: Trajectory, fractions: Fractions, table: Float64Array, skip: number): Alignment {
  const layers = fractions.length;
  const path = monotonePath(table, layers, c.grid.length, skip);
  const times = path.map((i) => c.grid[i]);
  for (let k = 1; k < layers; k++) {
    if (k === skip) continue;
    const next = times.slice(k + 1).find((_, i) => k + 1 + i !== skip) ?? c.horizon;
    const previous = times[k - 1 === skip ? k - 2 : k - 1];
    const lo = Math.max(previous, c.grid[Math.max(0, path[k] - 1)]);
    const hi = Math.min(next, c.grid[Math.min(c.grid.length - 1, path[k] + 1)]);
    times[k] = minimize((t) => c.cost(k, t), lo, hi, times[k]);
  }
  if (skip > 0) times[skip] = between(times, fractions, skip);
  return score(c, times, (k) => k !== skip);
}

/**
 * The best single step for the layers up to position `last`, `table` being `costTable` of the linear map: those behind it are
 * predicted and take no part in `w1`.
 */
export function alignFirst(c: Trajectory, fractions: Fractions, table: Float64Array, last: number): Alignment {
  return alignSteps(c, fractions, table, (k) => k <= last);
}

/** The best single step: layer k lies at fraction_k · T. */
function alignLinear(c: Trajectory, fractions: Fractions, table: Float64Array, skip: number): Alignment {
  return alignSteps(c, fractions, table, (k) => k !== skip);
}

function alignSteps(
  c: Trajectory,
  fractions: Fractions,
  table: Float64Array,
  takesPart: (layer: number) => boolean,
): Alignment {
  const fitted = fractions.map((_, k) => k).filter((k) => k > 0 && takesPart(k));
  const g = c.grid.length;
  const totals = Float64Array.from(c.grid, (_, i) => fitted.reduce((sum, k) => sum + table[k * g + i], 0));
  const best = indexOfLeast(totals);
  const T = minimize(
    (t) => fitted.reduce((sum, k) => sum + c.cost(k, t * fractions[k]), 0),
    c.grid[Math.max(0, best - 1)],
    c.grid[Math.min(g - 1, best + 1)],
    c.grid[best],
  );
  return score(
    c,
    fractions.map((f) => f * T),
    takesPart,
  );
}

/** Position of the smallest, the first of equals. */
export function indexOfLeast(values: ArrayLike<number>): number {
  let least = 0;
  for (let i = 1; i < values.length; i++) if (values[i] < values[least]) least = i;
  return least;
}

/** Dynamic programme: for each layer the grid index of a cheapest non-decreasing path that starts at index 0. */
export function monotonePath(table: Float64Array, layers: number, g: number, skip = -1): number[] {
  const from = new Int32Array(layers * g);
  let cost = new Float64Array(g).fill(Number.POSITIVE_INFINITY);
  cost[0] = 0;
  for (let k = 1; k < layers; k++) {
    const next = new Float64Array(g);
    let cheapest = 0;
    for (let i = 0; i < g; i++) {
      if (cost[i] < cost[cheapest]) cheapest = i;
      from[k * g + i] = cheapest;
      next[i] = cost[cheapest] + (k === skip ? 0 : table[k * g + i]);
    }
    cost = next;
  }
  let end = indexOfLeast(cost);
  const path = new Array<number>(layers).fill(0);
  for (let k = layers - 1; k > 0; k--) {
    path[k] = end;
    end = from[k * g + end];
  }
  return path;
}

function score(c: Trajectory, times: readonly number[], takesPart: (layer: number) => boolean): Alignment {
  const costs = times.map((t, k) => (k === 0 ? 0 : c.cost(k, t)));
  const used = costs.filter((_, k) => k > 0 && takesPart(k));
  return { times, costs, w1: used.reduce((a, b) => a + b, 0) / used.length };
}

function between(times: readonly number[], fractions: Fractions, k: number): number {
  const s = (fractions[k] - fractions[k - 1]) / (fractions[k + 1] - fractions[k - 1]);
  return times[k - 1] + s * (times[k + 1] - times[k - 1]);
}

/** Times are known to this share of themselves: far below what a distance is interpolated to. */
const CLOSE = 1e-7;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Golden section on [lo, hi], started from a known good point that is returned if nothing better is met. */
function minimize(f: (t: number) => number, lo: number, hi: number, start: number): number {
  let best = start;
  let lowest = f(start);
  const look = (t: number): number => {
    const value = f(t);
    if (value < lowest) {
      lowest = value;
      best = t;
    }
    return value;
  };
  let a = lo;
  let b = hi;
  let c = b - GOLDEN * (b - a);
  let d = a + GOLDEN * (b - a);
  let fc = look(c);
  let fd = look(d);
  for (let i = 0; i < 40 && b - a > CLOSE * Math.max(1e-300, b); i++) {
    if (fc < fd) {
      b = d;
      d = c;
      fd = fc;
      c = b - GOLDEN * (b - a);
      fc = look(c);
    } else {
      a = c;
      c = d;
      fc = fd;
      d = a + GOLDEN * (b - a);
      fd = look(d);
    }
  }
  return best;
}

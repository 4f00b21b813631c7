import { shuffled } from "../../models/random.ts";
import { type Fractions, indexOfLeast, type TimeMap } from "./align.ts";
import type { Trajectory } from "./candidate.ts";

/** What fitting the same layers in other orders comes to. */
export interface OrderNull {
  /** The skill that 95 % of the orders stay below. */
  readonly skill: number;
  /** Share of the orders, the true one among them, that are fitted as well as it. */
  readonly p: number;
  /** Monte-Carlo standard error of `p`; 0 where every order was tried. */
  readonly p_error: number;
  /** Orders tried beside the true one. */
  readonly orders: number;
}

/** A trajectory and `costTable` of its monotone map. */
export interface Tabulated {
  readonly candidate: Pick<Trajectory, "grid">;
  readonly table: Float64Array;
}

/** With fewer orders than this the least p is above .05: nothing could be told. */
const LEAST_ORDERS = 20;
const DRAWS = 199;

/**
 * Does the order of the layers after the first matter? Each order is fitted like the true one, by the best of the same trajectories,
 * with times aligned anew on the grid. A dynamics has an arrow: layers that know nothing of each other are fitted as well in any order.
 *
 * @param random - Uniform numbers in [0, 1).
 * @returns `null` with fewer than four layers after the first, whose orders are too few, or where nothing moves.
 */
export function orderNull(
  trajectories: readonly Tabulated[],
  fractions: Fractions,
  map: TimeMap,
  random: () => number,
): OrderNull | null {
  const count = fractions.length - 1;
  const every = factorial(count);
  if (every < LEAST_ORDERS) return null;
  const complete = every <= DRAWS + 1;
  const own = Array.from({ length: count }, (_, k) => k + 1);
  const others = complete ? permutations(own).slice(1) : Array.from({ length: DRAWS }, () => shuffled(own, random));
  const orders = [own, ...others];
  const least = new Float64Array(orders.length).fill(Number.POSITIVE_INFINITY);
  for (const one of trajectories) {
    const total = map === "linear" ? linearTotal(one, fractions) : monotoneTotal(one);
    orders.forEach((order, i) => {
      least[i] = Math.min(least[i], total(order));
    });
  }
  const baseline = own.reduce((sum, k) => sum + trajectories[0].table[k * trajectories[0].candidate.grid.length], 0);
  if (baseline === 0) return null;
  const skills = Array.from(least, (w1) => 1 - w1 / baseline);
  const [truth, ...rest] = skills;
  // Equal up to rounding: sums in another order.
  const as = rest.filter((skill) => skill >= truth - 1e-12).length;
  const p = (1 + as) / orders.length;
  const sorted = rest.sort((a, b) => a - b);
  return {
    skill: sorted[Math.min(sorted.length - 1, Math.ceil(0.95 * sorted.length) - 1)],
    p,
    p_error: complete ? 0 : Math.sqrt((p * (1 - p)) / orders.length),
    orders: rest.length,
  };
}

/** Least sum of distances over one step for all layers, the layer at place k being `order[k − 1]`. */
function linearTotal(
  { candidate: { grid }, table }: Tabulated,
  fractions: Fractions,
): (order: readonly number[]) => number {
  const g = grid.length;
  const layers = fractions.length;
  // [place][layer][end time]: between frames a distance is taken to be linear in time, which is never less than it is.
  const placed = fractions.map((fraction) => {
    const costs = new Float64Array(layers * g);
    let f = 0;
    for (let i = 0; i < g; i++) {
      const t = fraction * grid[i];
      while (f + 2 < g && grid[f + 1] <= t) f++;
      const s = f + 1 < g ? (t - grid[f]) / (grid[f + 1] - grid[f]) : 0;
      const next = Math.min(g - 1, f + 1);
      for (let k = 0; k < layers; k++) costs[k * g + i] = (1 - s) * table[k * g + f] + s * table[k * g + next];
    }
    return costs;
  });
  const totals = new Float64Array(g);
  return (order) => {
    totals.fill(0);
    order.forEach((layer, place) => {
      const costs = placed[place + 1];
      for (let i = 0; i < g; i++) totals[i] += costs[layer * g + i];
    });
    return totals[indexOfLeast(totals)];
  };
}

/** The same over times that never decrease. */
function monotoneTotal({ candidate: { grid }, table }: Tabulated): (order: readonly number[]) => number {
  const g = grid.length;
  const cost = new Float64Array(g);
  return (order) => {
    cost.fill(0);
    for (const layer of order) {
      let cheapest = Number.POSITIVE_INFINITY;
      for (let i = 0; i < g; i++) {
        cheapest = Math.min(cheapest, cost[i]);
        cost[i] = cheapest + table[layer * g + i];
      }
    }
    return cost[indexOfLeast(cost)];
  };
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}

/** All orders, the given one first. */
function permutations(values: readonly number[]): number[][] {
  if (values.length <= 1) return [[...values]];
  return values.flatMap((first, i) =>
    permutations([...values.slice(0, i), ...values.slice(i + 1)]).map((rest) => [first, ...rest]),
  );
}

import type { Characteristics } from "./circle-characteristics.ts";
import type { CircleMoments } from "./circle-moments.ts";
import { gegenbauerRow } from "./gegenbauer.ts";
import { zonalDensity } from "./zonal-flow.ts";
import { type ZonalRule, zonalRule } from "./zonal-rule.ts";

const TURN = 2 * Math.PI;

/**
 * W_2(μ, δ_x) on the circle by geodesic distance, in radians: the root of ∫ φ² dμ for the angle φ to x, with
 * φ² = π²/3 + 4Σ (−1)^k cos(kφ)/k² on a turn.
 *
 * @param angle - Of x, in radians.
 */
export function momentsToPoint({ re, im }: CircleMoments, angle: number): number {
  let sum = Math.PI ** 2 / 3;
  for (let k = re.length; k >= 1; k--) {
    const along = re[k - 1] * Math.cos(k * angle) + im[k - 1] * Math.sin(k * angle);
    sum += ((k % 2 ? -4 : 4) * along) / (k * k);
  }
  return Math.sqrt(Math.max(0, sum));
}

/** Neighbours that have parted to so many times their distance at the start have mass between them that counts. */
const PARTED = 2;
/** Points keep their order on the circle but for this. */
const ROUNDING = 1e-10;
/** Points of Gauss's rule in a gap: φ²/sin²(φ/2) is smooth there. */
const GAP_POINTS = 24;

/**
 * As `momentsToPoint`, of points of fixed mass. The last mass to come is that opposite x: between two neighbours there that have
 * parted it is spread evenly in cot(φ/2), as the flow to a point without noise spreads it at β = 0 at all times, and SA at every β once
 * most mass has come.
 */
export function pointsToPoint({ angles, masses }: Characteristics, angle: number): number {
  const n = angles.length;
  const phi = angles.map((theta) => Math.atan2(Math.sin(theta - angle), Math.cos(theta - angle)));
  const rule = zonalRule(3, GAP_POINTS);
  const wide = (PARTED * TURN) / n;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += masses[i] * phi[i] ** 2;
  for (let i = 0; i < n; i++) {
    const [from, to] = [phi[i], phi[(i + 1) % n]];
    const end = to < from - ROUNDING ? to + TURN : to;
    if (end - from < wide) continue;
    const covers = end >= (from < 0 ? 0 : TURN);
    if (covers && end - from < Math.PI) continue;
    // All but a short arc that x lies beside, not in: what is even about the middle of the arc differs by its distance.
    const middle = covers ? (from + end - TURN) / 2 : 0;
    const mass = (masses[i] + masses[(i + 1) % n]) / 2;
    sum += mass * (meanSquare(rule, from - middle, end - middle) + middle ** 2 - (from ** 2 + to ** 2) / 2);
  }
  return Math.sqrt(Math.max(0, sum));
}

/** Mean of φ² between two angles of a turn, of mass that is spread evenly in cot(φ/2). */
function meanSquare({ t, masses }: ZonalRule, from: number, end: number): number {
  let sum = 0;
  for (let g = 0; g < t.length; g++) {
    const along = from + ((end - from) * (1 + t[g])) / 2;
    const phi = along > Math.PI ? along - TURN : along;
    sum += masses[g] * (phi / Math.sin(phi / 2)) ** 2;
  }
  return ((end - from) * sum) / (2 / Math.tan(from / 2) - 2 / Math.tan(end / 2));
}

/**
 * W_2(μ, δ_{±e}) on S^{d−1} of a density about the axis e, by its moments ∫ P_k dμ: the angle φ to the point by Gauss and Legendre's rule,
 * in which the density and φ² sin^{d−2}φ are smooth.
 *
 * @param side - 1 for e, −1 for −e.
 */
export function zonalToPoint(moments: ArrayLike<number>, d: number, side: 1 | -1): number {
  const rule = zonalRule(3, 2 * moments.length + d + 24);
  const phi = rule.t.map((t) => (Math.PI * (1 + t)) / 2);
  const t = phi.map((angle) => side * Math.cos(angle));
  const rows: Float64Array[] = [];
  const density = zonalDensity(moments, { d, t, row: (k) => gegenbauerRow(d, k, t, rows) });
  let [squares, all] = [0, 0];
  for (let g = 0; g < t.length; g++) {
    const weight = rule.masses[g] * Math.sin(phi[g]) ** (d - 2);
    squares += weight * density[g] * phi[g] ** 2;
    all += weight;
  }
  return Math.sqrt(Math.max(0, squares / all));
}

import { type CircleMoments, massUpTo } from "./circle-moments.ts";

const TURN = 2 * Math.PI;

/**
 * Wasserstein-1 distance, in radians, between tokens on the circle and a density: min_c ∫ |F − G − c| dθ over one turn, F and
 * G the two distribution functions (Rabin, Delon & Gousseau 2011); the best c is the median of F − G. By a midpoint rule:
 * errors are of the order of one cell, 2π/cells.
 *
 * @param angles - In radians, any turn; all of the same mass.
 * @param cells - Of the midpoint rule. Default 20 000.
 */
export function circleW1(angles: ArrayLike<number>, density: CircleMoments, cells = 20_000): number {
  const jumps = new Float64Array(cells + 1);
  for (let j = 0; j < angles.length; j++) {
    const turn = angles[j] / TURN;
    // A token counts from the first midpoint at or behind it.
    jumps[Math.ceil((turn - Math.floor(turn)) * cells - 0.5)] += 1 / angles.length;
  }
  let below = 0;
  const gaps = Float64Array.from({ length: cells }, (_, cell) => {
    below += jumps[cell];
    return below - massUpTo(density, (TURN * (cell + 0.5)) / cells);
  }).sort();
  const median = gaps[cells >> 1];
  return gaps.reduce((sum, gap) => sum + Math.abs(gap - median), 0) * (TURN / cells);
}

import { TokensphereError } from "../../models/errors.ts";
import { growth, shrinkage } from "../integrators/step-control.ts";
import { tsit5 } from "../methods/tsit5.ts";

/** Steps after which an equation of a few unknowns is hopeless. */
const MOST_STEPS = 1_000_000;

/**
 * Solves ẏ = f(t, y) for a few unknowns, stepping exactly onto each time; errors per step at most `tolerance` in every
 * unknown y, times |y| where that is above 1. The readable counterpart of `integrate`, which is for clouds.
 *
 * @param times - Sorted, from `t0` on.
 * @returns y at each time.
 * @throws TokensphereError `usage` where a time is out of reach.
 */
export function solveOde(
  f: (t: number, y: readonly number[]) => readonly number[],
  y0: readonly number[],
  t0: number,
  times: ArrayLike<number>,
  tolerance: number,
): (readonly number[])[] {
  let [t, y, h, previous] = [t0, y0, 1e-6, 1];
  let tries = 0;
  return Array.from(times, (end) => {
    while (t < end) {
      if (++tries > MOST_STEPS)
        throw new TokensphereError(
          "usage",
          `times: ${end}. ${MOST_STEPS} steps lead to ${t} only: ask for shorter times`,
        );
      const step = Math.min(h, end - t);
      const { next, error } = tryStep(f, t, y, step, tolerance);
      if (error <= 1) {
        t = step === end - t ? end : t + step;
        y = next;
        const wanted = step * growth(error, previous, tsit5.order);
        h = step < h ? Math.max(h, wanted) : wanted;
        previous = error;
      } else {
        h = step * shrinkage(error, tsit5.order);
      }
    }
    return y;
  });
}

function tryStep(
  f: (t: number, y: readonly number[]) => readonly number[],
  t: number,
  y: readonly number[],
  h: number,
  tolerance: number,
): { next: readonly number[]; error: number } {
  const k: (readonly number[])[] = [];
  const combine = (weights: readonly number[], m: number) =>
    weights.reduce((sum, w, j) => (w === 0 ? sum : sum + w * k[j][m]), 0);
  for (const [i, row] of tsit5.a.entries())
    k.push(
      f(
        t + tsit5.c[i] * h,
        y.map((value, m) => value + h * combine(row, m)),
      ),
    );
  const errors = y.map(
    (value, m) => Math.abs(h * combine(tsit5.errorWeights[0], m)) / (tolerance * Math.max(1, Math.abs(value))),
  );
  return { next: y.map((value, m) => value + h * combine(tsit5.b, m)), error: Math.max(...errors) };
}

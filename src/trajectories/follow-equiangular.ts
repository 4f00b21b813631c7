import type { Cloud64 } from "../../probes/cloud.ts";
import { OUTCOME_MESSAGES, type SystemResult } from "../../sim/integrators/system-result.ts";
import type { SimulationObserver } from "../../sim/simulate/options.ts";
import { equiangularCurve } from "../../sim/theory/equiangular.ts";
import { equiangularCloud } from "../laws/starts.ts";

/** One equiangular start under several β. */
export interface EquiangularPaths {
  readonly dynamics: "sa" | "usa";
  /** Tokens, ≥ 2. */
  readonly n: number;
  /** Inner product of every two of them. */
  readonly rho0: number;
  readonly betas: readonly number[];
  /** Wanted times, sorted, the first ≥ 0. */
  readonly times: ArrayLike<number>;
  readonly signal?: AbortSignal | undefined;
}

/** Looks at the cloud in a decade of time, and how far its inner products go between two at most. */
const IN_A_DECADE = 24;
const FARTHEST = 0.004;
/** The first look after the start. */
const FIRST = 1e-4;

/**
 * Follows tokens that all have one inner product: they keep one (R §6), so that one number stands for them. As n tokens they would do so
 * in theory alone: at large β the state is unstable, rounding breaks it apart, and steps are as short as what grows there is fast.
 */
export function followEquiangular(
  { dynamics, n, rho0, betas, times, signal }: EquiangularPaths,
  { save, step }: Pick<SimulationObserver, "save" | "step">,
): SystemResult[] {
  const wanted = Array.from(times);
  return betas.map((beta, system) => {
    signal?.throwIfAborted();
    const rhoAt = (at: readonly number[]) =>
      equiangularCurve({ scheme: "post", dynamics, n, beta, rho0, times: at }).rho;
    const looks = step ? looksBetween(wanted, rhoAt) : [];
    const all = [...new Set([...wanted, ...looks])].sort((a, b) => a - b);
    const rho = rhoAt(all);
    let saved = 0;
    for (const [k, t] of all.entries()) {
      const cloud: Cloud64 = equiangularCloud(n, rho[k]);
      const isWanted = t === wanted[saved];
      const goesOn = isWanted
        ? save?.(system, saved, t, cloud) !== false
        : step?.(system, t, cloud, k / all.length) !== false;
      if (isWanted) saved++;
      if (!goesOn) return resultOf("stopped by condition", t, saved, k);
    }
    return resultOf("reached the end", wanted[wanted.length - 1], saved, all.length - 1);
  });
}

/** Times that grow by one factor, and more where inner products change fast. */
function looksBetween(wanted: readonly number[], rhoAt: (times: readonly number[]) => readonly number[]): number[] {
  const [from, to] = [wanted[0], wanted[wanted.length - 1]];
  const count = Math.max(0, Math.floor(IN_A_DECADE * Math.log10(to / FIRST)));
  const even = [from, ...Array.from({ length: count }, (_, k) => FIRST * 10 ** (k / IN_A_DECADE)), to].filter(
    (t, k, all) => k === 0 || t > all[k - 1],
  );
  const rho = rhoAt(even);
  return even.flatMap((t, k) => {
    if (k === 0) return [];
    const parts = Math.ceil(Math.abs(rho[k] - rho[k - 1]) / FARTHEST);
    const before = even[k - 1];
    return [...Array.from({ length: parts }, (_, p) => before + ((p + 1) / parts) * (t - before)).slice(0, -1), t];
  });
}

function resultOf(
  outcome: "reached the end" | "stopped by condition",
  time: number,
  saved: number,
  steps: number,
): SystemResult {
  const message = OUTCOME_MESSAGES[outcome];
  return { outcome, message, time, restTime: null, saved, steps, rejected: 0, evaluations: steps, events: [] };
}

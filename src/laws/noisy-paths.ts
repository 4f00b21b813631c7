import type { Cloud } from "../../probes/cloud.ts";
import type { DynamicsChoice } from "../../sim/dynamics/dynamics-table.ts";
import type { DynamicsParams } from "../../sim/dynamics/params.ts";
import { OUTCOME_MESSAGES, type SystemResult } from "../../sim/integrators/system-result.ts";
import { simulateNoisy } from "../../sim/simulate/noisy.ts";
import type { SimulationObserver } from "../../sim/simulate/options.ts";
import { type KeptNormals, keptNormals } from "../../sim/simulate/shared-normals.ts";

/** Longest step, in units of time, and the most that noise may do to a token in one: h(d − 1)/κ. */
const STEP = 0.05;
const NOISE = 0.02;
/** Steps after which a path is given up. */
const MOST_STEPS = 600;
/** The numbers of every path: those of all β are the same, so that a profile is smooth. */
const SEED = 1;

/** Those numbers, kept as long as whoever asked for a path is there: one search follows hundreds. */
const KEPT = new WeakMap<object, KeptNormals>();
let latest: WeakRef<KeptNormals> | null = null;

function numbersFor(owner: object): KeptNormals {
  const kept = latest?.deref() ?? keptNormals(SEED);
  KEPT.set(owner, kept);
  latest = new WeakRef(kept);
  return kept;
}

/** One start under several β. */
export interface NoisyPaths {
  readonly dynamics: DynamicsChoice;
  readonly params: DynamicsParams;
  readonly kappa: number;
  readonly n: number;
  readonly d: number;
  /** Unit rows, `[n, d]`. */
  readonly x0: Float64Array;
  readonly betas: readonly number[];
  /** Wanted times, sorted. */
  readonly times: ArrayLike<number>;
  readonly threads?: number;
  readonly signal?: AbortSignal | undefined;
  /** Whose path it is: its numbers are drawn once for all paths while this is there. */
  readonly owner: object;
  /** Share of the steps after which a path is given up, 0 … 1; default 1. */
  readonly effort?: number;
}

/**
 * Follows dX = v dt + √(2/κ) dW on a grid of equal steps that does not depend on what times are wanted, so that whoever asks
 * again sees the same path; a wanted time is the nearest of the grid. One path a β: κ is fitted to what one cloud did.
 *
 * @throws what `simulateNoisy` throws.
 */
export async function followNoisy(
  { dynamics, params, kappa, n, d, x0, betas, times, signal, owner, threads, effort = 1 }: NoisyPaths,
  { save, step }: Pick<SimulationObserver, "save" | "step">,
): Promise<SystemResult[]> {
  const h = Math.min(STEP, (NOISE * kappa) / Math.max(1, d - 1));
  const end = times[times.length - 1];
  const steps = Math.min(Math.ceil(effort * MOST_STEPS), Math.max(1, Math.round(end / h)));
  const wanted = new Map<number, number[]>();
  for (let i = 0; i < times.length; i++) {
    const at = Math.round(times[i] / h);
    wanted.set(at, [...(wanted.get(at) ?? []), i]);
  }
  const look = (system: number, k: number, cloud: Cloud): boolean => {
    const told = (wanted.get(k) ?? []).map((i) => save?.(system, i, times[i], cloud));
    return !told.includes(false) && step?.(system, k * h, cloud, k / steps) !== false;
  };
  const results = await simulateNoisy(
    {
      ...{ dynamics, params, kappa, n, d, step: h, kept: numbersFor(owner) },
      systems: betas.map((beta) => ({ beta, x0, seed: SEED })),
      times: Float64Array.from({ length: steps + 1 }, (_, k) => k * h),
      ...(threads ? { threads } : {}),
      ...(signal ? { signal } : {}),
    },
    { save: (system, k, _t, cloud) => look(system, k, cloud) },
  );
  const short = Math.round(end / h) > steps;
  return results.map(({ outcome: found, time, saved, steps: done }) => {
    const outcome = found === "reached the end" && short ? "step limit" : found;
    const message = OUTCOME_MESSAGES[outcome];
    return { outcome, message, time, restTime: null, saved, steps: done, rejected: 0, evaluations: done, events: [] };
  });
}

import type { Piece } from "../dynamics/dynamics.ts";
import type { DynamicsParams } from "../dynamics/params.ts";
import type { Saving } from "../integrators/problem.ts";
import type { SystemResult } from "../integrators/system-result.ts";

/** A system at the start of a piece. */
export interface PieceStart {
  readonly beta: number;
  /** `[n, d]`. */
  readonly x0: Float64Array;
}

/** Integrates one piece from time `from` on; the times of `saving` and of the results count from there. */
export type SolvePiece = (
  params: DynamicsParams,
  from: number,
  starts: readonly PieceStart[],
  saving: Saving,
) => Promise<SystemResult[]>;

/** What has come of the systems so far, in the order of the call. */
interface State {
  readonly starts: PieceStart[];
  readonly results: SystemResult[];
  /** Systems that go on. */
  alive: number[];
}

const NOTHING: SystemResult = {
  outcome: "reached the end",
  message: "",
  time: 0,
  restTime: null,
  saved: 0,
  steps: 0,
  rejected: 0,
  evaluations: 0,
  events: [],
};

/**
 * Integrates one piece of time after the other, each with its own parameters, so that no step ever crosses a jump: all
 * systems end a piece before the next begins.
 *
 * @param pieces - In order, the last without end.
 * @returns One result a system, in the order of `starts`.
 */
export async function integratePieces(
  pieces: readonly Piece[],
  starts: readonly PieceStart[],
  saving: Saving,
  solve: SolvePiece,
): Promise<SystemResult[]> {
  const end = saving.times[saving.times.length - 1];
  const state: State = { starts: [...starts], results: starts.map(() => NOTHING), alive: starts.map((_, s) => s) };
  let [from, first] = [0, 0];
  for (const { until, params, betaTimes = 1 } of pieces) {
    if (until <= from && from < end) continue;
    const to = Math.min(until, end);
    const next = endOfTimes(saving.times, first, to);
    await solvePiece(state, params, { from, to, first, next, betaTimes }, saving, solve);
    if (to === end || state.alive.length === 0) break;
    [from, first] = [to, next];
  }
  return state.results;
}

/** Index of the first time behind `to`. */
function endOfTimes(times: Float64Array, first: number, to: number): number {
  let next = first;
  while (next < times.length && times[next] <= to) next++;
  return next;
}

/** A piece of time, and the indices of the times to save in it: from `first` to before `next`. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly next: number;
  readonly betaTimes: number;
}

async function solvePiece(
  state: State,
  params: DynamicsParams,
  { from, to, first, next, betaTimes }: Stretch,
  saving: Saving,
  solve: SolvePiece,
): Promise<void> {
  const { alive } = state;
  const last = next === saving.times.length;
  const own = Array.from(saving.times.subarray(first, next), (t) => t - from);
  const part: Saving = {
    ...saving,
    times: Float64Array.from(last ? own : [...own, to - from]),
    save: (s, index, x) => {
      if (index < own.length) return saving.save(alive[s], first + index, x);
      state.starts[alive[s]] = { beta: state.starts[alive[s]].beta, x0: Float64Array.from(x) };
      return true;
    },
    ...(saving.follow ? { follow: (s, t, x, spent) => saving.follow?.(alive[s], from + t, x, spent) ?? true } : {}),
    ...(saving.watch ? { watch: saving.watch.from(alive, from) } : {}),
    progress: (fraction) => saving.progress((first + fraction * own.length) / saving.times.length),
  };
  const starts = alive.map((s) => ({ ...state.starts[s], beta: betaTimes * state.starts[s].beta }));
  const results = await solve(params, from, starts, part);
  results.forEach((result, s) => {
    const captured = !last && result.outcome === "reached the end" ? 1 : 0;
    state.results[alive[s]] = joined(state.results[alive[s]], result, from, captured);
  });
  state.alive = alive.filter((_, s) => results[s].outcome === "reached the end");
}

function joined(before: SystemResult, after: SystemResult, from: number, captured: number): SystemResult {
  return {
    ...after,
    time: from + after.time,
    restTime: before.restTime ?? (after.restTime === null ? null : from + after.restTime),
    saved: before.saved + after.saved - captured,
    steps: before.steps + after.steps,
    rejected: before.rejected + after.rejected,
    evaluations: before.evaluations + after.evaluations,
    events: [...before.events, ...after.events],
  };
}

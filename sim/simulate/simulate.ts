import { availableParallelism } from "node:os";
import type { Cloud } from "../../probes/cloud.ts";
import { normalizeRows } from "../clouds/normalize-rows.ts";
import { liftCoordinates, type SpanCoordinates, spanCoordinates } from "../clouds/span-coordinates.ts";
import type { Dynamics, Piece, Schedule } from "../dynamics/dynamics.ts";
import { findDynamics } from "../dynamics/dynamics-table.ts";
import type { DynamicsParams } from "../dynamics/params.ts";
import { chooseEngine } from "../engines/choose-engine.ts";
import type { Engine } from "../engines/contract/engine.ts";
import { makeWatch } from "../events/watch.ts";
import { integrate } from "../integrators/integrate.ts";
import { laneCapacity } from "../integrators/lanes.ts";
import type { Problem, Saving } from "../integrators/problem.ts";
import type { StepControl } from "../integrators/step-control.ts";
import type { SystemResult } from "../integrators/system-result.ts";
import { findMethod } from "../methods/methods.ts";
import { checkSimulation } from "./check.ts";
import { betasOf, type SimulateOptions, type SimulationObserver } from "./options.ts";
import { integratePieces, type PieceStart, type SolvePiece } from "./pieces.ts";

export type { SystemResult } from "../integrators/system-result.ts";

/**
 * Simulates many systems of one dynamics and one size:
 *
 *     options ──check──▶ unit rows ──reduce──▶ min(n, d) coordinates ──integrate──▶ save ──lift──▶ observer
 *
 * At the default tolerances coordinates are right to about 1e-8 (see test/sim/reference.test.ts).
 *
 * @returns One result a system: why it ended and what it cost.
 * @throws TokensphereError `usage` for options, `input` for clouds and parameters, `environment` without an engine.
 */
export async function simulate(options: SimulateOptions, observer: SimulationObserver = {}): Promise<SystemResult[]> {
  checkSimulation(options);
  const dynamics = findDynamics(options.dynamics);
  const starts = reduceStarts(options, dynamics);
  const k = starts[0].k;
  const capacity = laneCapacity(options.n, k);
  const method = findMethod(options.method ?? "tsit5");
  const saving = stateSaving(options, observer, starts, dynamics.geometry !== "sphere");
  const params = options.params ?? {};
  const pieces = dynamics.pieces?.(params) ?? [{ until: Number.POSITIVE_INFINITY, params }];
  const engines = keptEngine(options, dynamics, k, pieces);
  const solve: SolvePiece = async (own, from, systems, part) => {
    const engine = await engines.of(own, Math.min(capacity, systems.length));
    const problem = stateProblem(options, { dynamics, params: own, from }, systems, k, engine);
    return integrate(problem, method, stateControl(options), part, capacity, options.signal);
  };
  const lengths = dynamics.startLengths?.(params, options.n);
  const systems = options.systems.map(({ beta }, s) => ({ beta, x0: stretched(starts[s], lengths) }));
  try {
    if (pieces.length > 1) return await integratePieces(pieces, systems, saving, solve);
    return await solve(pieces[0].params, 0, systems, saving);
  } finally {
    await engines.release();
  }
}

/** The engine of one piece after the other: those with the same parameters share it. */
function keptEngine(
  { engine: choice = "auto", n, systems, threads = availableParallelism() }: SimulateOptions,
  dynamics: Dynamics,
  d: number,
  pieces: readonly Piece[],
): { readonly of: (params: DynamicsParams, batch: number) => Promise<Engine>; readonly release: () => Promise<void> } {
  const most = Math.max(1, ...pieces.map(({ betaTimes = 1 }) => Math.abs(betaTimes)));
  const betas = betasOf(systems.map(({ beta, x0 }) => ({ beta: most * beta, x0 })));
  let kept: { readonly params: DynamicsParams; readonly engine: Engine } | null = null;
  const release = async (): Promise<void> => {
    if (kept && kept.engine !== choice) await kept.engine.release();
    kept = null;
  };
  const of = async (params: DynamicsParams, batch: number): Promise<Engine> => {
    if (kept?.params === params) return kept.engine;
    await release();
    const engine = await chooseEngine(choice, { dynamics, params, n, d, ...betas }, batch, threads);
    kept = { params, engine };
    return engine;
  };
  return { of, release };
}

/** Unit rows in the coordinates of the integration; systems that share a start share its reduction. */
function reduceStarts(options: SimulateOptions, dynamics: Dynamics): SpanCoordinates[] {
  const { n, d, systems } = options;
  const reducible = (options.reduce ?? true) && dynamics.rotates;
  const done = new Map<Float64Array, SpanCoordinates>();
  return systems.map(({ x0 }, i) => {
    const known = done.get(x0);
    if (known) return known;
    const x = normalizeRows({ n, d, x: x0 }, `system ${i}`);
    const start = reducible ? spanCoordinates(x, n, d) : { n, k: d, d, y: x, basis: null };
    done.set(x0, start);
    return start;
  });
}

/** Unit rows times their lengths. */
function stretched({ y, k }: SpanCoordinates, lengths: Float64Array | undefined): Float64Array {
  return lengths ? y.map((value, e) => value * lengths[Math.floor(e / k)]) : y;
}

function stateProblem(
  { n, merge = true, timeUnit }: SimulateOptions,
  { dynamics, params, from }: { readonly dynamics: Dynamics; readonly params: DynamicsParams; readonly from: number },
  starts: readonly PieceStart[],
  d: number,
  engine: Engine,
): Problem {
  const systems = starts.map(({ beta, x0 }) => {
    const logScale = dynamics.logScale(beta, params);
    return { beta, logScale, clock: timeUnit === "exp" ? logScale - beta : logScale, x0 };
  });
  const { geometry, contracts, permutes, samePoint = 0 } = dynamics;
  const now = dynamics.schedule?.(params);
  const schedule: Schedule | undefined =
    now && from > 0 ? (t, x, velocity, rows, width) => now(from + t, x, velocity, rows, width) : now;
  return { engine, geometry, schedule, contracts, merges: contracts && permutes && merge, samePoint, n, d, systems };
}

function stateControl(options: SimulateOptions): StepControl {
  return {
    rtol: options.rtol ?? 1e-9,
    atol: options.atol ?? 1e-9,
    step: options.step ?? null,
    maxSteps: options.maxSteps ?? 100_000,
  };
}

function stateSaving(
  options: SimulateOptions,
  observer: SimulationObserver,
  starts: readonly SpanCoordinates[],
  free: boolean,
): Saving {
  const { n, d, events = [] } = options;
  const times = Float64Array.from(options.times);
  const lifted = options.lift && starts.some((start) => start.basis) ? new Float64Array(n * d) : null;
  const show = (start: SpanCoordinates, y: Float64Array): Cloud =>
    lifted && start.basis ? { n, d, x: liftCoordinates(start, y, lifted) } : { n, d: start.k, x: y };
  return {
    times,
    save: (system, timeIndex, y) => {
      if (!observer.save) return true;
      return observer.save(system, timeIndex, times[timeIndex], show(starts[system], y)) !== false;
    },
    ...followers(observer, (system, y) => show(starts[system], y)),
    ...(events.length > 0
      ? {
          watch: makeWatch(events, n, starts[0].k, free, (system, event, y) =>
            observer.event?.(system, event, show(starts[system], y)),
          ),
        }
      : {}),
    progress: observer.progress ?? (() => {}),
  };
}

function followers(
  { step, substeps = 1 }: SimulationObserver,
  show: (system: number, y: Float64Array) => Cloud,
): Pick<Saving, "follow" | "substeps"> {
  if (!step) return {};
  return { substeps, follow: (system, t, y, spent) => step(system, t, show(system, y), spent) !== false };
}

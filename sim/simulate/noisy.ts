import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers/promises";
import { TokensphereError } from "../../models/errors.ts";
import type { Cloud } from "../../probes/cloud.ts";
import { hasDirections } from "../clouds/has-directions.ts";
import { normalizeRows } from "../clouds/normalize-rows.ts";
import type { Dynamics, Schedule } from "../dynamics/dynamics.ts";
import { findDynamics } from "../dynamics/dynamics-table.ts";
import { chooseEngine } from "../engines/choose-engine.ts";
import type { Engine } from "../engines/contract/engine.ts";
import { laneCapacity } from "../integrators/lanes.ts";
import { type NoiseChoice, type NoiseStep, noiseStep } from "../integrators/noises.ts";
import { OUTCOME_MESSAGES, type Outcome } from "../integrators/system-result.ts";
import { checkSimulation } from "./check.ts";
import { betasOf, type SimulateOptions, type SimulationSystem } from "./options.ts";
import { type KeptNormals, type SharedNormals, sharedNormals } from "./shared-normals.ts";

/** A start with the seed of its noise. */
export interface NoisySystem extends SimulationSystem {
  /** A whole number from 0 to 2³² − 1. The same seed gives the same path, whatever else is simulated beside it. */
  readonly seed: number;
}

/** Any dynamics on the sphere. */
export interface NoisyOptions
  extends Pick<SimulateOptions, "dynamics" | "n" | "d" | "times" | "params" | "engine" | "threads" | "signal"> {
  readonly systems: readonly NoisySystem[];
  /** Inverse temperature of the noise, > 0; `Infinity`: none. */
  readonly kappa: number;
  /** Default isotropic. */
  readonly noise?: NoiseChoice | undefined;
  /** Numbers of systems of its seed that were drawn already, for paths that are followed one after the other. */
  readonly kept?: KeptNormals | undefined;
  /** The longest step; between two save times all steps are equal. Errors fall with it once step·(d−1)/κ is below 0.1. */
  readonly step: number;
}

/** Who is told what happens on the way. */
export interface NoisyObserver {
  /**
   * Called at every save time of every system, in order of time for each system.
   *
   * @param cloud - In all d coordinates; valid during the call only.
   * @returns `false` to stop this system.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: an observer that never stops a system returns nothing.
  readonly save?: (system: number, timeIndex: number, t: number, cloud: Cloud) => void | boolean;
  /** Called at every save time of a batch with the fraction of the work done. */
  readonly progress?: (fraction: number) => void;
}

/** What one noisy path came to: nothing after `time` was saved. */
export interface NoisyResult {
  readonly outcome: Extract<Outcome, "reached the end" | "stopped by condition" | "blow-up">;
  readonly message: string;
  readonly time: number;
  readonly saved: number;
  readonly steps: number;
}

/**
 * The seed of the noise of a path whose start was drawn with this seed: another stream of numbers, so that noise and start are
 * independent.
 */
export function noiseSeed(startSeed: number): number {
  return (startSeed ^ 0x9e3779b9) >>> 0;
}

/** Systems side by side, with where they stand. */
interface Batch {
  /** Those that still move, by number: the lanes of the arrays. */
  readonly moving: number[];
  readonly x: Float64Array;
  readonly v: Float64Array;
  readonly beta: Float64Array;
  readonly logScale: Float64Array;
  /** One for systems of one seed. */
  readonly normals: SharedNormals[];
  steps: number;
}

/** What moves the systems, noise apart. */
interface Field {
  readonly engine: Engine;
  readonly schedule: Schedule | undefined;
  readonly step: NoiseStep;
}

/** Steps of all systems beyond which the step is a slip of the pen. */
const MOST_STEPS = 1e8;

/** Steps between two looks at the event loop. */
const BREATH = 64;

/**
 * Simulates dX = v dt + √(2/κ) dW on the sphere (R §7) by Euler–Maruyama steps: weak order 1.
 *
 * @returns One result a system.
 * @throws TokensphereError `usage` for options, `input` for clouds and parameters, `environment` without an engine.
 */
export async function simulateNoisy(options: NoisyOptions, observer: NoisyObserver = {}): Promise<NoisyResult[]> {
  const dynamics = findDynamics(options.dynamics);
  checkNoisy(options, dynamics);
  const { n, d, systems, kappa, noise = { kind: "isotropic" }, params = {} } = options;
  const step = noiseStep(noise, kappa, n, d);
  const capacity = Math.min(laneCapacity(n, d), systems.length);
  const schedule = dynamics.schedule?.(params);
  const { engine: choice = "auto", threads = availableParallelism() } = options;
  const engine = await chooseEngine(choice, { dynamics, params, n, d, ...betasOf(systems) }, capacity, threads);
  const results: NoisyResult[] = [];
  try {
    for (let first = 0; first < systems.length; first += capacity) {
      const batch = makeBatch(options, first, Math.min(systems.length, first + capacity));
      await runBatch(options, observer, { engine, schedule, step }, batch, results);
    }
  } finally {
    if (engine !== options.engine) await engine.release();
  }
  return results;
}

function checkNoisy(options: NoisyOptions, dynamics: Dynamics): void {
  const { kappa, step, params = {}, times, systems } = options;
  checkSimulation(options);
  if (step === undefined) throw new TokensphereError("usage", "step: missing. give the longest step");
  const steps = systems.length * (times[times.length - 1] / step);
  if (!(steps <= MOST_STEPS)) {
    const remedy = "use a larger step, shorter times or fewer systems";
    throw new TokensphereError("usage", `step: ${step}. it makes ${steps.toPrecision(2)} steps, above 1e8: ${remedy}`);
  }
  if (!(kappa > 0)) throw new TokensphereError("usage", `kappa: ${kappa}. use a positive number`);
  if (dynamics.geometry !== "sphere")
    throw new TokensphereError("usage", `dynamics: ${dynamics.name}. with noise use one on the sphere, such as sa`);
  if (dynamics.pieces?.(params).some(({ betaTimes }) => betaTimes !== undefined))
    throw new TokensphereError("usage", `dynamics: ${dynamics.name}. with noise use one whose beta stays, such as sa`);
  if ((params.layers?.length ?? 1) > 1)
    throw new TokensphereError("usage", `layers: ${params.layers?.length}. with noise use one`);
}

function makeBatch({ n, d, systems, kept }: NoisyOptions, first: number, end: number): Batch {
  const own = systems.slice(first, end);
  const x = new Float64Array(own.length * n * d);
  own.forEach(({ x0 }, s) => {
    x.set(normalizeRows({ n, d, x: x0 }, `system ${first + s}`), s * n * d);
  });
  const keptOf = (seed: number) => (seed === kept?.seed ? kept : undefined);
  const normalsOf = new Map(own.map(({ seed }) => [seed, sharedNormals(seed, keptOf(seed))] as const));
  return {
    moving: own.map((_, s) => first + s),
    x,
    v: new Float64Array(x.length),
    beta: Float64Array.from(own, ({ beta }) => beta),
    // Noise and drift keep one clock: no factor is taken out of time.
    logScale: new Float64Array(own.length),
    normals: own.map(({ seed }) => normalsOf.get(seed)!),
    steps: 0,
  };
}

/** What comes of each system is written to `results`. */
async function runBatch(
  options: NoisyOptions,
  observer: NoisyObserver,
  field: Field,
  batch: Batch,
  results: NoisyResult[],
): Promise<void> {
  const { times, step, systems } = options;
  const [first, count] = [batch.moving[0], batch.moving.length];
  let t = 0;
  for (let index = 0; index < times.length && batch.moving.length > 0; index++) {
    const gap = times[index] - t;
    const steps = Math.ceil(gap / step - 1e-9);
    for (let s = 0; s < steps; s++) {
      options.signal?.throwIfAborted();
      await advance(options, field, batch, t + (s * gap) / steps, gap / steps);
      if (batch.steps % BREATH === 0) await setImmediate();
    }
    t = times[index];
    const ended = batch.moving.map((_, lane) => saveOne(options, observer, batch, lane, index));
    for (const [lane, result] of ended.entries()) if (result) results[batch.moving[lane]] = result;
    leaveOut(batch, ended, options.n * options.d);
    observer.progress?.((first + (count * (index + 1)) / times.length) / systems.length);
  }
}

/** Systems that have stopped cost nothing more: the others close ranks. */
function leaveOut(batch: Batch, ended: readonly (NoisyResult | null)[], size: number): void {
  const { x, beta, logScale, normals, moving } = batch;
  let to = 0;
  for (const [lane, result] of ended.entries()) {
    if (result) continue;
    x.copyWithin(to * size, lane * size, (lane + 1) * size);
    beta[to] = beta[lane];
    logScale[to] = logScale[lane];
    normals[to] = normals[lane];
    moving[to++] = moving[lane];
  }
  moving.length = to;
  normals.length = to;
}

/** One step of all systems of a batch. */
async function advance(
  { n, d }: NoisyOptions,
  { engine, schedule, step }: Field,
  batch: Batch,
  t: number,
  h: number,
): Promise<void> {
  await engine.velocity(batch.x, batch.beta, batch.logScale, batch.normals.length, batch.v);
  for (const [s, normals] of batch.normals.entries()) {
    const x = batch.x.subarray(s * n * d, (s + 1) * n * d);
    const v = batch.v.subarray(s * n * d, (s + 1) * n * d);
    schedule?.(t, x, v, n, d);
    step(x, v, h, normals.reader());
  }
  for (const normals of new Set(batch.normals)) normals.nextStep();
  batch.steps++;
}

/** Hands over the cloud of a lane. What the system came to, where it stops here; `null` where it goes on. */
function saveOne(
  { n, d, times }: NoisyOptions,
  { save }: NoisyObserver,
  batch: Batch,
  lane: number,
  index: number,
): NoisyResult | null {
  const x = batch.x.subarray(lane * n * d, (lane + 1) * n * d);
  const end = (outcome: NoisyResult["outcome"], saved: number): NoisyResult => {
    const time = saved > 0 ? times[saved - 1] : 0;
    return { outcome, message: OUTCOME_MESSAGES[outcome], time, saved, steps: batch.steps };
  };
  if (!hasDirections(x, n, d)) return end("blow-up", index);
  if (save?.(batch.moving[lane], index, times[index], { n, d, x }) === false)
    return end("stopped by condition", index + 1);
  return index === times.length - 1 ? end("reached the end", index + 1) : null;
}

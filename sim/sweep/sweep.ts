import { TokensphereError } from "../../models/errors.ts";
import type { Precision } from "../../models/onnx/graph-builder.ts";
import { DEFAULT_SEED } from "../../models/random.ts";
import { checkRange, checkWhole } from "../clouds/check-number.ts";
import { findDynamics } from "../dynamics/dynamics-table.ts";
import type { EngineKindChoice } from "../engines/choose-engine.ts";
import { checkSimulation } from "../simulate/check.ts";
import type { SimulateOptions } from "../simulate/options.ts";
import { whyNotFloat32 } from "./can-step.ts";
import { inOrder } from "./in-order.ts";
import { localHelper } from "./local-helper.ts";
import { shareJobs } from "./share-jobs.ts";
import { addSums, countFailures, type Failures, type SweepSums } from "./sweep-sums.ts";
import { jobsOf, type StartHelper, type SweepTask } from "./sweep-task.ts";

/** What `sweep` counts: clouds from uniform starts, by β and time. */
export interface SweepOptions
  extends Omit<SimulateOptions, "engine" | "events" | "lift" | "reduce" | "systems" | "times"> {
  /** Times at which pairs are counted: sorted, finite, ≥ 0. */
  readonly times: readonly number[];
  readonly betas: readonly number[];
  /** Uniform starts, the same for every β. */
  readonly seeds: number;
  /** Seed of the first start; the next has the next. */
  readonly firstSeed?: number | undefined;
  /** A pair counts where its cosine is at least this. Default 1 − 10⁻³, as in R Figure 3. */
  readonly threshold?: number | undefined;
  /** Default 5e-6, which shifts probabilities by less than 0.002 (see docs/figure3.md). */
  readonly rtol?: number | undefined;
  /** As `rtol`. */
  readonly atol?: number | undefined;
  /**
   * `float32`: whole steps on ONNX Runtime, crossings of the threshold interpolated in each; ten times faster. `float64`: as
   * `simulate`, every pair measured at every time. Default: `float32` where the dynamics and the options allow.
   */
  readonly precision?: Precision | undefined;
  /** Threads of ONNX Runtime in each helper. Default 1: with more the last bits of float64 may differ. */
  readonly threads?: number | undefined;
  /** Default `auto`: by size. */
  readonly engine?: EngineKindChoice | undefined;
  /** Rows of an earlier call with the same options, in order: they are not computed again. */
  readonly done?: readonly SweepRow[] | undefined;
}

/**
 * Statistics at one β, plain data. Lists run along times. `null`: not all starts came so far, and a mean of those that did would
 * be one of the fast; between what it lies is in the bounds.
 */
export interface SweepRow {
  readonly beta: number;
  /** Of a pair i < j of a random start to be at or above the threshold. */
  readonly probability: readonly (number | null)[];
  /** Mean over pairs and starts. */
  readonly meanCosine: readonly (number | null)[];
  /** Where no pair of a start that did not come so far has met, and where all have; left out where all starts came. */
  readonly probabilityBounds?: Bounds;
  /** Mean cosines of n tokens are between −1/(n − 1) and 1. */
  readonly meanCosineBounds?: Bounds;
  /** Starts that did not reach the end; times they reached count. */
  readonly failed: number;
  /** Why they did not, by outcome; left out in rows that nobody counted so. */
  readonly failures?: Failures;
}

/** From what to what, along times. */
export interface Bounds {
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** Who is told what happens on the way. */
export interface SweepObserver {
  /** Called with every new row and the rows so far, which `done` takes. */
  readonly row?: (row: SweepRow, rows: readonly SweepRow[]) => void;
  /** Called with the fraction of the work done. */
  readonly progress?: (fraction: number) => void;
}

const TOLERANCE = 5e-6;

/** Of β × times: beyond it nothing is drawn or read, and memory ends. */
const MOST_CELLS = 1e8;

/**
 * A phase diagram: β × time × starts, with statistics kept and no trajectories (R Figure 3).
 *
 *     β × blocks of starts ──jobs──▶ helpers, each one job at a time ──sums──▶ rows, in the order of β
 *
 * @param helpers - Who does the work: by default this thread alone. Rows do not depend on how many there are.
 * @returns One row a β.
 * @throws TokensphereError `usage` for numbers out of range or rows of other options; what `simulate` throws.
 */
export async function sweep(
  options: SweepOptions,
  observer: SweepObserver = {},
  helpers: readonly StartHelper[] = [localHelper],
): Promise<SweepRow[]> {
  checkSweep(options);
  const task = sweepTask(options);
  const { betas, done = [], seeds } = options;
  const rows = [...done];
  const open = betas.slice(done.length);
  const jobs = open.flatMap((beta) => jobsOf(beta, seeds));
  const keep = inOrder<SweepSums>(jobs.length / open.length, (parts) => {
    rows.push(rowOf(betas[rows.length], task, addSums(parts)));
    observer.row?.(rows[rows.length - 1], rows);
  });
  const progress = (fraction: number) => observer.progress?.((done.length + fraction * open.length) / betas.length);
  await shareJobs(
    "sums",
    jobs,
    helpers.map((start) => start(task, options.signal)),
    keep,
    progress,
  );
  return rows;
}

/**
 * Checks everything that can be checked before work.
 *
 * @throws TokensphereError `usage`, or `input` for parameters that came by file.
 */
export function checkSweep(options: SweepOptions): void {
  const { n, betas, times, seeds, firstSeed = DEFAULT_SEED, threshold = 0, done = [] } = options;
  checkWhole("n", n, 2);
  checkWhole("seeds", seeds, 1);
  checkWhole("firstSeed", firstSeed, 0);
  checkRange("last seed", firstSeed + seeds - 1, 0, 0xffffffff);
  checkRange("threshold", threshold, -1 + Number.EPSILON, 1 - Number.EPSILON);
  if (betas.length === 0) throw new TokensphereError("usage", "betas: none. give at least one");
  const cells = betas.length * times.length;
  if (cells > MOST_CELLS)
    throw new TokensphereError("usage", `betas × times: ${cells} cells. use at most ${MOST_CELLS}, a part at a time`);
  checkSimulation({ ...options, systems: betas.map((beta) => ({ beta, x0: new Float64Array() })) });
  checkPrecision(options);
  const wrong = done.findIndex((row, b) => row.beta !== betas[b] || row.probability.length !== times.length);
  if (wrong >= 0)
    throw new TokensphereError("usage", `done: row ${wrong} is of other options. go on with the same, or begin anew`);
}

function checkPrecision(options: SweepOptions): void {
  const reason = options.precision === "float32" ? whyNotFloat32(wantedOf(options)) : null;
  if (reason !== null) throw new TokensphereError("usage", `precision: float32, but ${reason}. use float64`);
}

/** The precision in which these options are swept. */
export function sweepPrecision(options: SweepOptions): Precision {
  return options.precision ?? (whyNotFloat32(wantedOf(options)) === null ? "float32" : "float64");
}

function wantedOf(options: SweepOptions) {
  const { dynamics, params, times, method, step, rtol = TOLERANCE, atol = TOLERANCE, engine = "auto" } = options;
  return { dynamics, params, times, method, step, rtol, atol, engine };
}

function sweepTask(options: SweepOptions): SweepTask {
  const { dynamics, n, d, times, seeds, firstSeed = DEFAULT_SEED, threshold = 1 - 1e-3, threads = 1 } = options;
  const { maxSteps, merge } = options;
  const precision = sweepPrecision(options);
  return {
    ...wantedOf(options),
    dynamics: typeof dynamics === "string" ? dynamics : findDynamics(dynamics),
    n,
    d,
    times: [...times],
    seeds,
    firstSeed,
    threshold,
    maxSteps,
    merge,
    threads,
    precision,
  };
}

function rowOf(beta: number, { n, seeds }: SweepTask, { near, cosine, count, failures }: SweepSums): SweepRow {
  const pairs = (n * (n - 1)) / 2;
  const mean = (sum: Float64Array, parts: number) =>
    Array.from(sum, (value, t) => (count[t] === seeds ? value / (seeds * parts) : null));
  const bounds = (sum: Float64Array, parts: number, least: number): Bounds => {
    const filled = (value: number) =>
      Array.from(sum, (known, t) => (known + value * parts * (seeds - count[t])) / (seeds * parts));
    return { low: filled(least), high: filled(1) };
  };
  const failed = countFailures(failures);
  const row = { beta, probability: mean(near, pairs), meanCosine: mean(cosine, 1), failed, failures };
  if (failed === 0) return row;
  return { ...row, probabilityBounds: bounds(near, pairs, 0), meanCosineBounds: bounds(cosine, 1, -1 / (n - 1)) };
}

import { TokensphereError } from "../models/errors.ts";
import { checkRange, checkWhole } from "./check-number.ts";
import { checkSimulation } from "./check-simulation.ts";
import { findDynamics } from "./dynamics/registry.ts";
import type { EngineChoice } from "./engines/choose-engine.ts";
import { renormalise } from "./integrators/renormalise.ts";
import { pairStatistics } from "./pair-statistics.ts";
import { DEFAULT_SEED, randomSource } from "./random.ts";
import { spanCoordinates } from "./reductions/span-coordinates.ts";
import { type SimulateOptions, simulate } from "./simulate.ts";
import { uniformCloud } from "./uniform-cloud.ts";

export interface SweepOptions extends Omit<SimulateOptions, "engine" | "lift" | "reduce" | "systems"> {
  readonly betas: readonly number[];
  /** Uniform starts, the same for every β. */
  readonly seeds: number;
  /** Seed of the first start; the next has the next. */
  readonly firstSeed?: number | undefined;
  /** A pair counts where its cosine is at least this. Default 1 − 10⁻³, as in R Figure 3. */
  readonly threshold?: number | undefined;
  /** Default 1e-5, which shifts probabilities by less than 0.002 (see test/sim/sweep.test.ts). */
  readonly rtol?: number | undefined;
  /** As `rtol`. */
  readonly atol?: number | undefined;
  /** Default `auto`: by size. */
  readonly engine?: Exclude<EngineChoice, object> | undefined;
  /** Rows of an earlier call with the same options, in order: they are not computed again. */
  readonly done?: readonly SweepRow[] | undefined;
}

/** Statistics at one β, plain data. Lists run along times; `null`: no start came so far. */
export interface SweepRow {
  readonly beta: number;
  /** Of a pair i < j of a random start to be at or above the threshold. */
  readonly probability: readonly (number | null)[];
  /** Mean over pairs and starts. */
  readonly meanCosine: readonly (number | null)[];
  /** Starts that did not reach the end; times they reached count. */
  readonly failed: number;
}

export interface SweepObserver {
  /** Called with every new row and the rows so far, which `done` takes. */
  readonly row?: (row: SweepRow, rows: readonly SweepRow[]) => void;
  /** Called with the fraction of the work done. */
  readonly progress?: (fraction: number) => void;
}

/** Starts in the fewest coordinates that hold them. */
interface Starts {
  readonly d: number;
  readonly clouds: readonly Float64Array[];
}

const TOLERANCE = 1e-5;

/**
 * A phase diagram: β × time × starts, with statistics kept and no trajectories (R Figure 3). One β after the other, all
 * starts of it side by side.
 *
 * @returns One row a β.
 * @throws TokensphereError as `simulate`, and `usage` for numbers out of range or rows of other options.
 */
export async function sweep(options: SweepOptions, observer: SweepObserver = {}): Promise<SweepRow[]> {
  checkSweep(options);
  const starts = makeStarts(options);
  const { betas, done = [] } = options;
  const rows = [...done];
  for (let b = done.length; b < betas.length; b++) {
    const progress = (fraction: number) => observer.progress?.((b + fraction) / betas.length);
    rows.push(await sweepRow(options, starts, betas[b], progress));
    observer.row?.(rows[b], rows);
  }
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
  checkSimulation({ ...options, systems: betas.map((beta) => ({ beta, x0: new Float64Array() })) });
  const wrong = done.findIndex((row, b) => row.beta !== betas[b] || row.probability.length !== times.length);
  if (wrong >= 0)
    throw new TokensphereError("usage", `done: row ${wrong} is of other options. go on with the same, or begin anew`);
}

/** Where the flow stays in the span of its start, only inner products count: n coordinates hold them. */
function makeStarts({ dynamics, n, d, seeds, firstSeed = DEFAULT_SEED }: SweepOptions): Starts {
  const reducible = findDynamics(dynamics).rotates;
  const clouds = Array.from({ length: seeds }, (_, s) => {
    const { x } = uniformCloud(n, d, randomSource(firstSeed + s));
    return reducible ? spanCoordinates(x, n, d).y : x;
  });
  return { d: reducible ? Math.min(n, d) : d, clouds };
}

async function sweepRow(
  options: SweepOptions,
  { d, clouds }: Starts,
  beta: number,
  progress: (fraction: number) => void,
): Promise<SweepRow> {
  const { n, times, threshold = 1 - 1e-3, rtol = TOLERANCE, atol = TOLERANCE } = options;
  const measure = pairStatistics(n, d, threshold);
  const free = findDynamics(options.dynamics).geometry === "free" ? new Float64Array(n * d) : null;
  const zeros = () => new Float64Array(times.length);
  const [near, cosine, count] = [zeros(), zeros(), zeros()];
  const systems = clouds.map((x0) => ({ beta, x0 }));
  const results = await simulate(
    { ...options, d, systems, rtol, atol, reduce: false, lift: false },
    {
      save: (_system, t, _time, { x }) => {
        if (free) renormalise(x as Float64Array, 0, n, d, free);
        const { probability, meanCosine } = measure(free ?? (x as Float64Array));
        near[t] += probability;
        cosine[t] += meanCosine;
        count[t]++;
      },
      progress,
    },
  );
  const mean = (sum: Float64Array) => Array.from(sum, (value, t) => (count[t] > 0 ? value / count[t] : null));
  const failed = results.filter(({ outcome }) => outcome !== "reached the end").length;
  return { beta, probability: mean(near), meanCosine: mean(cosine), failed };
}

import { pairStatistics } from "../clouds/pair-statistics.ts";
import { renormalize } from "../clouds/renormalize.ts";
import { findDynamics } from "../dynamics/dynamics-table.ts";
import { simulate } from "../simulate/simulate.ts";
import { addFailures, type SweepSums } from "./sweep-sums.ts";
import type { SweepTask } from "./sweep-task.ts";

interface MeasuredStarts {
  readonly d: number;
  readonly clouds: readonly Float64Array[];
  /** Indices of times. Default: all count. */
  readonly fromTimes?: readonly number[];
}

/**
 * Carries many starts through time by `simulate` in float64 and measures every pair at every time: slow, and the measure of
 * `steppedFlow`.
 *
 * @param starts - Clouds `[n, d]`, unit rows, in coordinates of any width d; each counts from the time `fromTimes` names on.
 */
export async function measuredFlow(
  task: SweepTask,
  beta: number,
  { d, clouds, fromTimes }: MeasuredStarts,
  progress: (fraction: number) => void,
  signal?: AbortSignal,
): Promise<SweepSums> {
  const { n, times, threshold } = task;
  const pairs = (n * (n - 1)) / 2;
  const measure = pairStatistics(n, d, threshold);
  const free = findDynamics(task.dynamics).geometry !== "sphere" ? new Float64Array(n * d) : null;
  const zeros = () => new Float64Array(times.length);
  const [near, cosine, count] = [zeros(), zeros(), zeros()];
  const systems = clouds.map((x0) => ({ beta, x0 }));
  const results = await simulate(
    { ...task, d, systems, reduce: false, lift: false, signal },
    {
      save: (system, t, _time, { x }) => {
        if (t < (fromTimes?.[system] ?? 0)) return;
        if (free) renormalize(x as Float64Array, 0, n, d, free);
        const { probability, meanCosine } = measure(free ?? (x as Float64Array));
        near[t] += Math.round(probability * pairs);
        cosine[t] += meanCosine;
        count[t]++;
      },
      progress,
    },
  );
  const failed = results.filter(({ outcome }) => outcome !== "reached the end");
  return { near, cosine, count, failures: addFailures(failed.map(({ outcome }) => ({ failures: { [outcome]: 1 } }))) };
}

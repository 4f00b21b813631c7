import type { SweepHelper, SweepJob, SweepResult, SweepWork } from "./sweep-task.ts";

/**
 * Has jobs done by helpers side by side. Each first takes jobs of its own starts, so that few starts are made twice, and then
 * whatever is left. All helpers are released in the end; where one fails the others are stopped.
 *
 * @param work - What is asked of the helpers.
 * @param finish - Called with each job's index and what it came to, in any order.
 * @param progress - Called with the fraction of the work done, never falling.
 */
export async function shareJobs<Work extends SweepWork>(
  work: Work,
  jobs: readonly SweepJob[],
  helpers: readonly SweepHelper[],
  finish: (index: number, result: SweepResult<Work>) => void,
  progress: (fraction: number) => void,
): Promise<void> {
  const waiting = new Set(jobs.keys());
  const fractions = new Float64Array(jobs.length);
  const owner = ownersOf(jobs, helpers.length);
  const tell = (index: number, fraction: number) => {
    fractions[index] = Math.max(fractions[index], fraction);
    progress(fractions.reduce((sum, value) => sum + value, 0) / jobs.length);
  };
  const help = async (helper: SweepHelper, h: number) => {
    for (let index = take(waiting, owner, h); index !== undefined; index = take(waiting, owner, h)) {
      const job = index;
      const result = await helper[work](jobs[job], (fraction) => tell(job, fraction));
      tell(job, 1);
      finish(job, result as SweepResult<Work>);
    }
  };
  try {
    await Promise.all(helpers.map(help));
  } finally {
    waiting.clear();
    await Promise.allSettled(helpers.map((helper) => helper.release()));
  }
}

/** Blocks of starts are dealt out in turn. */
function ownersOf(jobs: readonly SweepJob[], helpers: number): number[] {
  const blocks = [...new Set(jobs.map(({ from }) => from))];
  return jobs.map(({ from }) => blocks.indexOf(from) % helpers);
}

/** Takes out the first waiting job that helper `h` owns, else the first of all. */
function take(waiting: Set<number>, owner: readonly number[], h: number): number | undefined {
  const [first] = waiting;
  const index = [...waiting].find((job) => owner[job] === h) ?? first;
  if (index !== undefined) waiting.delete(index);
  return index;
}

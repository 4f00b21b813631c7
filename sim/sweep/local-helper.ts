import { randomSource } from "../../models/random.ts";
import { spanCoordinates } from "../clouds/span-coordinates.ts";
import { uniformCloud } from "../clouds/uniform-cloud.ts";
import { findDynamics } from "../dynamics/dynamics-table.ts";
import { findMethod } from "../methods/methods.ts";
import { clusterCensus } from "./cluster-census.ts";
import { measuredFlow } from "./measured-flow.ts";
import { type StepEngine, stepEngine } from "./step-engine.ts";
import { type FlowWish, steppedFlow } from "./stepped-flow.ts";
import { addSums } from "./sweep-sums.ts";
import type { SweepHelper, SweepJob, SweepTask } from "./sweep-task.ts";

/** Starts in the fewest coordinates that hold them. */
interface Starts {
  readonly d: number;
  readonly clouds: readonly Float64Array[];
}

/** Numbers in one n × n and one n × d array of all lanes: more fall out of the second-level cache, fewer do not pay a call. */
const LANE_BUDGET = 2 ** 16;

const MOST_STEPS = 100_000;

/** So near to 1 the cosines of a contracting cloud approach it at a constant rate: what is left out is 1e-5 of the mean. */
const SETTLED = 1 - 1e-3;

/** Does jobs of a sweep in this thread. Starts are made once and kept for every β. */
export function localHelper(task: SweepTask, signal?: AbortSignal): SweepHelper {
  const known = new Map<number, Starts>();
  const startsOf = (job: SweepJob): Starts => {
    const starts = known.get(job.from) ?? makeStarts(task, job);
    known.set(job.from, starts);
    return starts;
  };
  let engine: Promise<StepEngine> | undefined;
  return {
    sums: async (job, progress) => {
      const starts = startsOf(job);
      if (task.precision === "float64") return measuredFlow(task, job.beta, starts, progress, signal);
      engine ??= openEngine(task, starts.d);
      const flow = { n: task.n, ...starts, beta: job.beta };
      const { sums, left } = await steppedFlow(await engine, flow, wishOf(task), progress, signal);
      if (left.length === 0) return sums;
      // Those are the ones that have not clustered: sums without them would be of the others.
      const clouds = left.map(({ start }) => starts.clouds[start]);
      const again = { d: starts.d, clouds, fromTimes: left.map(({ fromTime }) => fromTime) };
      return addSums([sums, await measuredFlow(task, job.beta, again, () => {}, signal)]);
    },
    census: ({ beta, from, to }, progress) =>
      clusterCensus({ ...censusOf(task), beta, seeds: to - from, firstSeed: task.firstSeed + from, signal }, progress),
    release: async () => (await engine)?.release(),
  };
}

/** What a census asks of all its starts. */
function censusOf({ dynamics, params, n, d, times, clusters = [], engine, rtol, atol, maxSteps, threads }: SweepTask) {
  return { dynamics, params, n, d, times, thresholds: clusters, engine, rtol, atol, maxSteps, threads };
}

/** Where the flow stays in the span of its start, only inner products count: n coordinates hold them. */
function makeStarts({ dynamics, n, d, firstSeed }: SweepTask, { from, to }: SweepJob): Starts {
  const reducible = findDynamics(dynamics).rotates;
  const clouds = Array.from({ length: to - from }, (_, s) => {
    const { x } = uniformCloud(n, d, randomSource(firstSeed + from + s));
    return reducible ? spanCoordinates(x, n, d).y : x;
  });
  return { d: reducible ? Math.min(n, d) : d, clouds };
}

function openEngine(task: SweepTask, d: number): Promise<StepEngine> {
  const { n, params = {}, rtol, atol, threads } = task;
  const lanes = Math.max(1, Math.floor(LANE_BUDGET / (n * (n + d))));
  const wanted = { method: findMethod(task.method ?? "tsit5"), tolerances: { rtol, atol } };
  return stepEngine({ dynamics: findDynamics(task.dynamics), params, n, d }, wanted, task.precision, lanes, threads);
}

function wishOf({ dynamics, method, rtol, times, threshold, maxSteps = MOST_STEPS }: SweepTask): FlowWish {
  const { contracts, geometry } = findDynamics(dynamics);
  const { order } = findMethod(method ?? "tsit5");
  return {
    ...{ threshold, maxSteps, times: Float64Array.from(times) },
    ...{ order, firstStep: rtol ** (1 / order) },
    settled: contracts && geometry === "sphere" ? Math.max(threshold, SETTLED) : null,
  };
}

import type { z } from "zod";
import { TokensphereError } from "../../models/errors.ts";
import { randomSource } from "../../models/random.ts";
import type { Cloud } from "../../probes/cloud.ts";
import { meanVectorNorm } from "../../probes/measures/mean-vector-norm.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { pairStatistics } from "../../sim/clouds/pair-statistics.ts";
import { uniformCloud } from "../../sim/clouds/uniform-cloud.ts";
import { type NoisyResult, noiseSeed, simulateNoisy } from "../../sim/simulate/noisy.ts";
import type { CommonOptions, OutOptions } from "../command-line/common.ts";
import type { Given } from "../command-line/options-of.ts";
import { drawFigure } from "../draw/draw-figure.ts";
import type { Effects } from "../effects/effects.ts";
import { flagsInMessage } from "../effects/flags-in-messages.ts";
import { table } from "../effects/table.ts";
import { orderParameterByTime } from "../figures/theory/orderParameterByTime.ts";
import { NOISY_SIMULATION } from "../formats/theory-formats.ts";
import { parseTimes } from "../options/parse-times.ts";
import type { SimulateOptions } from "../options/simulate.ts";
import { fillFolder, requireFree, runFolderName } from "../run/run-folder.ts";
import { writeFormat } from "../run/write-format.ts";
import { cell, shortCell } from "../words/number-cell.ts";
import { type AskedDynamics, askedDynamics } from "./asked-dynamics.ts";
import { averages, type MeanAndError } from "./mean-and-error.ts";
import { startCloud } from "./start-cloud.ts";

/** Cosine from which a pair has met, as in the phase diagrams. */
const MET = 0.999;

/** What noisy paths need. */
type NoisyOptions = Given<SimulateOptions, "beta" | "times" | "noise" | "step"> & CommonOptions & OutOptions;

/** What `simulate --noise --json` prints. */
type NoisySimulation = z.infer<typeof NOISY_SIMULATION.schema>;

/** Paths of dX = v dt + √(2/κ) dW from one start, or each from its own uniform one, with their statistics along time. */
export async function simulateNoisyCommand(effects: Effects, options: NoisyOptions): Promise<void> {
  const { out, force = false, json = false, noise } = options;
  const asked = await askedDynamics(effects, options);
  const times = parseTimes(options.times);
  if (!(noise > 0)) throw new TokensphereError("usage", `--noise: ${noise}. give κ above 0, the inverse temperature`);
  const target = out === undefined ? null : runFolderName(effects, out, "simulation");
  if (target !== null) requireFree(target, force);
  const result = await run(effects, await startCloud(effects, options), asked, times, options);
  if (target !== null) {
    await fillFolder(effects, target, force, async (folder) => {
      writeFormat(folder, NOISY_SIMULATION, result);
      if (times.length > 1)
        await drawFigure(effects, folder, "orderParameterByTime", orderParameterByTime(rowsOf(result), about(result)));
    });
  }
  if (json) effects.print(JSON.stringify(result));
  else print(effects, result);
  if (out !== undefined && !json) effects.print(out);
  const { failed, paths, outcome } = result;
  // Last: what was reached is told all the same.
  if (failed > 0) throw new TokensphereError("input", `${failed} of ${paths} paths did not reach the end: ${outcome}`);
}

async function run(
  effects: Effects,
  cloud: Cloud,
  { dynamics, params, record }: AskedDynamics,
  times: readonly number[],
  options: NoisyOptions,
): Promise<NoisySimulation> {
  const { beta, noise: kappa, step, paths, seed, engine, noiseKind: kind, strengths, passage } = options;
  const { n, d } = cloud;
  const statistics = statisticsOf(n, d, times.length);
  const first = passage === undefined ? null : firstPassage(passage, n, paths);
  const results = await simulateNoisy(
    {
      dynamics,
      params,
      n,
      d,
      systems: startsOf(cloud, options),
      times,
      kappa,
      noise: { kind, strengths },
      step,
      engine,
    },
    {
      save: (path, time, t, state) => {
        statistics.add(time, state);
        first?.look(path, t, state);
      },
      progress: (fraction) => effects.progress.update(fraction, `simulating ${dynamics.name} with noise`),
    },
  );
  effects.progress.stop();
  return {
    format: NOISY_SIMULATION.name,
    version: 1,
    ...{ dynamics: dynamics.name, ...record, beta, kappa, step, paths, seed, n, d, times },
    ...(kind === "isotropic" ? {} : { noise: kind, ...(strengths ? { strengths } : {}) }),
    ...statistics.result(),
    ...(first ? { passage: first.result() } : {}),
    failed: results.filter(({ outcome }) => outcome !== "reached the end").length,
    outcome: outcomeOf(results),
  };
}

/** A start that was given serves all paths; of uniform ones each path has its own. */
function startsOf(cloud: Cloud, { beta, paths, seed, init }: NoisyOptions) {
  const { n, d } = cloud;
  const x0 = Float64Array.from(cloud.x);
  return Array.from({ length: paths }, (_, p) => {
    const own = init === undefined && p > 0 ? uniformCloud(n, d, randomSource(seed + p)).x : x0;
    return { beta, x0: own, seed: noiseSeed(seed + p) };
  });
}

function statisticsOf(n: number, d: number, times: number) {
  const [order, squared, cosine, met] = Array.from({ length: 4 }, () => averages(times));
  const measure = n > 1 ? pairStatistics(n, d, MET) : null;
  const add = (time: number, state: Cloud): void => {
    const r = meanVectorNorm(state);
    order.add(time, r);
    squared.add(time, r * r);
    const pairs = measure?.(state.x as Float64Array);
    if (!pairs) return;
    cosine.add(time, pairs.meanCosine);
    met.add(time, pairs.probability);
  };
  const result = () => ({
    order: order.result(),
    order_squared: squared.result(),
    mean_cosine: cosine.result(),
    met: met.result(),
  });
  return { add, result };
}

/** All pairs are looked at, time after time. */
const PASSING_TOKENS = 256;

/** When each path first had all tokens within a cosine of each other, to the times that are looked at. */
function firstPassage(level: number, n: number, paths: number) {
  if (!(level > -1 && level < 1) || n < 2 || n > PASSING_TOKENS)
    throw new TokensphereError(
      "usage",
      `--passage: ${level} of ${n} tokens. give a cosine above -1 and below 1, and 2 to ${PASSING_TOKENS} tokens`,
    );
  const when: (number | null)[] = new Array(paths).fill(null);
  return {
    look: (path: number, t: number, state: Cloud) => {
      if (when[path] === null && innerProducts(state, true).every((product) => product >= level)) when[path] = t;
    },
    result: () => {
      const happened = when.filter((t) => t !== null);
      const all = averages(1);
      for (const t of happened) all.add(0, t);
      const { mean, error } = all.result();
      return { level, happened: happened.length, mean: mean[0], error: error[0] };
    },
  };
}

function outcomeOf(results: readonly NoisyResult[]): string {
  const [failed, steps] = [results.find(({ message }) => message !== ""), results[0].steps];
  return failed ? `${failed.outcome}: ${flagsInMessage(failed.message)}` : `reached the end after ${steps} steps`;
}

function rowsOf({ times, order }: NoisySimulation) {
  return times.flatMap((time, t) => {
    const [mean, error] = [order.mean[t], order.error[t]];
    return mean === null ? [] : [{ time, mean, error: error ?? 0 }];
  });
}

function about({ dynamics, beta, kappa, n, d, paths }: NoisySimulation): string {
  return `${dynamics}, β = ${beta}, κ = ${kappa}, n = ${n}, d = ${d}, ${paths} ${paths === 1 ? "path" : "paths"}`;
}

function print(effects: Effects, result: NoisySimulation): void {
  const pair = ({ mean, error }: MeanAndError, t: number) => [cell(mean[t], 5), cell(error[t], 5)];
  const rows = result.times.map((time, t) => [
    shortCell(time),
    ...pair(result.order, t),
    ...pair(result.mean_cosine, t),
    ...pair(result.met, t),
  ]);
  const head = ["time", "order r", "± se", "mean cosine", "± se", `pairs ≥ ${MET}`, "± se"];
  for (const line of table(head, rows)) effects.print(line);
  const { passage } = result;
  if (passage)
    effects.print(
      `all within ${passage.level} first at ${cell(passage.mean, 5)} ± ${cell(passage.error, 2)}, in ${passage.happened} of ${result.paths} paths`,
    );
  effects.print(`${result.outcome} (${about(result)}, step ${result.step})`);
}

import { availableParallelism } from "node:os";
import { join } from "node:path";
import { TokensphereError } from "../../../models/errors.ts";
import { randomSource } from "../../../models/random.ts";
import type { Cloud } from "../../../probes/cloud.ts";
import { energyOf } from "../../../probes/products/energy.ts";
import { innerProducts } from "../../../probes/products/inner-products.ts";
import { massAbove } from "../../../probes/products/mass-above.ts";
import { meanCosine } from "../../../probes/products/mean-cosine.ts";
import { normaliseRows } from "../../../sim/clouds/normalise-rows.ts";
import { uniformCloud } from "../../../sim/clouds/uniform-cloud.ts";
import { type DynamicsName, findDynamics } from "../../../sim/dynamics/dynamics-table.ts";
import { masses } from "../../../sim/dynamics/masses.ts";
import { fastestEngine } from "../../../sim/engines/choose-engine.ts";
import type { SimulationEvent } from "../../../sim/events/event.ts";
import type { SystemResult } from "../../../sim/integrators/system-result.ts";
import type { MethodName } from "../../../sim/methods/methods.ts";
import { simulate } from "../../../sim/simulate/simulate.ts";
import type { Effects } from "../../effects/effects.ts";
import { MASS_THRESHOLDS } from "../../mass-thresholds.ts";
import { describeEvent, type EventFlags, eventRules } from "../../options/event-options.ts";
import type { CommonOptions } from "../../options/options.ts";
import { parseTimes } from "../../options/parse-times.ts";
import { fillFolder, requireFree, runFolderName } from "../../run/run-folder.ts";
import { writeJson } from "../../run/write-json.ts";
import { readCloud } from "../../sources/read-cloud.ts";
import { readParams } from "../../sources/read-params.ts";

export interface SimulateOptions extends CommonOptions, EventFlags {
  readonly dynamics: DynamicsName;
  readonly params?: string;
  readonly beta: number;
  readonly init?: string;
  readonly tensor?: string;
  readonly n?: number;
  readonly d?: number;
  readonly times: string;
  readonly states?: boolean;
  readonly method: MethodName;
  readonly step?: number;
  readonly rtol?: number;
  readonly maxSteps?: number;
  readonly engine: "auto" | "harmonic" | "ort" | "simd" | "ts";
}

/**
 * What `simulate --json` prints. Lists run along `times`. All but `states` is of directions x/‖x‖, energies of weighted tokens.
 * Masses and energies are `null` above 32 768 tokens, where pairs are not counted.
 */
interface Simulation {
  readonly format: "tokensphere/simulation";
  readonly version: 1;
  readonly dynamics: string;
  readonly beta: number;
  readonly n: number;
  readonly d: number;
  readonly times: readonly number[];
  readonly log_energy: (number | null)[];
  readonly energy: (number | null)[];
  readonly mean_cosine: (number | null)[];
  readonly mass: Record<string, (number | null)[]>;
  readonly states?: number[][][];
  /** In order of time, where events were asked for. */
  events?: readonly SimulationEvent[];
  /** Times that were reached: what lies behind is null. */
  saved: number;
  steps: number;
  outcome: string;
  /** What may help where the last time was not reached; else empty. */
  message: string;
}

export async function simulateCommand(effects: Effects, options: SimulateOptions): Promise<void> {
  const times = parseTimes(options.times);
  const cloud = await startCloud(effects, options, MOST_TOKENS);
  if (cloud.n > PAIRED_TOKENS) checkManyTokens(effects, cloud, options);
  const target = options.out === undefined ? null : runFolderName(effects, options.out, "simulation");
  if (target !== null) requireFree(target, options.force ?? false);
  const { result, failure } = await run(effects, cloud, times, options);
  if (target !== null) {
    await fillFolder(effects, target, options.force ?? false, async (folder) =>
      writeJson(join(folder, "simulation.json"), result),
    );
  }
  if (options.json) effects.print(JSON.stringify(result));
  else print(effects, result, options);
  // Last: what was reached is told all the same.
  if (failure !== null) throw new TokensphereError("input", failure);
}

/**
 * The start that the options name, of at most `most` tokens (default: as many as have all pairs counted). Throws `usage` where
 * they name none, two, or one that is larger, and as `readCloud`.
 */
export async function startCloud(
  effects: Effects,
  { init, tensor, n, d, seed }: SimulateOptions,
  most = PAIRED_TOKENS,
): Promise<Cloud> {
  if (init !== undefined) {
    if (n !== undefined || d !== undefined) {
      throw new TokensphereError("usage", "--init and --n/--d: both say how the cloud starts. give one of them");
    }
    const cloud = await readCloud(effects, init, tensor);
    checkTokens(cloud.n, most);
    return { n: cloud.n, d: cloud.d, x: normaliseRows(cloud, init) };
  }
  if (n === undefined || d === undefined) {
    throw new TokensphereError("usage", "no start given. add --init FILE, or --n N --d D for uniform points");
  }
  checkTokens(n, most);
  return uniformCloud(n, d, randomSource(seed));
}

/** Up to here statistics keep the inner products of all pairs: 4 GiB of them. */
const PAIRED_TOKENS = 2 ** 15;

/** Up to here the sums of the circle and of S² have been measured. */
const MOST_TOKENS = 10 ** 6;

function checkTokens(n: number, most: number): void {
  if (n > most) throw new TokensphereError("usage", `n: ${n}. use at most ${most} tokens here`);
}

/** What needs all pairs at once is refused, and what is left out is said. */
function checkManyTokens(effects: Effects, { n, d }: Cloud, options: SimulateOptions): void {
  const dynamics = findDynamics(options.dynamics);
  const usual = () => fastestEngine({ dynamics, n, d, beta: options.beta }, 1, availableParallelism());
  const engine = options.engine === "auto" ? usual() : options.engine;
  if (engine === "ort")
    throw new TokensphereError("usage", `n: ${n}. engine ort holds all pairs: use at most ${PAIRED_TOKENS} tokens`);
  const event = eventRules(options).find(({ kind }) => kind !== "mean cosine");
  if (event !== undefined)
    throw new TokensphereError("usage", `${event.kind}: n ${n}. above ${PAIRED_TOKENS} tokens use mean-cosine`);
  effects.say(`pairs are not counted above ${PAIRED_TOKENS} tokens: no masses and no energy`);
}

async function run(
  effects: Effects,
  cloud: Cloud,
  times: readonly number[],
  options: SimulateOptions,
): Promise<{ readonly result: Simulation; readonly failure: string | null }> {
  const { dynamics, beta, method, step, rtol, maxSteps, engine, params } = options;
  const { n, d } = cloud;
  const nothing = (): null[] => times.map(() => null);
  const result: Simulation = {
    format: "tokensphere/simulation",
    version: 1,
    dynamics,
    beta,
    n,
    d,
    times,
    log_energy: nothing(),
    energy: nothing(),
    mean_cosine: nothing(),
    mass: Object.fromEntries(MASS_THRESHOLDS.map((t) => [t, nothing()])),
    ...(options.states ? { states: [] } : {}),
    saved: 0,
    steps: 0,
    outcome: "",
    message: "",
  };
  const given = params === undefined ? {} : await readParams(effects, params);
  const tell = recorder(result, options.dynamics, masses(given.weights));
  const [system] = await simulate(
    {
      dynamics,
      n,
      d,
      systems: [{ beta, x0: Float64Array.from(cloud.x) }],
      times,
      method,
      engine,
      lift: options.states ?? false,
      events: eventRules(options),
      ...(step === undefined ? {} : { step }),
      ...(rtol === undefined ? {} : { rtol }),
      maxSteps,
      params: given,
    },
    {
      save(_system, index, _t, state) {
        tell(index, state);
        return true;
      },
      progress: (fraction) => effects.progress.update(fraction, `simulating ${dynamics}`),
    },
  );
  effects.progress.stop();
  if (options.event || options.until) result.events = system.events;
  finish(result, system);
  const failure = result.message ? `${result.outcome} at time ${system.time}: ${result.message}` : null;
  return { result, failure };
}

/** Measures of directions: tokens of Pre-, Mix- and Peri-LN have lengths of their own. */
function recorder(result: Simulation, dynamics: DynamicsName, weights: Float64Array | undefined) {
  const free = findDynamics(dynamics).geometry === "free";
  return (index: number, cloud: Cloud): void => {
    const directions = free ? { ...cloud, x: normaliseRows(cloud) } : cloud;
    if (cloud.n > PAIRED_TOKENS) result.mean_cosine[index] = meanCosine(directions);
    else recordPairs(result, index, directions, weights);
    result.states?.push(rowsOf(cloud));
  };
}

function recordPairs(result: Simulation, index: number, cloud: Cloud, weights: Float64Array | undefined): void {
  const products = innerProducts(cloud, true);
  const { logEnergy, energy } = energyOf(products, cloud.n, result.beta, weights);
  result.log_energy[index] = logEnergy;
  result.energy[index] = energy;
  if (cloud.n < 2) return;
  result.mean_cosine[index] = products.reduce((a, b) => a + b, 0) / products.length;
  for (const t of MASS_THRESHOLDS) result.mass[t][index] = massAbove(products, Number(t));
}

function rowsOf({ n, d, x }: Cloud): number[][] {
  return Array.from({ length: n }, (_, i) => [...x.subarray(i * d, (i + 1) * d)]);
}

function finish(result: Simulation, system: SystemResult): void {
  result.saved = system.saved;
  result.steps = system.steps;
  result.outcome = system.outcome;
  if (system.outcome !== "event") result.message = system.message;
}

function print(effects: Effects, result: Simulation, options: SimulateOptions): void {
  const cell = (value: number | null): string => (value === null ? "–" : value.toPrecision(6)).padStart(12);
  effects.print(
    ["time", "mean cosine", "mass > 0.9", "mass > 0.999", "log energy"].map((h) => h.padStart(12)).join("  "),
  );
  result.times.slice(0, result.saved).forEach((t, i) => {
    const row = [t, result.mean_cosine[i], result.mass["0.9"][i], result.mass["0.999"][i], result.log_energy[i]];
    effects.print(row.map(cell).join("  "));
  });
  for (const event of result.events ?? []) effects.print(describeEvent(event));
  effects.print(
    `${result.outcome} after ${result.steps} steps (${options.dynamics}, beta ${options.beta}, n ${result.n}, d ${result.d})`,
  );
  if (options.out !== undefined) effects.print(options.out);
}

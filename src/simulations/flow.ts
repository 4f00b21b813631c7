import { availableParallelism } from "node:os";
import type { z } from "zod";
import { TokensphereError } from "../../models/errors.ts";
import type { Cloud } from "../../probes/cloud.ts";
import { defaultMasses } from "../../probes/floors/measure-defaults.ts";
import { energyOf, energyOfLogMean } from "../../probes/products/energy.ts";
import { innerProducts, pairCount } from "../../probes/products/inner-products.ts";
import { massAbove } from "../../probes/products/mass-above.ts";
import { meanCosine } from "../../probes/products/mean-cosine.ts";
import { nearPairs } from "../../sim/clouds/near-pairs.ts";
import { norm } from "../../sim/clouds/norm.ts";
import { normalizeRows } from "../../sim/clouds/normalize-rows.ts";
import { countsByTree } from "../../sim/clouds/pair-statistics.ts";
import { attentionMatrices } from "../../sim/dynamics/attention-matrices.ts";
import { checkParams } from "../../sim/dynamics/check-params.ts";
import type { Dynamics } from "../../sim/dynamics/dynamics.ts";
import { DYNAMICS } from "../../sim/dynamics/dynamics-table.ts";
import { masses } from "../../sim/dynamics/masses.ts";
import { PARAMETERS } from "../../sim/dynamics/parameters.ts";
import type { DynamicsParams } from "../../sim/dynamics/params.ts";
import { fastestEngine } from "../../sim/engines/choose-engine.ts";
import { harmonicLogMean } from "../../sim/engines/harmonic/harmonic-energy.ts";
import type { SimulationEvent } from "../../sim/events/event.ts";
import { heldAtStart } from "../../sim/events/held-at-start.ts";
import type { SystemResult } from "../../sim/integrators/system-result.ts";
import { simulate } from "../../sim/simulate/simulate.ts";
import type { CommonOptions, OutOptions } from "../command-line/common.ts";
import type { Given } from "../command-line/options-of.ts";
import type { Effects } from "../effects/effects.ts";
import { flagsInMessage } from "../effects/flags-in-messages.ts";
import { SIMULATION } from "../formats/theory-formats.ts";
import { eventRules } from "../options/events.ts";
import { parseTimes } from "../options/parse-times.ts";
import type { SimulateOptions } from "../options/simulate.ts";
import { fillFolder, requireFree, runFolderName } from "../run/run-folder.ts";
import { writeFormat } from "../run/write-format.ts";
import { cell, shortCell } from "../words/number-cell.ts";
import { type AskedDynamics, askedDynamics } from "./asked-dynamics.ts";
import { contractionLine, contractionOf } from "./contraction.ts";
import { restWords, roundingWords, toldRest } from "./rest-words.ts";
import { PAIRED_TOKENS, startCloud } from "./start-cloud.ts";

/** What following the flow needs. */
export type FlowOptions = Given<SimulateOptions, "beta" | "times"> & CommonOptions & OutOptions;

/**
 * What `simulate --json` prints. Lists run along `times`. All but `states` is of directions x/‖x‖, energies of weighted tokens.
 * Masses and energies are `null` above 32 768 tokens where d > 3 or β < 0: there pairs are not counted.
 */
type Simulation = z.infer<typeof SIMULATION.schema>;

/** The flow from one start: its clouds at the times asked for, measured, and events between. */
export async function simulateCommand(effects: Effects, options: FlowOptions): Promise<void> {
  refuseUntold(options);
  const asked = await askedDynamics(effects, options);
  const times = parseTimes(options.times);
  const cloud = await startCloud(effects, options, MOST_TOKENS);
  checkParams(asked.dynamics, asked.params, cloud.n, cloud.d);
  if (cloud.n > PAIRED_TOKENS) checkManyTokens(effects, cloud, asked, options);
  const target = options.out === undefined ? null : runFolderName(effects, options.out, "simulation");
  if (target !== null) requireFree(target, options.force ?? false);
  const { result, failure } = await run(effects, cloud, asked, times, options);
  if (target !== null) {
    await fillFolder(effects, target, options.force ?? false, async (folder) =>
      writeFormat(folder, SIMULATION, result),
    );
  }
  if (options.json) effects.print(JSON.stringify(result));
  else print(effects, result, options.out);
  // Last: what was reached is told all the same.
  if (failure !== null) throw new TokensphereError("input", failure);
}

/** A table for a terminal has no room for them. */
function refuseUntold({ states, attention, json, out }: FlowOptions): void {
  if (json || out !== undefined || !(states || attention)) return;
  const flag = states ? "--states" : "--attention";
  throw new TokensphereError("usage", `${flag}: what it tells stands in JSON. add --json, or --out FOLDER`);
}

/** Up to here the sums of the circle and of S² have been measured. */
const MOST_TOKENS = 10 ** 6;

/** What needs all pairs at once is refused, and what is left out is said. */
function checkManyTokens(
  effects: Effects,
  { n, d }: Cloud,
  { dynamics, params }: AskedDynamics,
  options: FlowOptions,
): void {
  const usual = () => fastestEngine({ dynamics, params, n, d, beta: options.beta }, 1, availableParallelism());
  const engine = options.engine === "auto" ? usual() : options.engine;
  if (engine === "ort")
    throw new TokensphereError("usage", `n: ${n}. engine ort holds all pairs: use at most ${PAIRED_TOKENS} tokens`);
  const event = eventRules(options).find(({ kind }) => kind !== "mean cosine");
  if (event !== undefined)
    throw new TokensphereError("usage", `${event.kind}: n ${n}. above ${PAIRED_TOKENS} tokens use mean-cosine`);
  if (!byTree({ n, d }, options.beta))
    effects.say(`pairs are not counted above ${PAIRED_TOKENS} tokens: no masses and no energy`);
}

async function run(
  effects: Effects,
  cloud: Cloud,
  { dynamics, params, record }: AskedDynamics,
  times: readonly number[],
  options: FlowOptions,
): Promise<{ readonly result: Simulation; readonly failure: string | null }> {
  const { beta, method, step, rtol, maxSteps, engine, parameter, timeUnit } = options;
  const { n, d } = cloud;
  const nothing = (): null[] => times.map(() => null);
  const result: Simulation = {
    format: SIMULATION.name,
    version: 1,
    dynamics: dynamics.name,
    ...(parameter ? { parameters: parameter } : {}),
    ...record,
    beta,
    n,
    d,
    ...(timeUnit === "exp" ? { time_unit: "exp" as const } : {}),
    times,
    log_energy: nothing(),
    energy: nothing(),
    mean_cosine: nothing(),
    mass: Object.fromEntries(defaultMasses.map((t) => [t, nothing()])),
    ...(options.states ? { states: [], ...(d === 2 ? { angles: [] } : {}) } : {}),
    ...(dynamics.geometry === "cone" ? { weights: [] } : {}),
    ...(options.attention ? { attention: [] } : {}),
    saved: 0,
    steps: 0,
    outcome: "",
    message: "",
  };
  const matrices = options.attention ? attentionMatrices(dynamics, params, n, d) : null;
  const rules = eventRules(options);
  const task = { dynamics, params, n, d, beta };
  const held = rules.length > 0 && n > 1 ? heldAtStart(rules, Float64Array.from(cloud.x), n, d) : [];
  const before = toldRest(task, Float64Array.from(cloud.x), timeUnit);
  let last: Cloud = cloud;
  // Eigenvalues are loaded where there are matrices only.
  const aligned = params.V && (await import("./alignment.ts")).alignmentProbe(dynamics, params, beta, times.length);
  if (aligned) result.alignment = aligned.told;
  const tell = recorder(result, dynamics, tokenMasses(dynamics, params), matrices);
  const [system] = await simulate(
    {
      dynamics,
      n,
      d,
      systems: [{ beta, x0: Float64Array.from(cloud.x) }],
      times,
      method,
      engine,
      lift: (options.states ?? false) || matrices !== null,
      events: rules,
      timeUnit,
      ...(step === undefined ? {} : { step }),
      ...(rtol === undefined ? {} : { rtol, atol: rtol }),
      maxSteps,
      params,
    },
    {
      save(_system, index, _t, state) {
        tell(index, state);
        aligned?.look(index, state);
        if (before && index === times.length - 1) last = { ...state, x: Float64Array.from(state.x) };
        return true;
      },
      progress: (fraction) => effects.progress.update(fraction, `simulating ${dynamics.name}`),
    },
  );
  effects.progress.stop();
  if (options.event || options.until) result.events = system.events;
  for (const { kind, level } of held)
    effects.say(`${kind} ${level}: so at the start already, which is no event. it counts where it happens again`);
  if (held.length > 0) result.held_at_start = held.map(({ kind, level }) => ({ kind, level }));
  finish(result, system);
  const contraction = options.cap === undefined ? null : contractionOf(result, options.cap);
  if (contraction) result.contraction = contraction;
  if (before && system.outcome === "reached the end") {
    const end = toldRest({ ...task, d: last.d }, Float64Array.from(last.x), timeUnit);
    result.rest = { start: before, end };
    const warning = roundingWords(before, cloud, last);
    if (warning) effects.say(warning);
  }
  const failure = result.message ? `${result.outcome} at time ${system.time}: ${result.message}` : null;
  return { result, failure };
}

/** The masses that energies are weighted by: what others call `weights` may be anything. */
function tokenMasses({ parameters }: Dynamics, { weights }: DynamicsParams): Float64Array | undefined {
  return parameters.weights === PARAMETERS.weights ? masses(weights) : undefined;
}

/** Measures of directions: tokens of Pre-, Mix- and Peri-LN have lengths of their own. */
function recorder(
  result: Simulation,
  dynamics: Dynamics,
  weights: Float64Array | undefined,
  matrices: ReturnType<typeof attentionMatrices> | null,
) {
  const free = dynamics.geometry !== "sphere";
  return (index: number, cloud: Cloud): void => {
    const unit = free ? normalizeRows(cloud) : (cloud.x as Float64Array);
    const directions = { ...cloud, x: unit };
    const moving = result.weights && massesOf(cloud);
    if (byTree(cloud, result.beta)) recordMany(result, index, directions, moving ?? weights);
    else if (cloud.n > PAIRED_TOKENS) result.mean_cosine[index] = meanCosine(directions);
    else recordPairs(result, index, directions, moving ?? weights);
    if (moving) result.weights?.push([...moving]);
    result.states?.push(rowsOf(cloud));
    result.angles?.push(anglesOf(unit));
    if (matrices) {
      const { n } = cloud;
      result.attention?.push(matrices(unit, result.beta).map((x) => rowsOf({ n, d: n, x })));
    }
  };
}

/** Tokens on the cone: the squares of their lengths, of 1 in all. */
function massesOf({ n, d, x }: Cloud): Float64Array {
  const squares = Float64Array.from(
    { length: n },
    (_, i) => norm(Float64Array.from(x.subarray(i * d, (i + 1) * d))) ** 2,
  );
  const total = squares.reduce((a, b) => a + b);
  return squares.map((square) => square / total);
}

function anglesOf(unit: Float64Array): number[] {
  return Array.from({ length: unit.length / 2 }, (_, i) => Math.atan2(unit[2 * i + 1], unit[2 * i]));
}

function recordPairs(result: Simulation, index: number, cloud: Cloud, weights: Float64Array | undefined): void {
  const products = innerProducts(cloud, true);
  const { logEnergy, energy } = energyOf(products, cloud.n, result.beta, weights);
  result.log_energy[index] = logEnergy;
  result.energy[index] = energy;
  if (cloud.n < 2) return;
  result.mean_cosine[index] = products.reduce((a, b) => a + b, 0) / products.length;
  for (const t of defaultMasses) result.mass[t][index] = massAbove(products, t);
}

/** Up to here energies have been summed over harmonics. */
const MOST_HARMONIC_BETA = 1e4;

/** Whether pairs are counted and energies summed in less than n² steps. Below β = 0 a sum over harmonics may cancel. */
function byTree({ n, d }: Pick<Cloud, "n" | "d">, beta: number): boolean {
  return countsByTree(n, d) && (d === 2 || d === 3) && beta >= 0 && beta <= MOST_HARMONIC_BETA;
}

function recordMany(result: Simulation, index: number, cloud: Cloud, weights: Float64Array | undefined): void {
  const { n, d } = cloud;
  const x = cloud.x as Float64Array;
  const logMean = harmonicLogMean(x, n, d === 2 ? 2 : 3, result.beta, weights);
  const { logEnergy, energy } = energyOfLogMean(result.beta, logMean);
  result.log_energy[index] = logEnergy;
  result.energy[index] = energy;
  result.mean_cosine[index] = meanCosine(cloud);
  const countFrom = nearPairs(x, n, d);
  for (const t of defaultMasses) result.mass[t][index] = countFrom(t) / pairCount(n);
}

function rowsOf({ n, d, x }: Cloud): number[][] {
  return Array.from({ length: n }, (_, i) => [...x.subarray(i * d, (i + 1) * d)]);
}

function finish(result: Simulation, system: SystemResult): void {
  result.saved = system.saved;
  result.steps = system.steps;
  result.outcome = system.outcome;
  if (system.outcome !== "event") result.message = flagsInMessage(system.message);
}

function print(effects: Effects, result: Simulation, out: string | undefined): void {
  const { alignment } = result;
  const also = alignment ? ["in E_max", ...(alignment.modes ? ["modes in it"] : [])] : [];
  const head = ["time", "mean cosine", "mass > 0.9", "mass > 0.999", "log energy", ...also];
  effects.print(head.map((h) => h.padStart(12)).join("  "));
  result.times.slice(0, result.saved).forEach((t, i) => {
    const row = [t, result.mean_cosine[i], result.mass["0.9"][i], result.mass["0.999"][i], result.log_energy[i]];
    if (alignment) row.push(alignment.share[i], ...(alignment.modes ? [alignment.modes[i]] : []));
    effects.print(row.map((value) => cell(value, 6).padStart(12)).join("  "));
  });
  for (const event of result.events ?? []) effects.print(describeEvent(event));
  const { outcome, steps, dynamics, beta, n, d } = result;
  effects.print(`${outcome} after ${steps} steps (${dynamics}, beta ${beta}, n ${n}, d ${d})`);
  if (alignment)
    effects.print(`E_max of V KᵀQ: dimension ${alignment.dimension}, eigenvalue ${shortCell(alignment.eigenvalue)}`);
  const fall = result.contraction && contractionLine(result.contraction);
  if (fall) effects.print(fall);
  const rest = result.rest?.end && restWords(result.rest.end, isTied(result));
  if (rest) effects.print(rest);
  if (out !== undefined) effects.print(out);
}

/** Whether tokens of a dynamics whose field jumps have not become one. */
function isTied({ dynamics, mean_cosine }: Simulation): boolean {
  return dynamics === DYNAMICS.hardmax.name && (mean_cosine.at(-1) ?? 1) < 1 - 1e-9;
}

/** One event in a line. */
function describeEvent({ kind, level, time, tokens, clusters }: SimulationEvent): string {
  const who = tokens ? ` of tokens ${tokens[0]} and ${tokens[1]}` : "";
  const left = clusters === undefined ? "" : `, ${clusters} ${clusters === 1 ? "cluster" : "clusters"}`;
  return `${kind} ${level}${who} at time ${time.toPrecision(8)}${left}`;
}

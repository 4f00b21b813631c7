import { join } from "node:path";
import { TokensphereError } from "../../models/errors.ts";
import type { Cloud } from "../../probes/cloud.ts";
import { energyOf } from "../../probes/energy.ts";
import { innerProducts } from "../../probes/inner-products.ts";
import { massAbove } from "../../probes/mass-above.ts";
import type { DynamicsName } from "../../sim/dynamics/registry.ts";
import type { SimulationEvent } from "../../sim/events/event.ts";
import type { MethodName } from "../../sim/integrators/registry.ts";
import { normaliseRows } from "../../sim/normalise-rows.ts";
import { randomSource } from "../../sim/random.ts";
import { simulate } from "../../sim/simulate.ts";
import type { SystemResult } from "../../sim/system-result.ts";
import { uniformCloud } from "../../sim/uniform-cloud.ts";
import type { Effects } from "../effects.ts";
import { describeEvent, type EventFlags, eventRules } from "../event-options.ts";
import { MASS_THRESHOLDS } from "../mass-thresholds.ts";
import type { CommonOptions } from "../options.ts";
import { parseTimes } from "../parse-times.ts";
import { readCloud } from "../read-cloud.ts";
import { readParams } from "../read-params.ts";
import { fillFolder, requireFree, runFolderName } from "../run-folder.ts";
import { writeJson } from "../write-json.ts";

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
  readonly engine: "auto" | "harmonic" | "ort" | "simd" | "ts";
}

/** What `simulate --json` prints. Lists run along `times`. */
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
}

export async function simulateCommand(effects: Effects, options: SimulateOptions): Promise<void> {
  const times = parseTimes(options.times);
  const cloud = await startCloud(effects, options);
  const target = options.out === undefined ? null : runFolderName(effects, options.out, "simulation");
  if (target !== null) requireFree(target, options.force ?? false);
  const result = await run(effects, cloud, times, options);
  if (target !== null) {
    await fillFolder(effects, target, options.force ?? false, async (folder) =>
      writeJson(join(folder, "simulation.json"), result),
    );
  }
  if (options.json) effects.print(JSON.stringify(result));
  else print(effects, result, options);
}

/** The start that the options name. Throws `usage` where they name none or two, and as `readCloud`. */
export async function startCloud(effects: Effects, { init, tensor, n, d, seed }: SimulateOptions): Promise<Cloud> {
  if (init !== undefined) {
    if (n !== undefined || d !== undefined) {
      throw new TokensphereError("usage", "--init and --n/--d: both say how the cloud starts. give one of them");
    }
    const cloud = await readCloud(effects, init, tensor);
    return { n: cloud.n, d: cloud.d, x: normaliseRows(cloud, init) };
  }
  if (n === undefined || d === undefined) {
    throw new TokensphereError("usage", "no start given. add --init FILE, or --n N --d D for uniform points");
  }
  return uniformCloud(n, d, randomSource(seed));
}

async function run(
  effects: Effects,
  cloud: Cloud,
  times: readonly number[],
  options: SimulateOptions,
): Promise<Simulation> {
  const { dynamics, beta, method, step, rtol, engine, params } = options;
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
  };
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
      ...(params === undefined ? {} : { params: await readParams(effects, params) }),
    },
    {
      save(_system, index, _t, state) {
        record(result, index, state, beta);
        return true;
      },
      progress: (fraction) => effects.progress.update(fraction, `simulating ${dynamics}`),
    },
  );
  effects.progress.stop();
  if (options.event || options.until) result.events = system.events;
  return finish(result, system);
}

function record(result: Simulation, index: number, cloud: Cloud, beta: number): void {
  const products = innerProducts(cloud, true);
  const { logEnergy, energy } = energyOf(products, cloud.n, beta);
  result.log_energy[index] = logEnergy;
  result.energy[index] = energy;
  if (cloud.n > 1) {
    result.mean_cosine[index] = products.reduce((a, b) => a + b, 0) / products.length;
    for (const t of MASS_THRESHOLDS) result.mass[t][index] = massAbove(products, Number(t));
  }
  result.states?.push(Array.from({ length: cloud.n }, (_, i) => [...cloud.x.subarray(i * cloud.d, (i + 1) * cloud.d)]));
}

function finish(result: Simulation, system: SystemResult): Simulation {
  result.saved = system.saved;
  result.steps = system.steps;
  result.outcome = system.outcome;
  return result;
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

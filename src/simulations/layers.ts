import { randomNormal } from "d3-random";
import type { z } from "zod";
import { TokensphereError } from "../../models/errors.ts";
import { randomSource } from "../../models/random.ts";
import type { Cloud } from "../../probes/cloud.ts";
import { meanCosine } from "../../probes/products/mean-cosine.ts";
import { normalizeRows } from "../../sim/clouds/normalize-rows.ts";
import { tokenAngles } from "../../sim/clouds/token-angles.ts";
import { checkParams } from "../../sim/dynamics/check-params.ts";
import type { Dynamics, LayeredForm } from "../../sim/dynamics/dynamics.ts";
import { DYNAMICS } from "../../sim/dynamics/dynamics-table.ts";
import type { DynamicsParams, Head } from "../../sim/dynamics/params.ts";
import { layerSteps } from "../../sim/simulate/layer-steps.ts";
import { simulate } from "../../sim/simulate/simulate.ts";
import type { CommonOptions, OutOptions } from "../command-line/common.ts";
import type { Given } from "../command-line/options-of.ts";
import type { Effects } from "../effects/effects.ts";
import { flagsInMessage } from "../effects/flags-in-messages.ts";
import { table } from "../effects/table.ts";
import { LAYER_STEPS } from "../formats/theory-formats.ts";
import type { SimulateOptions } from "../options/simulate.ts";
import { fillFolder, requireFree, runFolderName } from "../run/run-folder.ts";
import { writeFormat } from "../run/write-format.ts";
import { RANDOM_PARAMS, readParams } from "../sources/read-params.ts";
import { cell, shortCell } from "../words/number-cell.ts";
import { resolveDynamics } from "./resolve-dynamics.ts";
import { startCloud } from "./start-cloud.ts";

/** A dynamics that goes in layers. */
interface Layered extends LayeredForm {
  readonly dynamics: Dynamics;
  readonly flow: string;
}

/** What layers need. */
type LayerOptions = Given<SimulateOptions, "beta" | "layerSteps" | "step"> & CommonOptions & OutOptions;

/** What `simulate --layer-steps --json` prints. */
type LayerSimulation = z.infer<typeof LAYER_STEPS.schema>;

/** Residual layers of one step each beside the flow that small steps tend to, over the time step · layer. */
export async function simulateLayersCommand(effects: Effects, options: LayerOptions): Promise<void> {
  const { out, force = false, json = false } = options;
  const dynamics = resolveDynamics(options.dynamics);
  const layered = layeredForm(dynamics, options);
  const target = out === undefined ? null : runFolderName(effects, out, "simulation");
  if (target !== null) requireFree(target, force);
  const result = await run(effects, await startCloud(effects, options), layered, options);
  if (target !== null)
    await fillFolder(effects, target, force, async (folder) => writeFormat(folder, LAYER_STEPS, result));
  if (json) effects.print(JSON.stringify(result));
  else print(effects, result);
  if (out !== undefined && !json) effects.print(out);
  // Last: what was reached is told all the same.
  if (result.message) throw new TokensphereError("input", result.message);
}

/** Layers beyond this are a slip of the pen: the states of all are kept. */
const MOST_LAYERS = 10_000;

/** How the dynamics goes in layers. Throws `usage` where it does not, or not as many. */
function layeredForm(dynamics: Dynamics, { params, layerSteps }: LayerOptions): Layered {
  const { name, layered } = dynamics;
  const usage = (message: string) => new TokensphereError("usage", message);
  const fit = Object.values(DYNAMICS).filter((one) => one.layered);
  if (layered === undefined) throw usage(`--dynamics: ${name}. with --layer-steps use ${namesOf(fit).join(", ")}`);
  if (layerSteps > MOST_LAYERS) throw usage(`--layer-steps: ${layerSteps}. use at most ${MOST_LAYERS}`);
  const remedy = `use ${namesOf(fit.filter(hasOwnLayers)).join(" or ")}`;
  if (params === RANDOM_PARAMS && !hasOwnLayers(dynamics))
    throw usage(`--params: random. ${name} has no layers of its own: ${remedy}`);
  return { dynamics, flow: name, ...layered };
}

const namesOf = (all: readonly Dynamics[]): readonly string[] => all.map(({ name }) => name);

/** Whether it reads matrices for each layer. */
const hasOwnLayers = ({ parameters }: Dynamics): boolean => Object.hasOwn(parameters, "layers");

async function run(effects: Effects, cloud: Cloud, layered: Layered, options: LayerOptions): Promise<LayerSimulation> {
  const { beta, step } = options;
  const { dynamics, norm } = layered;
  const { n, d } = cloud;
  const read =
    options.params === undefined || options.params === RANDOM_PARAMS ? {} : await readParams(effects, options.params);
  const params = { ...read, ...options.parameter };
  const layers = headsOfLayers(dynamics, params, options, d);
  const free = Object.fromEntries(FREE.flatMap((key) => (params[key] === undefined ? [] : [[key, params[key]]])));
  checkParams({ ...dynamics, parameters: scalarsOf(dynamics) }, free, n, d);
  const stepping = { ...options, free };
  const { clouds: stepped, outcome, message } = await stepThrough(effects, cloud, layered, layers, stepping);
  const { clouds: flowing, system } = await followFlow(effects, cloud, layered, layers, stepping);
  effects.progress.stop();
  const each = Array.from({ length: Math.max(stepped.length, flowing.length) }, (_, layer) => layer);
  const angles = each.map((l) => (stepped[l] && flowing[l] ? tokenAngles(stepped[l], flowing[l], d) : null));
  const told = (x: Float64Array) => Array.from({ length: n }, (_, i) => [...x.subarray(i * d, (i + 1) * d)]);
  const cosines = (clouds: readonly Float64Array[]) => each.map((l) => meanCosineOf(clouds[l], n, d));
  const ofFlow =
    system.message && `${system.outcome} of the flow at time ${system.time}: ${flagsInMessage(system.message)}`;
  return {
    format: LAYER_STEPS.name,
    version: 1,
    ...{ dynamics: dynamics.name, beta, step, norm, n, d },
    layers: stepped.length - 1,
    outcome,
    flow_outcome: system.outcome,
    message: message || ofFlow,
    steps_mean_cosine: cosines(stepped),
    flow_mean_cosine: cosines(flowing),
    mean_angle: angles.map((some) => (some === null ? null : some.reduce((a, b) => a + b) / n)),
    largest_angle: angles.map((some) => (some === null ? null : some.reduce((a, b) => Math.max(a, b)))),
    ...(options.states ? { states: { steps: stepped.map(told), flow: flowing.map(told) } } : {}),
  };
}

type Layers = number | readonly (readonly Head[])[];

/** With the parameters of schemes. */
type Stepping = LayerOptions & { readonly free: Pick<DynamicsParams, (typeof FREE)[number]> };

/** What schemes read beside matrices. */
const FREE = ["alpha", "tau"] as const;

const scalarsOf = ({ parameters }: Dynamics): Dynamics["parameters"] =>
  Object.fromEntries(Object.entries(parameters).filter(([key]) => FREE.some((one) => one === key)));

/** Directions after each layer, the start being layer 0; fewer where it blew up. */
async function stepThrough(effects: Effects, cloud: Cloud, { norm }: Layered, layers: Layers, options: Stepping) {
  const { beta, step, layerSteps: count, engine, free } = options;
  const { n, d } = cloud;
  const clouds: Float64Array[] = [];
  const x0 = Float64Array.from(cloud.x);
  const { outcome, message } = await layerSteps(
    { n, d, x0, beta, step, norm, layers, engine, ...free },
    (layer, state) => {
      clouds[layer] = normalizeRows(state);
      effects.progress.update(layer / (2 * count), "stepping through layers");
    },
  );
  return { clouds, outcome, message: message && `${outcome} after layer ${clouds.length - 1}: ${message}` };
}

/** Directions on the flow at the times of the layers; fewer where it ended before. */
async function followFlow(
  effects: Effects,
  cloud: Cloud,
  { dynamics, flow }: Layered,
  layers: Layers,
  options: Stepping,
) {
  const { beta, step, layerSteps: count, engine, rtol, free } = options;
  const { n, d } = cloud;
  const clouds: Float64Array[] = [];
  const task =
    typeof layers === "number"
      ? { dynamics, params: free }
      : { dynamics: flow, params: { layers: layers.map((heads) => ({ heads, duration: step })) } };
  const systems = [{ beta, x0: Float64Array.from(cloud.x) }];
  const times = Array.from({ length: count + 1 }, (_, layer) => layer * step);
  const [system] = await simulate(
    { ...task, n, d, systems, times, engine, lift: true, rtol, atol: rtol },
    {
      save: (_system, layer, _t, state) => {
        clouds[layer] = normalizeRows(state);
      },
      progress: (fraction) => effects.progress.update((1 + fraction) / 2, "following the flow"),
    },
  );
  return { clouds, system };
}

/** How many layers without matrices, or the heads of each. */
function headsOfLayers(
  { name, parameters }: Dynamics,
  given: DynamicsParams,
  { params, layerSteps: count, seed }: LayerOptions,
  d: number,
): Layers {
  const reads = Object.keys(parameters).filter((key) => !FREE.some((one) => one === key));
  if (params === RANDOM_PARAMS) return randomLayers(count, d, seed);
  const { Q, K, V, heads, layers } = given;
  const unread = Object.keys(given).find((key) => !Object.hasOwn(parameters, key));
  if (reads.length === 0 && unread === undefined) return count;
  if (reads.includes("layers") && layers?.length === count) return layers.map((layer) => layer.heads);
  if (reads.includes("heads") && heads) return new Array<readonly Head[]>(count).fill(heads);
  if (reads.includes("Q") && Q && K && V) return new Array<readonly Head[]>(count).fill([{ Q, K, V }]);
  const found = layers ? `${layers.length} layers` : (params ?? "missing");
  const wanted = reads.includes("layers") ? `${count} layers, or --params random` : reads.join(", ") || "no --params";
  throw new TokensphereError("usage", `--params: ${found}. ${name} with --layer-steps ${count} wants ${wanted}`);
}

/** Numbers in matrices that are drawn, 1 GiB. */
const MOST_NUMBERS = 2 ** 27;

/** One head a layer, all entries independent and normal with variance 1/d, so that ‖Qx‖ is about 1. */
function randomLayers(count: number, d: number, seed: number): (readonly Head[])[] {
  if (3 * count * d * d > MOST_NUMBERS)
    throw new TokensphereError("usage", `--params: random. ${count} layers of ${d} × ${d} are too many: use fewer`);
  // Beside the start, which has the seed itself.
  const normal = randomNormal.source(randomSource((seed ^ 0x5bd1e995) >>> 0))(0, 1 / Math.sqrt(d));
  const matrix = () => Array.from({ length: d }, () => Array.from({ length: d }, normal));
  return Array.from({ length: count }, () => [{ Q: matrix(), K: matrix(), V: matrix() }]);
}

function meanCosineOf(x: Float64Array | undefined, n: number, d: number): number | null {
  return x && n > 1 ? meanCosine({ n, d, x }) : null;
}

function print(effects: Effects, result: LayerSimulation): void {
  const rows = result.mean_angle.map((angle, layer) => [
    String(layer),
    shortCell(layer * result.step),
    cell(result.steps_mean_cosine[layer], 5),
    cell(result.flow_mean_cosine[layer], 5),
    cell(angle, 5),
    cell(result.largest_angle[layer], 5),
  ]);
  const head = ["layer", "time", "mean cosine, layers", "mean cosine, flow", "mean angle between", "largest angle"];
  for (const line of table(head, rows)) effects.print(line);
  const { outcome, layers, dynamics, norm, beta, step, n, d } = result;
  effects.print(
    `${outcome} after ${layers} layers (${dynamics}, ${norm}-LN, beta ${beta}, step ${step}, n ${n}, d ${d})`,
  );
}

import type { z } from "zod";
import { checkRange } from "../../sim/clouds/check-number.ts";
import {
  circleCharacteristics,
  densityOfPoints,
  momentsOfPoints,
} from "../../sim/mean-field/circle-characteristics.ts";
import { type CircleFlowState, circleFlow } from "../../sim/mean-field/circle-flow.ts";
import { type CircleMoments, densityOnGrid, momentsOfAngles } from "../../sim/mean-field/circle-moments.ts";
import { momentsToPoint, pointsToPoint } from "../../sim/mean-field/distance-to-point.ts";
import { particleDistances } from "../../sim/mean-field/particle-distances.ts";
import { growthRates } from "../../sim/theory/growth-rates.ts";
import type { CommonOptions, OutOptions } from "../command-line/common.ts";
import { drawFigure } from "../draw/draw-figure.ts";
import type { Effects } from "../effects/effects.ts";
import { table } from "../effects/table.ts";
import { densityByTime } from "../figures/theory/densityByTime.ts";
import { densityHeatMap } from "../figures/theory/densityHeatMap.ts";
import { momentGrowth } from "../figures/theory/momentGrowth.ts";
import { MEAN_FIELD } from "../formats/theory-formats.ts";
import type { EvolveOptions } from "../options/densities.ts";
import { parseDensity } from "../options/parse-density.ts";
import { parseTimes } from "../options/parse-times.ts";
import { fillFolder, requireFree, runFolderName } from "../run/run-folder.ts";
import { writeFormat } from "../run/write-format.ts";
import { cell, shortCell } from "../words/number-cell.ts";
import { rateLine, toPoint } from "./distance-to-point.ts";
import { kappaOf } from "./kappa.ts";
import { signOf, timeScale } from "./time-scale.ts";

/** What `mean-field --json` prints. */
type MeanField = z.infer<typeof MEAN_FIELD.schema>;

/** Angles of the density that is told and drawn. */
const ANGLES = 256;

/** Moments whose growth is told. */
const TOLD = 6;

/** Moments of the tokens that are told: one for each number of clusters. */
const MOST_CLUSTERS = 16;

/** Above this the cut moments matter, and the user is told. */
const RESOLVED = 1e-3;

/** Times that have a panel each; more are drawn as a heat map. */
const MOST_PANELS = 9;

/** The continuity equation on the circle, with noise or without, beside linear theory and, where asked, beside tokens. */
export async function meanFieldCommand(
  effects: Effects,
  options: EvolveOptions & CommonOptions & OutOptions,
): Promise<void> {
  const { out, force = false, json = false } = options;
  const target = out === undefined ? null : runFolderName(effects, out, "mean-field");
  if (target !== null) requireFree(target, force);
  if (options.d > 2) {
    const { zonalCommand } = await import("./zonal.ts");
    return zonalCommand(effects, options);
  }
  const { result, angles } = await evolve(effects, options);
  if (result.outcome !== REACHED) effects.say(result.outcome);
  if (target !== null) {
    await fillFolder(effects, target, force, async (folder) => {
      writeFormat(folder, MEAN_FIELD, result);
      await drawFigures(effects, folder, result, angles);
    });
  }
  if (json) effects.print(JSON.stringify(result));
  else print(effects, result);
  if (out !== undefined && !json) effects.print(out);
}

async function evolve(
  effects: Effects,
  options: EvolveOptions & CommonOptions,
): Promise<{ result: MeanField; angles: Float64Array[] }> {
  const { dynamics, d, beta, start, modes, particles, seed, timeUnit } = options;
  const [kappa, times] = [kappaOf(options), parseTimes(options.times)];
  const sign = signOf(options);
  const scale = timeScale(options);
  const flow = { dynamics, beta, kappa, sign, modes, start: parseDensity(start, modes), times: times.map(scale) };
  const progress = (fraction: number) => effects.progress.update(fraction, "following density and tokens");
  progress(0);
  checkRange("modes", modes, 1, 8192);
  if (particles !== undefined) checkRange("n", particles, 1, 1e7);
  const method = kappa === Number.POSITIVE_INFINITY ? options.method : "modes";
  const all = method === "modes" ? await ofModes(flow) : await ofCharacteristics({ ...flow, nodes: options.nodes });
  const beside =
    particles === undefined
      ? null
      : await particleDistances(
          { ...flow, n: particles, copies: 1, firstSeed: seed, step: options.step, progress },
          all,
        );
  effects.progress.stop();
  // A density that its modes do not resolve is none: what lies behind is not told.
  const bad = method === "modes" ? all.findIndex(({ tail, lowest }) => tail > RESOLVED || lowest < -RESOLVED) : -1;
  const count = bad < 0 ? all.length : Math.max(1, bad);
  const states = all.slice(0, count);
  const reached = times.slice(0, count);
  const orders = Array.from({ length: options.kmax }, (_, j) => (j + 1) * options.every).filter((k) => k <= modes);
  const allSizes = states.map(sizes);
  const { re, im } = states[count - 1];
  const limit = Math.atan2(im[0], re[0]);
  const w2 = states.map((state) => state.toPoint(limit));
  const free = kappa === Number.POSITIVE_INFINITY && sign === 1;
  const result: MeanField = {
    format: MEAN_FIELD.name,
    version: 1,
    ...{ dynamics, d, beta, sign, kappa: Number.isFinite(kappa) ? kappa : null, start, modes, method },
    time_unit: timeUnit,
    times: reached,
    outcome: bad < 0 ? REACHED : unresolved(times[bad], options),
    orders,
    sizes: allSizes.map((size) => orders.map((k) => size[k - 1])),
    variance: allSizes.map(([first]) => (first > 0 ? -2 * Math.log(first) : null)),
    heat_limit: heatLimit(options, reached.map(scale), sign),
    theta: Array.from({ length: ANGLES }, (_, g) => (2 * Math.PI * g) / ANGLES),
    density: states.map((state) => Array.from(state.density)),
    moments: { re: states.map(({ re }) => re), im: states.map(({ im }) => im) },
    theory_growth: theoryGrowth(dynamics, beta, kappa).map((rate) => (rate === null ? null : sign * rate * scale(1))),
    growth: states.map((state, t) => growthSince(states[t - 1], state, times[t] - times[t - 1])),
    tail: states.map(({ tail }) => tail),
    lowest: states.map(({ lowest }) => lowest),
    to_point: toPoint(limit, allSizes[count - 1][0], reached, w2, free, scale(1)),
    particles: beside && {
      ...{ n: beside.n, seed, w1: beside.w1.slice(0, count) },
      moments: beside.angles.slice(0, count).map((angles) => sizes(momentsOfAngles(angles, MOST_CLUSTERS))),
    },
  };
  return { result, angles: beside ? [...beside.angles.slice(0, count)] : [] };
}

const REACHED = "reached the end";

function unresolved(time: number, { modes, noise }: EvolveOptions): string {
  const remedy = noise === undefined ? "take more --modes, or --method characteristics" : "take more --modes";
  return `stopped before t = ${time}: ${modes} modes do not resolve the density there. ${remedy}`;
}

/** A state with its density on the angles that are told. */
interface ToldState extends CircleFlowState {
  readonly density: Float64Array;
  /** W_2 to the point at an angle. */
  readonly toPoint: (angle: number) => number;
}

type Flow = Parameters<typeof circleFlow>[0] & { readonly sign: 1 | -1 };

async function ofModes(flow: Flow): Promise<ToldState[]> {
  const states = await circleFlow(flow);
  return states.map((state) => ({
    ...state,
    density: densityOnGrid(state, ANGLES),
    toPoint: (angle) => momentsToPoint(state, angle),
  }));
}

/** Points carry the mass: their density is never negative, and their moments are those of all orders. */
async function ofCharacteristics(flow: Flow & { readonly nodes: number | undefined }): Promise<ToldState[]> {
  const { modes = MOST_CLUSTERS } = flow;
  const states = await circleCharacteristics(flow);
  return states.map((points) => {
    const moments = momentsOfPoints(points, modes);
    const density = densityOfPoints(points, ANGLES);
    const cut = sizes(moments).slice(Math.floor(0.9 * modes));
    const lowest = density.reduce((a, b) => Math.min(a, b));
    return { ...moments, density, tail: Math.max(...cut), lowest, toPoint: (angle) => pointsToPoint(points, angle) };
  });
}

/** σ² ∓ 2t/β. Down to 0: there it is a point. */
function heatLimit(
  { dynamics, beta, start, noise }: EvolveOptions,
  times: readonly number[],
  sign: number,
): (number | null)[] {
  const [, sigma] = /^normal:[^:]*:([^:]*)$/.exec(start[0]) ?? [];
  const known = dynamics === "sa" && noise === undefined && start.length === 1 && sigma !== undefined && beta > 0;
  return times.map((t) => (known ? Math.max(0, Number(sigma) ** 2 - (2 * sign * t) / beta) : null));
}

function theoryGrowth(dynamics: "sa" | "usa", beta: number, kappa: number): (number | null)[] {
  return growthRates(2, beta, TOLD)[dynamics].map((rate, j) => (rate === null ? null : rate - (j + 1) ** 2 / kappa));
}

function sizes({ re, im }: CircleMoments): number[] {
  return re.map((value, j) => Math.hypot(value, im[j]));
}

function growthSince(before: CircleFlowState | undefined, state: CircleFlowState, dt: number): (number | null)[] {
  const [from, to] = [before ? sizes(before) : [], sizes(state)];
  return Array.from({ length: Math.min(TOLD, to.length) }, (_, j) =>
    from[j] > 0 && to[j] > 0 && dt > 0 ? Math.log(to[j] / from[j]) / dt : null,
  );
}

async function drawFigures(
  effects: Effects,
  folder: string,
  all: MeanField,
  angles: readonly Float64Array[],
): Promise<void> {
  const { theta, density, times } = all;
  const about = aboutOf(all);
  if (times.length <= MOST_PANELS) {
    const panels = times.map((time, t) => ({ time, density: density[t], angles: angles[t] ?? null }));
    await drawFigure(effects, folder, "densityByTime", densityByTime(panels, about));
  } else {
    const cells = times.flatMap((time, t) => theta.map((angle, g) => ({ time, theta: angle, density: density[t][g] })));
    await drawFigure(effects, folder, "densityHeatMap", densityHeatMap(cells, about));
  }
  const rows = momentRows(all, times);
  const seen = rows.some(({ size }) => size > 0);
  if (times.length < 3 || !seen) return;
  await drawFigure(
    effects,
    folder,
    "momentGrowth",
    momentGrowth(rows, `${about}${all.particles ? ", whose moments are drawn" : ""}`),
  );
}

/** Moments of the tokens where there are any, else of the density. */
function momentRows({ moments: { re, im }, particles, theory_growth }: MeanField, times: readonly number[]) {
  const size = (t: number, k: number) =>
    particles ? particles.moments[t][k - 1] : Math.hypot(re[t][k - 1] ?? 0, im[t][k - 1] ?? 0);
  const ks = Array.from({ length: TOLD }, (_, j) => j + 1);
  return times.flatMap((time, t) => ks.map((k) => ({ time, k, size: size(t, k), rate: theory_growth[k - 1] })));
}

function aboutOf({ dynamics, beta, kappa, particles }: MeanField): string {
  const noise = kappa === null ? "no noise" : `κ = ${kappa}`;
  return `${dynamics.toUpperCase()}, β = ${beta}, ${noise}${particles ? `; bars: ${particles.n} tokens` : ""}`;
}

function print(effects: Effects, result: MeanField): void {
  const number = (value: number | null | undefined) => cell(value, 5);
  const ks = result.orders.slice(0, 4);
  const limit = result.heat_limit.some((value) => value !== null);
  const rows = result.times.map((time, t) => [
    shortCell(time),
    ...ks.map((_, j) => number(result.sizes[t][j])),
    number(spreadOf(result.variance[t])),
    ...(limit ? [number(spreadOf(result.heat_limit[t]))] : []),
    number(result.lowest[t]),
    number(Math.max(...result.density[t])),
    ...(result.to_point ? [number(result.to_point.w2[t])] : []),
    ...(result.method === "modes" ? [number(result.tail[t])] : []),
    ...(result.particles ? [number(result.particles.w1[t])] : []),
  ]);
  const spreads = ["spread (rad)", ...(limit ? ["heat limit"] : [])];
  const last = [...(result.method === "modes" ? ["tail"] : []), ...(result.particles ? ["W1"] : [])];
  const head = [
    "time",
    ...ks.map((k) => `|μ_${k}|`),
    ...spreads,
    "lowest",
    "highest",
    ...(result.to_point ? ["W2 to point"] : []),
    ...last,
  ];
  for (const line of table(head, rows)) effects.print(line);
  const rates = result.theory_growth
    .slice(0, 4)
    .map((rate) => cell(rate, 5))
    .join(", ");
  effects.print(`linear theory: |μ_k| grows at ${rates} for k = 1 … ${Math.min(4, TOLD)} (${aboutOf(result)})`);
  const fall = result.to_point && rateLine(result.to_point, "θ =");
  if (fall) effects.print(fall);
  if (!result.particles) return;
  const moments = result.particles.moments[result.times.length - 1];
  const largest = moments.indexOf(Math.max(...moments));
  effects.print(`tokens at the end: largest moment |μ_${largest + 1}| = ${number(moments[largest])}`);
}

/** Standard deviation of the wrapped normal law with that variance. */
function spreadOf(variance: number | null): number | null {
  return variance === null ? null : Math.sqrt(Math.max(0, variance));
}

import type { z } from "zod";
import { type CircleFlowState, circleFlow } from "../../sim/mean-field/circle-flow.ts";
import { type CircleMoments, densityOnGrid, momentsOfAngles } from "../../sim/mean-field/circle-moments.ts";
import { particleDistances } from "../../sim/mean-field/particle-distances.ts";
import { growthRates } from "../../sim/theory/growth-rates.ts";
import type { CommonOptions, OutOptions } from "../command-line/common.ts";
import { writeFigure } from "../draw/render.ts";
import type { Effects } from "../effects/effects.ts";
import { table } from "../effects/table.ts";
import { densityByTime } from "../figures/densityByTime.ts";
import { densityHeatMap } from "../figures/densityHeatMap.ts";
import { momentGrowth } from "../figures/momentGrowth.ts";
import { MEAN_FIELD } from "../formats/theory-formats.ts";
import type { EvolveOptions } from "../options/densities.ts";
import { parseDensity } from "../options/parse-density.ts";
import { parseTimes } from "../options/parse-times.ts";
import { fillFolder, requireFree, runFolderName } from "../run/run-folder.ts";
import { writeFormat } from "../run/write-format.ts";
import { cell, shortCell } from "../words/number-cell.ts";
import { kappaOf } from "./kappa.ts";

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
  const { result, angles } = await evolve(effects, options);
  const unresolved = result.times.find((_, t) => result.tail[t] > RESOLVED);
  if (unresolved !== undefined)
    effects.say(`from t = ${unresolved} on ${options.modes} modes do not resolve the density: take more --modes`);
  if (target !== null) {
    await fillFolder(effects, target, force, async (folder) => {
      writeFormat(folder, MEAN_FIELD, result);
      await writeFigures(folder, result, angles);
    });
  }
  if (json) effects.print(JSON.stringify(result));
  else print(effects, result);
}

async function evolve(
  effects: Effects,
  options: EvolveOptions & CommonOptions,
): Promise<{ result: MeanField; angles: Float64Array[] }> {
  const { dynamics, beta, start, modes, particles, seed } = options;
  const [kappa, times] = [kappaOf(options), parseTimes(options.times)];
  const flow = { dynamics, beta, kappa, start: parseDensity(start, modes), modes, times };
  const progress = (fraction: number) => effects.progress.update(fraction, "following density and tokens");
  progress(0);
  const beside =
    particles === undefined
      ? null
      : await particleDistances({ ...flow, n: particles, copies: 1, firstSeed: seed, step: options.step, progress });
  const states = beside?.states ?? (await circleFlow(flow));
  effects.progress.stop();
  const result: MeanField = {
    format: MEAN_FIELD.name,
    version: 1,
    ...{ dynamics, beta, kappa: Number.isFinite(kappa) ? kappa : null, start, modes, times },
    theta: Array.from({ length: ANGLES }, (_, g) => (2 * Math.PI * g) / ANGLES),
    density: states.map((state) => Array.from(densityOnGrid(state, ANGLES))),
    moments: { re: states.map(({ re }) => re), im: states.map(({ im }) => im) },
    theory_growth: theoryGrowth(dynamics, beta, kappa),
    growth: states.map((state, t) => growthSince(states[t - 1], state, times[t] - times[t - 1])),
    tail: states.map(({ tail }) => tail),
    lowest: states.map(({ lowest }) => lowest),
    particles: beside && {
      ...{ n: beside.n, seed, w1: beside.w1 },
      moments: beside.angles.map((angles) => sizes(momentsOfAngles(angles, MOST_CLUSTERS))),
    },
  };
  return { result, angles: beside ? [...beside.angles] : [] };
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

/** Up to the last time that is resolved: beyond, a picture would show the modes that are missing. */
async function writeFigures(folder: string, all: MeanField, angles: readonly Float64Array[]): Promise<void> {
  const resolved = all.tail.findIndex((tail) => tail > RESOLVED);
  const times = resolved < 0 ? all.times : all.times.slice(0, Math.max(1, resolved));
  const { theta, density } = all;
  const about = aboutOf(all);
  if (times.length <= MOST_PANELS) {
    const panels = times.map((time, t) => ({ time, density: density[t], angles: angles[t] ?? null }));
    await writeFigure(folder, "densityByTime", densityByTime(panels, about));
  } else {
    const cells = times.flatMap((time, t) => theta.map((angle, g) => ({ time, theta: angle, density: density[t][g] })));
    await writeFigure(folder, "densityHeatMap", densityHeatMap(cells, about));
  }
  const rows = momentRows(all, times);
  const seen = rows.some(({ size }) => size > 0);
  if (times.length < 3 || !seen) return;
  await writeFigure(
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
  const { re, im } = result.moments;
  const ks = [1, 2, 3, 4].filter((k) => k <= result.modes);
  const rows = result.times.map((time, t) => [
    shortCell(time),
    ...ks.map((k) => cell(Math.hypot(re[t][k - 1], im[t][k - 1]), 5)),
    cell(result.lowest[t], 5),
    cell(Math.max(...result.density[t]), 5),
    cell(result.tail[t], 5),
    ...(result.particles ? [cell(result.particles.w1[t], 5)] : []),
  ]);
  const head = ["time", ...ks.map((k) => `|μ_${k}|`), "lowest", "highest", "tail", ...(result.particles ? ["W1"] : [])];
  for (const line of table(head, rows)) effects.print(line);
  const rates = result.theory_growth
    .slice(0, 4)
    .map((rate) => cell(rate, 5))
    .join(", ");
  effects.print(`linear theory: |μ_k| grows at ${rates} for k = 1 … ${Math.min(4, TOLD)} (${aboutOf(result)})`);
  if (!result.particles) return;
  const last = result.particles.moments[result.times.length - 1];
  const largest = last.indexOf(Math.max(...last));
  effects.print(`tokens at the end: largest moment |μ_${largest + 1}| = ${cell(last[largest], 5)}`);
}

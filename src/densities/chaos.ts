import type { z } from "zod";
import { TokensphereError } from "../../models/errors.ts";
import { leastSquaresSlope } from "../../probes/numerics/least-squares-slope.ts";
import {
  largestOf,
  type ParticleDistances,
  particleDistances,
  standardError,
} from "../../sim/mean-field/particle-distances.ts";
import { zonalDistances } from "../../sim/mean-field/zonal-chaos.ts";
import type { CommonOptions, OutOptions } from "../command-line/common.ts";
import { drawFigure } from "../draw/draw-figure.ts";
import type { Effects } from "../effects/effects.ts";
import { table } from "../effects/table.ts";
import { chaosByN } from "../figures/theory/chaosByN.ts";
import { CHAOS } from "../formats/theory-formats.ts";
import type { ChaosOptions } from "../options/densities.ts";
import { parseDensity, parseZonalDensity } from "../options/parse-density.ts";
import { parseTimes } from "../options/parse-times.ts";
import { fillFolder, requireFree, runFolderName } from "../run/run-folder.ts";
import { writeFormat } from "../run/write-format.ts";
import { fixedDigits } from "../words/format-number.ts";
import { cell } from "../words/number-cell.ts";
import { kappaOf } from "./kappa.ts";

/** What `mean-field chaos --json` prints. */
type Chaos = z.infer<typeof CHAOS.schema>;

/** W1 between n tokens and the density that they follow, as n grows. */
export async function chaosCommand(
  effects: Effects,
  options: ChaosOptions & CommonOptions & OutOptions,
): Promise<void> {
  const { out, force = false, json = false } = options;
  const sizes = parseTimes(options.sizes, "--sizes");
  const wrong = sizes.find((n) => !Number.isInteger(n) || n < 1);
  if (wrong !== undefined) throw new TokensphereError("usage", `--sizes: ${wrong}. give whole numbers from 1 on`);
  if (!(options.time > 0)) throw new TokensphereError("usage", `--time: ${options.time}. give a number above 0`);
  const target = out === undefined ? null : runFolderName(effects, out, "chaos");
  if (target !== null) requireFree(target, force);
  const result = await measure(effects, options, sizes);
  if (target !== null) {
    await fillFolder(effects, target, force, async (folder) => {
      writeFormat(folder, CHAOS, result);
      if (sizes.length > 1) await drawFigure(effects, folder, "chaosByN", chaosByN(result.rows, aboutOf(result)));
    });
  }
  if (json) effects.print(JSON.stringify(result));
  else print(effects, result);
  if (out !== undefined && !json) effects.print(out);
}

async function measure(
  effects: Effects,
  options: ChaosOptions & CommonOptions,
  sizes: readonly number[],
): Promise<Chaos> {
  const { dynamics, d, beta, time, copies, seed, looks } = options;
  const kappa = kappaOf(options);
  const times = Array.from({ length: looks + 1 }, (_, look) => (look * time) / looks);
  const distances = d === 2 ? onCircle(options, kappa, times) : onSphere(options, kappa, times);
  const work = sizes.reduce((a, b) => a + b);
  let done = 0;
  const rows: Chaos["rows"][number][] = [];
  let tail = 0;
  for (const n of sizes) {
    const progress = (fraction: number) => effects.progress.update((done + fraction * n) / work, `moving ${n} tokens`);
    const { w1, w1Error, largest, largestError, tail: cut } = await distances(n, progress);
    const highest = looks > 1 ? { largest, largest_error: largestError } : {};
    rows.push({ n, start: w1[0], w1: w1[looks], error: w1Error[looks], ...highest });
    tail = Math.max(tail, cut);
    done += n;
  }
  effects.progress.stop();
  return {
    format: CHAOS.name,
    version: 1,
    ...(d > 2 ? { d } : {}),
    ...(looks > 1 ? { looks } : {}),
    ...{ dynamics, beta, kappa: Number.isFinite(kappa) ? kappa : null, start: options.start, time, copies, seed },
    rows,
    slope: leastSquaresSlope(
      rows.map((row) => Math.log(row.n)),
      rows.map((row) => Math.log(row.w1)),
    ),
    tail,
  };
}

type Measure = (
  n: number,
  progress: (fraction: number) => void,
) => Promise<Pick<ParticleDistances, "w1" | "w1Error" | "largest" | "largestError"> & { readonly tail: number }>;

function onCircle(options: ChaosOptions & CommonOptions, kappa: number, times: readonly number[]): Measure {
  const { dynamics, beta, modes, copies, seed, step } = options;
  const start = parseDensity(options.start, modes);
  return async (n, progress) => {
    const task = { dynamics, beta, kappa, start, modes, times, n, copies, firstSeed: seed, step, progress };
    const { states, ...found } = await particleDistances(task);
    return { ...found, tail: states[states.length - 1].tail };
  };
}

function onSphere(options: ChaosOptions & CommonOptions, kappa: number, times: readonly number[]): Measure {
  const { dynamics, d, beta, modes, copies, seed, step } = options;
  const start = parseZonalDensity(options.start, d, modes);
  return async (n, progress) => {
    const task = { dynamics, d, beta, kappa, start, modes, times, n, copies, firstSeed: seed, step, progress };
    const { states, w1 } = await zonalDistances(task);
    const means = w1.map((values) => values.reduce((a, b) => a + b) / copies);
    const errors = w1.map((values, t) => standardError(values, means[t]));
    return { w1: means, w1Error: errors, ...largestOf(w1), tail: states[states.length - 1].tail };
  };
}

function aboutOf({ dynamics, beta, kappa, time, copies, slope }: Chaos): string {
  const noise = kappa === null ? "no noise" : `κ = ${kappa}`;
  const fit = slope === null ? "" : `; slope ${fixedDigits(slope, 3)}`;
  return `${dynamics.toUpperCase()}, β = ${beta}, ${noise}, t = ${time}, ${copies} draws${fit}`;
}

function print(effects: Effects, result: Chaos): void {
  const looks = result.looks !== undefined;
  const rows = result.rows.map(({ n, start, w1, error, largest, largest_error }) => [
    String(n),
    cell(start, 4),
    cell(w1, 4),
    cell(error, 4),
    cell(w1 * Math.sqrt(n), 4),
    ...(looks ? [cell(largest, 4), cell(largest_error, 4)] : []),
  ]);
  for (const line of table(["n", "W1 at start", "W1", "± se", "W1 √n", ...(looks ? ["largest W1", "± se"] : [])], rows))
    effects.print(line);
  effects.print(aboutOf(result));
}

import type { z } from "zod";
import { TokensphereError } from "../../models/errors.ts";
import { mean } from "../../probes/numerics/mean.ts";
import { particleDistances } from "../../sim/mean-field/particle-distances.ts";
import type { CommonOptions, OutOptions } from "../command-line/common.ts";
import { writeFigure } from "../draw/render.ts";
import type { Effects } from "../effects/effects.ts";
import { table } from "../effects/table.ts";
import { chaosByN } from "../figures/chaosByN.ts";
import { CHAOS } from "../formats/theory-formats.ts";
import type { ChaosOptions } from "../options/densities.ts";
import { parseDensity } from "../options/parse-density.ts";
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
  if (options.d !== 2) throw new TokensphereError("usage", `--d: ${options.d}. chaos is measured on the circle: use 2`);
  const target = out === undefined ? null : runFolderName(effects, out, "chaos");
  if (target !== null) requireFree(target, force);
  const result = await measure(effects, options, sizes);
  if (target !== null) {
    await fillFolder(effects, target, force, async (folder) => {
      writeFormat(folder, CHAOS, result);
      if (sizes.length > 1) await writeFigure(folder, "chaosByN", chaosByN(result.rows, aboutOf(result)));
    });
  }
  if (json) effects.print(JSON.stringify(result));
  else print(effects, result);
}

async function measure(
  effects: Effects,
  options: ChaosOptions & CommonOptions,
  sizes: readonly number[],
): Promise<Chaos> {
  const { dynamics, beta, modes, time, copies, seed, step } = options;
  const kappa = kappaOf(options);
  const [start, times] = [parseDensity(options.start, modes), [0, time]];
  const work = sizes.reduce((a, b) => a + b);
  let done = 0;
  const rows = [];
  let tail = 0;
  for (const n of sizes) {
    const progress = (fraction: number) => effects.progress.update((done + fraction * n) / work, `moving ${n} tokens`);
    const task = { dynamics, beta, kappa, start, modes, times, n, copies, firstSeed: seed, step, progress };
    const { w1, w1Error, states } = await particleDistances(task);
    rows.push({ n, start: w1[0], w1: w1[1], error: w1Error[1] });
    tail = Math.max(tail, states[1].tail);
    done += n;
  }
  effects.progress.stop();
  return {
    format: CHAOS.name,
    version: 1,
    ...{ dynamics, beta, kappa: Number.isFinite(kappa) ? kappa : null, start: options.start, time, copies, seed },
    rows,
    slope: slopeOf(rows),
    tail,
  };
}

/** Least squares in logarithms. */
function slopeOf(rows: readonly { readonly n: number; readonly w1: number }[]): number | null {
  const [x, y] = [rows.map(({ n }) => Math.log(n)), rows.map(({ w1 }) => Math.log(w1))];
  const [mx, my] = [mean(x), mean(y)];
  const square = x.reduce((sum, value) => sum + (value - mx) ** 2, 0);
  return square > 0 ? x.reduce((sum, value, i) => sum + (value - mx) * (y[i] - my), 0) / square : null;
}

function aboutOf({ dynamics, beta, kappa, time, copies, slope }: Chaos): string {
  const noise = kappa === null ? "no noise" : `κ = ${kappa}`;
  const fit = slope === null ? "" : `; slope ${fixedDigits(slope, 3)}`;
  return `${dynamics.toUpperCase()}, β = ${beta}, ${noise}, t = ${time}, ${copies} draws${fit}`;
}

function print(effects: Effects, result: Chaos): void {
  const rows = result.rows.map(({ n, start, w1, error }) => [
    String(n),
    cell(start, 4),
    cell(w1, 4),
    cell(error, 4),
    cell(w1 * Math.sqrt(n), 4),
  ]);
  for (const line of table(["n", "W1 at start", "W1", "± se", "W1 √n"], rows)) effects.print(line);
  effects.print(aboutOf(result));
}

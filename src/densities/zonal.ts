import type { z } from "zod";
import { zonalToPoint } from "../../sim/mean-field/distance-to-point.ts";
import { type ZonalState, zonalDensity, zonalFlow } from "../../sim/mean-field/zonal-flow.ts";
import { zonalRule } from "../../sim/mean-field/zonal-rule.ts";
import { growthRates } from "../../sim/theory/growth-rates.ts";
import type { CommonOptions, OutOptions } from "../command-line/common.ts";
import type { Effects } from "../effects/effects.ts";
import { table } from "../effects/table.ts";
import { ZONAL_MEAN_FIELD } from "../formats/theory-formats.ts";
import type { EvolveOptions } from "../options/densities.ts";
import { parseZonalDensity } from "../options/parse-density.ts";
import { parseTimes } from "../options/parse-times.ts";
import { fillFolder, requireFree, runFolderName } from "../run/run-folder.ts";
import { writeFormat } from "../run/write-format.ts";
import { cell, shortCell } from "../words/number-cell.ts";
import { rateLine, toPoint } from "./distance-to-point.ts";
import { kappaOf } from "./kappa.ts";
import { signOf, timeScale } from "./time-scale.ts";

/** What `mean-field --d D --json` prints for D > 2. */
type ZonalMeanField = z.infer<typeof ZONAL_MEAN_FIELD.schema>;

/** Above this the cut moments matter. */
const RESOLVED = 1e-3;
/** Points on which the density is told. */
const POINTS = 128;

/** The continuity equation for densities about an axis on S^{d−1}, with noise or without. */
export async function zonalCommand(
  effects: Effects,
  options: EvolveOptions & CommonOptions & OutOptions,
): Promise<void> {
  const { out, force = false, json = false, d, modes, dynamics, beta } = options;
  const target = out === undefined ? null : runFolderName(effects, out, "mean-field");
  if (target !== null) requireFree(target, force);
  const [kappa, times] = [kappaOf(options), parseTimes(options.times)];
  const sign = signOf(options);
  const start = parseZonalDensity(options.start, d, modes);
  const states = await zonalFlow({
    ...{ dynamics, d, beta, sign, kappa, start, modes },
    times: times.map(timeScale(options)),
  });
  const result = toJson(options, states, times, kappa);
  if (result.times.length < times.length) effects.say(result.outcome);
  if (target !== null)
    await fillFolder(effects, target, force, async (folder) => writeFormat(folder, ZONAL_MEAN_FIELD, result));
  if (json) effects.print(JSON.stringify(result));
  else print(effects, result);
  if (out !== undefined && !json) effects.print(out);
}

function toJson(
  options: EvolveOptions,
  all: readonly ZonalState[],
  times: readonly number[],
  kappa: number,
): ZonalMeanField {
  const { d, beta, dynamics, modes, kmax, every, start } = options;
  const bad = all.findIndex(({ tail, lowest }) => tail > RESOLVED || lowest < -RESOLVED);
  const states = bad < 0 ? all : all.slice(0, Math.max(1, bad));
  const sign = signOf(options);
  const orders = Array.from({ length: kmax }, (_, j) => (j + 1) * every).filter((k) => k <= modes);
  const rule = zonalRule(d, POINTS);
  const rates = growthRates(d, beta, kmax)[dynamics];
  const order = states[states.length - 1].moments[0];
  const side = order < 0 ? -1 : 1;
  const w2 = states.map(({ moments }) => zonalToPoint(moments, d, side));
  const reached = times.slice(0, states.length);
  const free = kappa === Number.POSITIVE_INFINITY && sign === 1;
  return {
    format: ZONAL_MEAN_FIELD.name,
    version: 1,
    ...{ dynamics, d, beta, sign, kappa: Number.isFinite(kappa) ? kappa : null, start, modes },
    times: reached,
    outcome:
      bad < 0
        ? "reached the end"
        : `stopped before t = ${times[bad]}: ${modes} modes do not resolve the density there. take more --modes`,
    moments: states.map(({ moments }) => orders.map((k) => moments[k - 1])),
    t: Array.from(rule.t),
    density: states.map(({ moments }) => Array.from(zonalDensity(moments, rule))),
    theory_growth: rates.map((rate, j) => (rate === null ? null : sign * rate - ((j + 1) * (j + d - 1)) / kappa)),
    tail: states.map(({ tail }) => tail),
    lowest: states.map(({ lowest }) => lowest),
    to_point: toPoint(side, Math.abs(order), reached, w2, free, timeScale(options)(1)),
  };
}

function print(effects: Effects, result: ZonalMeanField): void {
  const number = (value: number | null) => cell(value, 5);
  const ks = result.moments[0].slice(0, 4).map((_, j) => j + 1);
  const rows = result.times.map((time, t) => [
    shortCell(time),
    ...ks.map((k) => number(result.moments[t][k - 1])),
    number(result.lowest[t]),
    number(result.density[t].reduce((a, b) => Math.max(a, b))),
    ...(result.to_point ? [number(result.to_point.w2[t])] : []),
    number(result.tail[t]),
  ]);
  const w2 = result.to_point ? ["W2 to point"] : [];
  for (const line of table(["time", ...ks.map((k) => `m_${k}`), "lowest", "highest", ...w2, "tail"], rows))
    effects.print(line);
  const rates = result.theory_growth.slice(0, 4).map(number).join(", ");
  const { dynamics, beta, d, kappa } = result;
  const noise = kappa === null ? "no noise" : `κ = ${kappa}`;
  effects.print(`linear theory: m_k grows at ${rates} (${dynamics.toUpperCase()}, β = ${beta}, d = ${d}, ${noise})`);
  const fall = result.to_point && rateLine(result.to_point, "⟨x, e⟩ =");
  if (fall) effects.print(fall);
}

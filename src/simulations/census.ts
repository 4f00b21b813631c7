import type { z } from "zod";
import { checkRange, checkWhole } from "../../sim/clouds/check-number.ts";
import { clusterCensus, MERGING_TOKENS } from "../../sim/sweep/cluster-census.ts";
import { expectedModes } from "../../sim/theory/expected-modes.ts";
import { fastestMode } from "../../sim/theory/growth-rates.ts";
import type { CommonOptions, OutOptions } from "../command-line/common.ts";
import type { Given } from "../command-line/options-of.ts";
import { drawFigure } from "../draw/draw-figure.ts";
import type { Effects } from "../effects/effects.ts";
import { table } from "../effects/table.ts";
import type { FigureSpec } from "../figures/parts/spec.ts";
import { clustersByBeta, type ExpectedRow } from "../figures/theory/clustersByBeta.ts";
import { CENSUS } from "../formats/census-format.ts";
import { parseTimes } from "../options/parse-times.ts";
import type { SweepOptions } from "../options/sweep.ts";
import { fillFolder, requireFree, runFolderName } from "../run/run-folder.ts";
import { writeFormat } from "../run/write-format.ts";
import { shortCell } from "../words/number-cell.ts";
import { askedDynamics } from "./asked-dynamics.ts";
import { censusStatistics } from "./census-statistics.ts";

type Census = z.infer<typeof CENSUS.schema>;
type CensusCommandOptions = Given<SweepOptions, "clusters"> & CommonOptions & OutOptions;

/** As a sweep's. */
const TOLERANCE = 5e-6;

/** Clusters of many starts at each β, beside what theory expects of their number. */
export async function censusCommand(effects: Effects, options: CensusCommandOptions): Promise<void> {
  const { n, d, seeds, seed, clusters: thresholds, out, force = false, json = false } = options;
  const { dynamics, params, record } = await askedDynamics(effects, options);
  const [betas, times] = [parseTimes(options.betas, "--betas"), parseTimes(options.times)];
  checkWhole("n", n, 2);
  for (const level of thresholds) checkRange("clusters", level, -1 + Number.EPSILON, 1 - Number.EPSILON);
  const target = out === undefined ? null : runFolderName(effects, out, "clusters");
  if (target !== null) requireFree(target, force);
  if (n > MERGING_TOKENS) effects.say(`merges are not looked for above ${MERGING_TOKENS} tokens: numbers alone`);
  const rows: Census["rows"][number][] = [];
  const { rtol = TOLERANCE, engine } = options;
  for (const beta of betas) {
    const { starts, failures } = await clusterCensus(
      { dynamics, params, n, d, times, beta, seeds, firstSeed: seed, thresholds, engine, rtol, atol: rtol },
      (fraction) => effects.progress.update((rows.length + fraction) / betas.length, `counting clusters, beta ${beta}`),
    );
    const kmax = d > 1 ? fastestMode(d, beta) : 1;
    rows.push({
      ...{ beta, kmax },
      sqrt_beta: beta >= 0 ? Math.sqrt(beta) : null,
      sqrt_beta_log_beta: beta > 0 ? expectedModes(beta) : null,
      starts: starts[0].length,
      failures: countBy(failures),
      thresholds: thresholds.map((level, h) => censusStatistics(level, starts[h], times, kmax)),
    });
  }
  effects.progress.stop();
  const size = { n, d, seeds, seed, times };
  const result: Census = { format: CENSUS.name, version: 1, dynamics: dynamics.name, ...record, ...size, rows };
  if (target !== null)
    await fillFolder(effects, target, force, async (folder) => {
      writeFormat(folder, CENSUS, result);
      if (rows.length > 1) await drawFigure(effects, folder, "clustersByBeta", figureOf(result));
    });
  if (json) effects.print(JSON.stringify(result));
  else print(effects, result);
}

/** At the last time, beside what theory expects. */
function figureOf({ rows, times, dynamics, n, d, seeds }: Census): FigureSpec {
  const last = times.length - 1;
  const counted = rows.flatMap(({ beta, thresholds }) =>
    thresholds.map(({ threshold, clusters }) => ({ beta, threshold, ...clusters[last] })),
  );
  const expected = rows.flatMap(({ beta, kmax, sqrt_beta, sqrt_beta_log_beta }): ExpectedRow[] => [
    { beta, law: "k_max", value: kmax },
    ...(sqrt_beta === null ? [] : [{ beta, law: "√β", value: sqrt_beta } as const]),
    ...(sqrt_beta_log_beta === null ? [] : [{ beta, law: "√(β log β)", value: sqrt_beta_log_beta } as const]),
  ]);
  const about = `${dynamics}, n = ${n}, d = ${d}, ${seeds} starts, time ${shortCell(times[last])}`;
  return clustersByBeta(counted, expected, about);
}

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

type Estimate = { readonly value: number | null; readonly low: number | null; readonly high: number | null };

/** A line a β and threshold: what there is at the last time. */
function print(effects: Effects, { rows, times, dynamics, n, d, seeds }: Census): void {
  const told = ({ value, low, high }: Estimate) =>
    value === null ? "–" : `${shortCell(value, 3)} (${shortCell(low, 3)} to ${shortCell(high, 3)})`;
  const lines = rows.flatMap(({ beta, kmax, sqrt_beta, sqrt_beta_log_beta, thresholds }) =>
    thresholds.map(({ threshold, one, clusters, kmax_clusters, kmax_equal, first_merge, last_merge }) => [
      shortCell(beta, 4),
      shortCell(threshold, 6),
      told(one[times.length - 1]),
      told(clusters[times.length - 1]),
      String(kmax),
      shortCell(sqrt_beta, 3),
      shortCell(sqrt_beta_log_beta, 3),
      shortCell(kmax_clusters[times.length - 1].value, 3),
      shortCell(kmax_equal[times.length - 1].value, 3),
      told(first_merge),
      told(last_merge),
    ]),
  );
  const head = ["beta", "linked from", "P(one)", "clusters", "k_max", "√β", "√(β log β)", "P(k_max)", "equal"];
  for (const line of table([...head, "first merge", "all one"], lines)) effects.print(line);
  const last = shortCell(times[times.length - 1]);
  effects.print(`at time ${last}; intervals of 95 % (${dynamics}, n ${n}, d ${d}, ${seeds} starts)`);
  const failed = rows.reduce((sum, row) => sum + seeds - row.starts, 0);
  if (failed > 0) effects.print(`${failed} starts did not reach the end and count nowhere`);
}

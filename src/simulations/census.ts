import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import type { z } from "zod";
import { type ClusterCensus, MERGING_TOKENS } from "../../sim/sweep/cluster-census.ts";
import { type ClusterSweepOptions, checkClusterSweep, sweepClusters } from "../../sim/sweep/sweep-clusters.ts";
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
import { writeFormat } from "../run/write-format.ts";
import { shortCell } from "../words/number-cell.ts";
import { sweepHelpers } from "../workers/sweep-helpers.ts";
import { askedDynamics } from "./asked-dynamics.ts";
import { censusStatistics } from "./census-statistics.ts";
import { claimSweepFolder, keptRows, type SweepFiles, sweepProgress } from "./kept-rows.ts";

type Census = z.infer<typeof CENSUS.schema>;
type CensusCommandOptions = Given<SweepOptions, "clusters"> & CommonOptions & OutOptions;

/** As a sweep's. */
const TOLERANCE = 5e-6;

const FIGURE = "clustersByBeta";

/**
 * Clusters of many starts at each β, beside what theory expects of their number. With `--out` every finished β is kept in the folder, so that
 * the same command line goes on where an earlier one was interrupted.
 */
export async function censusCommand(effects: Effects, options: CensusCommandOptions): Promise<void> {
  const { n, d, seeds, seed, clusters: thresholds, rtol = TOLERANCE, engine } = options;
  const { dynamics, params, record, files } = await askedDynamics(effects, options);
  const [betas, times] = [parseTimes(options.betas, "--betas"), parseTimes(options.times)];
  const task = { dynamics, params, n, d, times, betas, seeds, firstSeed: seed, thresholds, engine, rtol };
  checkClusterSweep(task);
  const size = { n, d, seeds, seed, times };
  const settings = { dynamics: dynamics.name, params, ...record, ...size, betas, clusters: thresholds, rtol };
  const folder = options.out === undefined ? null : resolve(effects.cwd, options.out);
  const release = folder === null ? () => {} : claimSweepFolder(effects, folder);
  try {
    if (n > MERGING_TOKENS) effects.say(`merges are not looked for above ${MERGING_TOKENS} tokens: numbers alone`);
    const result = await censusInto(effects, folder, { options, task, settings, files });
    if (options.json) effects.print(JSON.stringify(result));
    else print(effects, result);
    if (options.out !== undefined && !options.json) effects.print(options.out);
  } finally {
    release();
  }
}

/** A census that was checked, and what the command line says of it. */
interface CheckedCensus {
  readonly options: CensusCommandOptions;
  readonly task: ClusterSweepOptions;
  readonly settings: Omit<Census, "format" | "version" | "rows">;
  /** Plugins. */
  readonly files: readonly string[];
}

/** Goes on where the folder's census was interrupted, keeps every row there, and draws it in the end. */
async function censusInto(
  effects: Effects,
  folder: string | null,
  { options, task, settings, files }: CheckedCensus,
): Promise<Census> {
  const { betas, times, thresholds, d } = task;
  const { workers = availableParallelism(), force = false } = options;
  const done = folder === null ? [] : keptRows<CensusRow>(folder, filesOf(betas), settings, force);
  if (done.length > 0) effects.say(`going on after ${done.length} of ${betas.length} values of beta`);
  const rows = [...done];
  const result = (): Census => ({ format: CENSUS.name, version: 1, ...settings, rows });
  const keep = () => void (folder !== null && writeFormat(folder, CENSUS, result()));
  keep();
  const had = done.length / betas.length;
  const progress = sweepProgress(effects, had, "counting clusters");
  const row = (beta: number, { starts, failures }: ClusterCensus) => {
    const kmax = d > 1 ? fastestMode(d, beta) : 1;
    rows.push({
      ...{ beta, kmax },
      sqrt_beta: beta >= 0 ? Math.sqrt(beta) : null,
      sqrt_beta_log_beta: beta > 0 ? expectedModes(beta) : null,
      starts: starts[0].length,
      failures: countBy(failures),
      thresholds: thresholds.map((level, h) => censusStatistics(level, starts[h], times, kmax)),
    });
    keep();
  };
  const observer = { row, progress: (fraction: number) => progress(had + fraction * (1 - had)) };
  const open = { ...task, betas: betas.slice(done.length) };
  await sweepClusters(open, observer, sweepHelpers(workers, { plugins: files }));
  effects.progress.stop();
  if (folder !== null && hasFigure(betas)) await drawFigure(effects, folder, FIGURE, figureOf(result()));
  return result();
}

type CensusRow = Census["rows"][number];

/** A curve has two points. */
function hasFigure(betas: readonly unknown[]): boolean {
  return betas.length > 1;
}

function filesOf(betas: readonly unknown[]): SweepFiles {
  return {
    format: CENSUS,
    files: [CENSUS.file, ...["png", "svg", "vl.json"].map((kind) => `${FIGURE}.${kind}`)],
    isWhole: (names, rows) => rows === betas.length && (names.includes(`${FIGURE}.svg`) || !hasFigure(betas)),
  };
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

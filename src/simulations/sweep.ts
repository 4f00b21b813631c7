import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import type { z } from "zod";
import { TokensphereError } from "../../models/errors.ts";
import { type Bounds, checkSweep, type SweepRow, sweep, sweepPrecision } from "../../sim/sweep/sweep.ts";
import { addFailures } from "../../sim/sweep/sweep-sums.ts";
import { clusteringTime } from "../../sim/theory/clustering-time.ts";
import type { CommonOptions, OutOptions } from "../command-line/common.ts";
import { drawFigure } from "../draw/draw-figure.ts";
import type { Effects } from "../effects/effects.ts";
import { table } from "../effects/table.ts";
import type { FigureSpec } from "../figures/parts/spec.ts";
import { phaseDiagram } from "../figures/theory/phaseDiagram.ts";
import { SWEEP } from "../formats/theory-formats.ts";
import type { ParquetOptions } from "../options/parquet.ts";
import { parseTimes } from "../options/parse-times.ts";
import type { SweepOptions } from "../options/sweep.ts";
import { csvTable, number, optional } from "../run/rows/csv-table.ts";
import { parquetFile } from "../run/rows/run-files.ts";
import { writeFormat } from "../run/write-format.ts";
import { writeWhole } from "../run/write-whole.ts";
import { shortCell } from "../words/number-cell.ts";
import { sweepHelpers } from "../workers/sweep-helpers.ts";
import { askedDynamics } from "./asked-dynamics.ts";
import { claimSweepFolder, keptRows, type Settings, type SweepFiles, sweepProgress } from "./kept-rows.ts";

type SweepCommandOptions = SweepOptions & CommonOptions & OutOptions & ParquetOptions;

/** Where the theory's clustering time ends. */
const MOST_BETA = 300;

/** What is told of a sweep: its settings and, a row a β, lists along times. */
type SweepJson = z.infer<typeof SWEEP.schema>;

const FIGURE = "phaseDiagram";

/** In long form, a line a β and time. Where not all starts came so far, probability and mean cosine are empty; between what they lie stands behind them. */
const TABLE = csvTable<SweepLine>("sweep.csv", {
  beta: number,
  time: number,
  probability: optional,
  mean_cosine: optional,
  probability_low: optional,
  probability_high: optional,
  mean_cosine_low: optional,
  mean_cosine_high: optional,
});

interface SweepLine {
  readonly beta: number;
  readonly time: number;
  readonly probability: number | null;
  readonly mean_cosine: number | null;
  readonly probability_low: number | null;
  readonly probability_high: number | null;
  readonly mean_cosine_low: number | null;
  readonly mean_cosine_high: number | null;
}

const TABLE_FILE = "sweep.csv";

/**
 * A phase diagram. With `--out` every finished β is kept in the folder, so that the same command line goes on where an
 * earlier one was interrupted; the table is written when all are done.
 */
export async function sweepCommand(effects: Effects, options: SweepCommandOptions): Promise<void> {
  const { n, d, seeds, seed, threshold, rtol, engine } = options;
  const asked = await askedDynamics(effects, options);
  const { params, record, files } = asked;
  const dynamics = asked.dynamics.name;
  const [betas, times] = [parseTimes(options.betas, "--betas"), parseTimes(options.times)];
  const size = { dynamics: asked.dynamics, params, n, d, betas, times, seeds, firstSeed: seed, threshold };
  const task = { ...size, rtol, atol: rtol, engine, precision: options.precision };
  checkSweep(task);
  const precision = sweepPrecision(task);
  const own = { dynamics, params, ...record };
  const settings = { ...own, n, d, seeds, seed, threshold, rtol: rtol ?? null, precision, betas, times };
  const folder = options.out === undefined ? null : resolve(effects.cwd, options.out);
  const release = folder === null ? () => {} : claimSweepFolder(effects, folder);
  try {
    const rows = await sweepInto(effects, folder, { options: { ...options, dynamics }, task, settings, files });
    if (options.json) effects.print(JSON.stringify(toJson(settings, rows)));
    else print(effects, times, rows);
    if (options.out !== undefined && !options.json) effects.print(options.out);
    const failed = rows.reduce((sum, row) => sum + row.failed, 0);
    if (failed > 0)
      throw new TokensphereError("input", `${failed} starts did not reach the end${reasons(rows)}. ${UNFINISHED}`);
  } finally {
    release();
  }
}

const UNFINISHED = "what is known of them are bounds: ask for shorter times, or raise --rtol";

/** A sweep that was checked, and what the command line says of it. */
interface CheckedSweep {
  readonly options: SweepCommandOptions;
  readonly task: Parameters<typeof sweep>[0];
  readonly settings: Settings;
  /** Plugins. */
  readonly files: readonly string[];
}

/** Goes on where the folder's sweep was interrupted, keeps every row there, and writes table and figure in the end. */
async function sweepInto(
  effects: Effects,
  folder: string | null,
  { options, task, settings, files }: CheckedSweep,
): Promise<SweepRow[]> {
  const { betas, times } = task;
  const { dynamics, workers = availableParallelism() } = options;
  const kept = folder === null ? [] : keptRows<ToldRow>(folder, filesOf(task), settings, options.force ?? false);
  const done = rowsOf(kept);
  if (done.length > 0) effects.say(`going on after ${done.length} of ${betas.length} values of beta`);
  const keep = (sofar: readonly SweepRow[]) => {
    if (folder !== null) writeFormat(folder, SWEEP, toJson(settings, sofar));
  };
  keep(done);
  const progress = sweepProgress(effects, done.length / betas.length, `sweeping ${dynamics}`);
  const observer = { row: (_row: SweepRow, sofar: readonly SweepRow[]) => keep(sofar), progress };
  const rows = await sweep({ ...task, done }, observer, sweepHelpers(workers, { plugins: files }));
  effects.progress.stop();
  if (folder !== null) await writeResult(effects, folder, options, times, rows);
  return rows;
}

async function writeResult(
  effects: Effects,
  folder: string,
  options: SweepCommandOptions,
  times: readonly number[],
  rows: readonly SweepRow[],
): Promise<void> {
  writeWhole(join(folder, TABLE_FILE), TABLE.toCsv(linesOf(times, rows)));
  if (options.parquet) (await import("../parquet/write-parquet.ts")).csvToParquet(join(folder, TABLE_FILE), TABLE);
  if (hasFigure(rows, times)) await drawFigure(effects, folder, FIGURE, figureOf(options, times, rows));
}

/** A map has two sides. */
function hasFigure(betas: readonly unknown[], times: readonly unknown[]): boolean {
  return betas.length > 1 && times.length > 1;
}

/** The table is written when all rows are there, and then the picture. */
function filesOf({ betas, times }: CheckedSweep["task"]): SweepFiles {
  const pictures = ["png", "svg", "vl.json"].map((kind) => `${FIGURE}.${kind}`);
  return {
    format: SWEEP,
    files: [SWEEP.file, TABLE_FILE, parquetFile(TABLE_FILE), ...pictures],
    isWhole: (names) => names.includes(TABLE_FILE) && (names.includes(`${FIGURE}.svg`) || !hasFigure(betas, times)),
  };
}

type ToldRow = SweepJson["rows"][number];

function rowsOf(rows: readonly ToldRow[]): SweepRow[] {
  // Before there were bounds, means were of the starts that came so far.
  const old = rows.findIndex(({ failed, probability_bounds }) => failed > 0 && !probability_bounds);
  return rows
    .slice(0, old < 0 ? rows.length : old)
    .map(({ mean_cosine, probability_bounds, mean_cosine_bounds, failures = {}, ...row }) => ({
      ...row,
      meanCosine: mean_cosine,
      failures,
      ...(probability_bounds ? { probabilityBounds: probability_bounds } : {}),
      ...(mean_cosine_bounds ? { meanCosineBounds: mean_cosine_bounds } : {}),
    }));
}

function toJson(settings: Settings, rows: readonly SweepRow[]): SweepJson {
  const told = rows.map(({ beta, probability, meanCosine, probabilityBounds, meanCosineBounds, failed, failures }) => ({
    beta,
    probability,
    mean_cosine: meanCosine,
    ...(probabilityBounds ? { probability_bounds: probabilityBounds } : {}),
    ...(meanCosineBounds ? { mean_cosine_bounds: meanCosineBounds } : {}),
    failed,
    ...(failures ? { failures } : {}),
  }));
  return { format: SWEEP.name, version: 1, ...settings, rows: told };
}

/** The heat map, with the time at which equiangular tokens cluster where theory has it. */
function figureOf(options: SweepCommandOptions, times: readonly number[], rows: readonly SweepRow[]): FigureSpec {
  const { dynamics, n, d, seeds, threshold } = options;
  const cells = rows.flatMap(({ beta, probability }) =>
    times.map((time, t) => ({ beta, time, probability: probability[t] })),
  );
  const known = (dynamics === "sa" || dynamics === "usa") && threshold > 0;
  const curve = rows.flatMap(({ beta }) =>
    known && beta <= MOST_BETA ? [{ beta, time: clusteringTime(dynamics, n, beta, 0, threshold) }] : [],
  );
  const about = `${dynamics}, n = ${n}, d = ${d}, ${seeds} starts`;
  return phaseDiagram(cells, { about, curve, threshold });
}

function linesOf(times: readonly number[], rows: readonly SweepRow[]): SweepLine[] {
  return rows.flatMap(({ beta, probability, meanCosine, probabilityBounds, meanCosineBounds }) =>
    times.map((time, t) => {
      const between = (known: SweepRow["probability"], bounds: Bounds | undefined) =>
        bounds ? [bounds.low[t], bounds.high[t]] : [known[t], known[t]];
      const [probability_low, probability_high] = between(probability, probabilityBounds);
      const [mean_cosine_low, mean_cosine_high] = between(meanCosine, meanCosineBounds);
      const bounds = { probability_low, probability_high, mean_cosine_low, mean_cosine_high };
      return { beta, time, probability: probability[t], mean_cosine: meanCosine[t], ...bounds };
    }),
  );
}

/** A line a β: when half of the pairs have met, and where it ends. */
function print(effects: Effects, times: readonly number[], rows: readonly SweepRow[]): void {
  const lines = rows.map(({ beta, probability, meanCosine, probabilityBounds, meanCosineBounds, failed }) => {
    const half = (probabilityBounds?.low ?? probability).findIndex((p) => p !== null && p >= 0.5);
    return [
      shortCell(beta, 4),
      half < 0 ? "–" : shortCell(times[half], 4),
      endCell(probability, probabilityBounds),
      endCell(meanCosine, meanCosineBounds),
      `${failed}`,
    ];
  });
  const head = ["beta", "half met at", "probability at end", "mean cosine at end", "failed"];
  for (const line of table(head, lines)) effects.print(line);
}

function endCell(known: SweepRow["probability"], bounds: Bounds | undefined): string {
  if (!bounds) return shortCell(known.at(-1), 4);
  return `${shortCell(bounds.low.at(-1), 4)} to ${shortCell(bounds.high.at(-1), 4)}`;
}

function reasons(rows: readonly SweepRow[]): string {
  const counts = Object.entries(addFailures(rows.map(({ failures = {} }) => ({ failures }))));
  return counts.length === 0 ? "" : `: ${counts.map(([outcome, count]) => `${outcome} ${count}`).join(", ")}`;
}

import { basename } from "node:path";
import type { CommonOptions, OutOptions } from "../command-line/common.ts";
import type { Effects } from "../effects/effects.ts";
import { EXPLORER } from "../formats/explorer-format.ts";
import { FIT } from "../formats/fit-format.ts";
import type { NamedOptions } from "../options/named.ts";
import type { ParquetOptions } from "../options/parquet.ts";
import { writeFigures, writeReport } from "../report/write-run.ts";
import type { Manifest } from "../run/manifest.ts";
import { type RunData, unitOf } from "../run/run-data.ts";
import { fillFolder } from "../run/run-folder.ts";
import { type StageClock, stageClock } from "../run/stage-clock.ts";
import { writeFormat } from "../run/write-format.ts";
import { refuseOwnRun } from "../sources/open-source.ts";
import { rogueWarnings } from "../who/rogue-warnings.ts";
import { type Studied, type StudyPlan, study } from "./study.ts";
import type { Reading } from "./take-reading.ts";

/** A study that a command asks for, and the run that it leaves behind. */
export interface StudyRequest {
  readonly command: string;
  /** What the user gave, for the manifest. */
  readonly options: CommonOptions & OutOptions & NamedOptions & ParquetOptions & { readonly image?: unknown };
  /** The folder of the run; `null`: nothing is written. */
  readonly target: string | null;
  readonly source: Reading;
  readonly plan: StudyPlan;
  /** Of the report, behind the name of what was studied. */
  readonly title: string;
  /** Measures what stages cost; default: from now on. */
  readonly clock?: StageClock;
  /** What else belongs to the run and its manifest. */
  readonly beside?: (studied: Studied) => Beside;
}

export interface Beside {
  readonly run?: Partial<RunData>;
  readonly record?: Partial<Pick<Manifest, "arguments" | "plugins" | "preset" | "looped">>;
}

/** What a command has to tell. */
export interface StudyDone extends Studied {
  readonly stages: StageClock["costs"];
}

/** Does a study and, where it has a folder, writes figures, report and manifest beside the numbers: all, or nothing. */
export async function studyRun(effects: Effects, request: StudyRequest): Promise<StudyDone> {
  const { options, target, clock = stageClock(effects) } = request;
  const work = async (folder: string | null): Promise<StudyDone> => {
    const studied = await study(openedBeside(request), request.plan, { effects, clock, folder });
    const beside = request.beside?.(studied) ?? {};
    const run: RunData = { ...studied.run, ...unitOf(options), ...beside.run };
    if (studied.run.coordinates)
      for (const one of rogueWarnings(studied.run.coordinates)) effects.say(`warning: ${one}`);
    const done = { ...studied, run, record: { ...studied.record, ...beside.record } };
    if (folder !== null) await draw(effects, clock, folder, request, done);
    return { ...done, stages: clock.costs };
  };
  const done = target === null ? await work(null) : await fillFolder(effects, target, options.force ?? false, work);
  effects.progress.stop();
  return done;
}

/** The source, which is not written over. */
function openedBeside({ source, target, options }: StudyRequest): Reading {
  return {
    ...source,
    async open() {
      const opened = await source.open();
      if (target !== null) refuseOwnRun(opened, target, options.out);
      return opened;
    },
  };
}

/** Tables and states are there: the rest follows from them. */
async function draw(
  effects: Effects,
  clock: StageClock,
  folder: string,
  { command, options, title }: StudyRequest,
  { run, record, readings }: Studied,
): Promise<void> {
  if (options.parquet)
    await clock.run("parquet", async () => (await import("../parquet/write-parquet.ts")).writeParquet(folder));
  if (run.fit) writeFormat(folder, FIT, run.fit);
  if (run.explorer) writeFormat(folder, EXPLORER, run.explorer);
  const figures = await clock.run("figures", () => writeFigures(effects, folder, run));
  const called = namedBy(options);
  const given = { ...called, ...record, command, seed: options.seed, arguments: { ...record.arguments, ...options } };
  const name = `${options.name ?? basename(readings[0].source.name)}: ${title}`;
  await writeReport(effects, folder, run, figures, { ...given, stages: clock.costs }, name);
}

function namedBy({ name, note }: NamedOptions): NamedOptions {
  return { ...(name === undefined ? {} : { name }), ...(note === undefined ? {} : { note }) };
}

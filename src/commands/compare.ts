import { basename, join } from "node:path";
import { writeHiddenStates } from "../../models/states/write-hidden-states.ts";
import type { StreamExtras } from "../../models/stream/stream-extras.ts";
import type { PartialPolicy } from "../../probes/policy/policy.ts";
import { policyRecord } from "../../probes/policy/policy-record.ts";
import { fixedEdges } from "../../probes/products/bin-edges.ts";
import type { Effects } from "../effects/effects.ts";
import { fit } from "../fit/fit.ts";
import { measuringAttention, middleStates } from "../measure/probe-extras.ts";
import { histogramsOf, probeBatches, withGramEngine } from "../measure/probe-states.ts";
import { fitOptionsOf } from "../options/fit-options.ts";
import type { CommonOptions, FitCommandOptions, ModelOptions, TextOptions } from "../options/options.ts";
import { writeFigures, writeNumbers, writeReport } from "../report/write-run.ts";
import type { AttentionRow } from "../run/attention-row.ts";
import { type RunData, unitOf } from "../run/run-data.ts";
import { RUN_FILES } from "../run/run-files.ts";
import { fillFolder, runFolderName } from "../run/run-folder.ts";
import { type StageClock, stageClock } from "../run/stage-clock.ts";
import { BUNDLED, collectBatches, describeBatch } from "../sources/model-batches.ts";
import { openSource, policyFor, refuseOwnRun, withSource } from "../sources/open-source.ts";
import { refuseUnusable } from "../sources/refuse-unusable.ts";
import type { StateSource } from "../sources/state-source.ts";
import { familyTable, summaryTable } from "../terminal/summary.ts";
import { attentionInWords } from "../words/attention-in-words.ts";

export interface CompareOptions
  extends CommonOptions,
    ModelOptions,
    TextOptions,
    FitCommandOptions,
    PartialPolicy,
    StreamExtras {
  readonly saveStates?: boolean;
}

/**
 * The main job:
 *
 *   model, texts ─run─▶ hidden states ─probe─▶ metrics, histograms ─┐
 *                              └────────fit──▶ SA, USA, frozen ─────┴─▶ figures ─▶ report.html
 */
export async function compareCommand(
  effects: Effects,
  reference: string | undefined,
  options: CompareOptions,
): Promise<void> {
  const clock = stageClock(effects);
  const target = runFolderName(effects, options.out, reference ?? BUNDLED);
  const opened = await clock.run("open", () => openSource(effects, reference, options));
  await withSource(opened, async (source) => {
    refuseOwnRun(source, target, options.out);
    const data = await fillFolder(effects, target, options.force ?? false, (folder) =>
      fillRun(effects, folder, source, options, clock),
    );
    effects.progress.stop();
    if (options.json)
      effects.print(
        JSON.stringify({ ...data.fit, ...extrasOf(data), paths: paths(target, options), stages: clock.costs }),
      );
    else for (const line of spoken(data, target)) effects.print(line);
  });
}

async function fillRun(
  effects: Effects,
  folder: string,
  source: StateSource,
  options: CompareOptions,
  clock: StageClock,
): Promise<RunData> {
  const { progress } = effects;
  const policy = policyFor(source, options);
  const attention: AttentionRow[] = [];
  const take = (rows: readonly AttentionRow[]) => void attention.push(...rows);
  const keep = options.saveStates ?? false;
  const batches = await clock.run(source.kind === "model" ? "run the model" : "read", () =>
    withGramEngine((engine) => collectBatches(measuringAttention(engine, source.batches(), policy, keep, take))),
  );
  await refuseUnusable(batches, policy);
  const states = batches.map((batch) => batch.states);
  const probed = await clock.run("probe", () =>
    probeBatches(states, { policy }, (fraction) => progress.update(fraction, "probing")),
  );
  const mid = options.residMid ? (await probeBatches(states.map(middleStates), { policy })).metrics : null;
  const fitted = await clock.run("fit", () =>
    fit(states, {
      ...fitOptionsOf(options, policy),
      source: source.name,
      progress: (fraction, stage) => progress.update(fraction, stage),
    }),
  );
  const data: RunData = {
    metrics: probed.metrics,
    histograms: histogramsOf(probed.texts, [...fixedEdges()]),
    fit: fitted,
    ...(mid ? { mid } : {}),
    ...(options.attentions ? { attention } : {}),
    ...unitOf(options),
  };
  writeNumbers(folder, data);
  if (options.saveStates)
    await clock.run("save states", () => writeHiddenStates(join(folder, RUN_FILES.states), states));
  const figures = await clock.run("figures", () => writeFigures(folder, data, (f) => progress.update(f, "drawing")));
  const record = await source.record();
  await writeReport(
    effects,
    folder,
    data,
    figures,
    {
      command: "compare",
      seed: options.seed,
      ...record,
      arguments: { ...record.arguments, ...options },
      texts: batches.flatMap(describeBatch),
      policy: { ...policyRecord(policy, probed.specialKnown) },
      stages: clock.costs,
    },
    `${basename(source.name)}: network and theory`,
  );
  return data;
}

function extrasOf({ mid, attention }: RunData) {
  return { ...(mid ? { metrics_mid: mid } : {}), ...(attention ? { attention } : {}) };
}

function paths(folder: string, { saveStates, residMid, attentions }: CompareOptions): Record<string, string> {
  const { states, mid, attention, ...always } = RUN_FILES;
  const names = {
    ...always,
    ...(saveStates ? { states } : {}),
    ...(residMid ? { mid } : {}),
    ...(attentions ? { attention } : {}),
  };
  return { folder, ...Object.fromEntries(Object.entries(names).map(([key, name]) => [key, join(folder, name)])) };
}

function spoken(data: RunData, target: string): string[] {
  return [
    data.fit!.verdict,
    "",
    ...familyTable(data.fit!),
    "",
    ...(data.attention ? [attentionInWords(data.attention, data.fit), ""] : []),
    ...summaryTable(data),
    "",
    join(target, RUN_FILES.report),
  ];
}

import { basename, join } from "node:path";
import type { Model } from "../../models/open-model.ts";
import { writeHiddenStates } from "../../models/write-hidden-states.ts";
import { fixedEdges } from "../../probes/bin-edges.ts";
import { type PartialPolicy, type Policy, resolvePolicy } from "../../probes/policy.ts";
import { policyRecord } from "../../probes/policy-record.ts";
import type { Effects } from "../effects.ts";
import type { RunData } from "../figures/run-figures.ts";
import { fit } from "../fit/fit.ts";
import { fitOptionsOf } from "../fit-options.ts";
import { BUNDLED, describeBatch, type ModelBatch, modelBatches, openForCommand } from "../model-batches.ts";
import {
  type CommonOptions,
  type FitCommandOptions,
  type ModelOptions,
  policyOf,
  type TextOptions,
} from "../options.ts";
import { histogramsOf, probeBatches } from "../probe-states.ts";
import { RUN_FILES } from "../run-files.ts";
import { fillFolder, runFolderName } from "../run-folder.ts";
import { type StageClock, stageClock } from "../stages.ts";
import { familyTable, summaryTable } from "../summary.ts";
import { writeFigures, writeNumbers, writeReport } from "../write-run.ts";

export interface CompareOptions extends CommonOptions, ModelOptions, TextOptions, FitCommandOptions, PartialPolicy {
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
  const policy = resolvePolicy(policyOf(options));
  const clock = stageClock(effects);
  const target = runFolderName(effects, options.out, reference ?? BUNDLED);
  const model = await clock.run("open", () => openForCommand(effects, reference, options));
  try {
    const data = await fillFolder(effects, target, options.force ?? false, (folder) =>
      fillRun(effects, folder, model, reference, options, policy, clock),
    );
    effects.progress.stop();
    if (options.json)
      effects.print(JSON.stringify({ ...data.fit, paths: paths(target, options), stages: clock.costs }));
    else for (const line of spoken(data, target)) effects.print(line);
  } finally {
    await model.close();
  }
}

async function fillRun(
  effects: Effects,
  folder: string,
  model: Model,
  reference: string | undefined,
  options: CompareOptions,
  policy: Policy,
  clock: StageClock,
): Promise<RunData> {
  const { progress } = effects;
  const batches = await clock.run("run the model", () =>
    collect(modelBatches(effects, model, options, reference === undefined)),
  );
  const states = batches.map((batch) => batch.states);
  const probed = await clock.run("probe", () =>
    probeBatches(states, { policy }, (fraction) => progress.update(fraction, "probing")),
  );
  const fitted = await clock.run("fit", () =>
    fit(states, {
      ...fitOptionsOf(options, policy),
      source: model.description.model,
      progress: (fraction, stage) => progress.update(fraction, stage),
    }),
  );
  const data: RunData = {
    metrics: probed.metrics,
    histograms: histogramsOf(probed.texts, [...fixedEdges()]),
    fit: fitted,
  };
  writeNumbers(folder, data);
  if (options.saveStates)
    await clock.run("save states", () => writeHiddenStates(join(folder, RUN_FILES.states), states));
  const figures = await clock.run("figures", () => writeFigures(folder, data, (f) => progress.update(f, "drawing")));
  await writeReport(
    effects,
    folder,
    data,
    figures,
    {
      command: "compare",
      arguments: { model: reference ?? null, ...options },
      seed: options.seed,
      model: { ...model.description, ran: model.ran() },
      texts: batches.flatMap(describeBatch),
      policy: { ...policyRecord(policy, probed.specialKnown) },
      stages: clock.costs,
    },
    `${basename(model.description.model)}: network and theory`,
  );
  return data;
}

async function collect(batches: AsyncIterable<ModelBatch>): Promise<ModelBatch[]> {
  const all: ModelBatch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

function paths(folder: string, { saveStates }: CompareOptions): Record<string, string> {
  const { states, ...always } = RUN_FILES;
  const names = { ...always, ...(saveStates ? { states } : {}) };
  return { folder, ...Object.fromEntries(Object.entries(names).map(([key, name]) => [key, join(folder, name)])) };
}

function spoken(data: RunData, target: string): string[] {
  return [
    data.fit!.verdict,
    "",
    ...familyTable(data.fit!),
    "",
    ...summaryTable(data),
    "",
    join(target, RUN_FILES.report),
  ];
}

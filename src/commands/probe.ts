import { basename, join } from "node:path";
import type { HiddenStates } from "../../models/hidden-states.ts";
import type { Model } from "../../models/open-model.ts";
import { createHiddenStates } from "../../models/write-hidden-states.ts";
import { fixedEdges } from "../../probes/bin-edges.ts";
import type { GramEngine } from "../../probes/gram-engine.ts";
import { type PartialPolicy, type Policy, resolvePolicy } from "../../probes/policy.ts";
import { policyRecord } from "../../probes/policy-record.ts";
import type { Effects } from "../effects.ts";
import type { RunData } from "../figures/run-figures.ts";
import { BUNDLED, describeBatch, modelBatches, openForCommand } from "../model-batches.ts";
import { type CommonOptions, type ModelOptions, policyOf, type TextOptions } from "../options.ts";
import { probeAcrossTexts } from "../probe-across-texts.ts";
import { histogramsOf, joinProbed, type ProbedTexts, probeStates, withGramEngine } from "../probe-states.ts";
import { RUN_FILES } from "../run-files.ts";
import { fillFolder, runFolderName } from "../run-folder.ts";
import { stageClock } from "../stages.ts";
import { summaryTable } from "../summary.ts";
import { writeFigures, writeNumbers, writeReport } from "../write-run.ts";

export interface ProbeCommandOptions extends CommonOptions, ModelOptions, TextOptions, PartialPolicy {
  readonly saveStates?: boolean;
  readonly beta?: readonly number[];
  readonly thresholds?: readonly number[];
}

/** Measures one text after the other; no more than one text's states are held, but for pairs across texts. */
export async function probeCommand(
  effects: Effects,
  reference: string | undefined,
  options: ProbeCommandOptions,
): Promise<void> {
  const policy = resolvePolicy(policyOf(options));
  const clock = stageClock(effects);
  const target = runFolderName(effects, options.out, reference ?? BUNDLED);
  const model = await clock.run("open", () => openForCommand(effects, reference, options));
  try {
    const data = await fillFolder(effects, target, options.force ?? false, async (folder) => {
      const work = (): Promise<Measured> =>
        withGramEngine((engine) => measure(effects, engine, model, folder, reference === undefined, options, policy));
      const { probed, texts } = await clock.run("run and probe", work);
      const run: RunData = {
        metrics: probed.metrics,
        histograms: histogramsOf(probed.texts, [...fixedEdges()]),
        fit: null,
        policy: { ...policyRecord(policy, probed.specialKnown) },
      };
      writeNumbers(folder, run);
      const figures = await clock.run("figures", () => writeFigures(folder, run));
      const given = {
        command: "probe",
        arguments: { model: reference ?? null, ...options },
        seed: options.seed,
        model: { ...model.description, ran: model.ran() },
        texts,
        policy: { ...policyRecord(policy, probed.specialKnown) },
        stages: clock.costs,
      };
      await writeReport(
        effects,
        folder,
        run,
        figures,
        given,
        `${basename(model.description.model)}: tokens layer by layer`,
      );
      return run;
    });
    effects.progress.stop();
    print(effects, data, model, options, target);
  } finally {
    await model.close();
  }
}

interface Measured {
  readonly probed: ProbedTexts;
  readonly texts: readonly Record<string, unknown>[];
}

async function measure(
  effects: Effects,
  engine: GramEngine,
  model: Model,
  folder: string,
  bundled: boolean,
  options: ProbeCommandOptions,
  policy: Policy,
): Promise<Measured> {
  const { beta: betas, thresholds } = options;
  const choice = { policy, ...(betas ? { betas } : {}), ...(thresholds ? { thresholds } : {}) };
  const writer = options.saveStates ? await createHiddenStates(join(folder, RUN_FILES.states)) : null;
  const across = policy.pairs === "across";
  const probed: ProbedTexts[] = [];
  const held: HiddenStates[] = [];
  const texts: Record<string, unknown>[] = [];
  try {
    for await (const batch of modelBatches(effects, model, options, bundled)) {
      const show = (fraction: number): void => effects.progress.update(fraction, `probing ${batch.name}`);
      if (across) held.push(batch.states);
      else probed.push(await probeStates(engine, batch.states, texts.length, choice, show));
      texts.push(...describeBatch(batch));
      await writer?.add(batch.states);
    }
    await writer?.finish();
  } catch (error) {
    await writer?.abort();
    throw error;
  }
  return { probed: across ? probeAcrossTexts(held, policy) : joinProbed(probed), texts };
}

function print(effects: Effects, data: RunData, model: Model, options: ProbeCommandOptions, folder: string): void {
  const report = join(folder, RUN_FILES.report);
  if (options.json) {
    const { metrics } = data;
    effects.print(JSON.stringify({ model: model.description.model, metrics, paths: { folder, report } }));
    return;
  }
  for (const line of [...summaryTable(data), report]) effects.print(line);
}

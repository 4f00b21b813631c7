import { basename, join } from "node:path";
import type { HiddenStates } from "../../models/hidden-states.ts";
import type { StreamExtras } from "../../models/stream-extras.ts";
import { createHiddenStates } from "../../models/write-hidden-states.ts";
import { fixedEdges } from "../../probes/bin-edges.ts";
import type { GramEngine } from "../../probes/gram-engine.ts";
import type { PartialPolicy, Policy } from "../../probes/policy.ts";
import { policyRecord } from "../../probes/policy-record.ts";
import type { AttentionRow } from "../attention-row.ts";
import { attentionInWords } from "../attention-summary.ts";
import type { Effects } from "../effects.ts";
import { type RunData, unitOf } from "../figures/run-figures.ts";
import type { MetricRow } from "../metrics.ts";
import { BUNDLED, describeBatch } from "../model-batches.ts";
import { namingFailures } from "../name-failure.ts";
import { openSource, policyFor, refuseOwnRun, withSource } from "../open-source.ts";
import type { CommonOptions, ModelOptions, TextOptions } from "../options.ts";
import { probeAcrossTexts } from "../probe-across-texts.ts";
import { attentionRows, middleStates } from "../probe-extras.ts";
import { type ProbedTexts, probeStates, withGramEngine } from "../probe-states.ts";
import { RUN_FILES } from "../run-files.ts";
import { fillFolder, runFolderName } from "../run-folder.ts";
import { type KeptExtras, runningExtras } from "../running-extras.ts";
import { type KeptNumbers, runningNumbers } from "../running-numbers.ts";
import { stageClock } from "../stages.ts";
import type { StateSource } from "../state-source.ts";
import { attentionTable, summaryTable } from "../summary.ts";
import { writeExtras, writeFigures, writeReport } from "../write-run.ts";

export interface ProbeCommandOptions extends CommonOptions, ModelOptions, TextOptions, PartialPolicy, StreamExtras {
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
  const clock = stageClock(effects);
  const target = runFolderName(effects, options.out, reference ?? BUNDLED);
  const opened = await clock.run("open", () => openSource(effects, reference, options));
  await withSource(opened, async (source) => {
    refuseOwnRun(source, target, options.out);
    const policy = policyFor(source, options);
    const data = await fillFolder(effects, target, options.force ?? false, async (folder) => {
      const work = (): Promise<Measured> =>
        withGramEngine((engine) => measure(effects, engine, source, folder, options, policy));
      const { kept, extras, printed, texts } = await clock.run("run and probe", work);
      const run: RunData = {
        metrics: kept.metrics,
        histograms: kept.histograms,
        fit: null,
        ...extras,
        ...unitOf(options),
        policy: { ...policyRecord(policy, kept.specialKnown) },
      };
      writeExtras(folder, run);
      const figures = await clock.run("figures", () => writeFigures(folder, run));
      const record = await source.record();
      const given = {
        command: "probe",
        seed: options.seed,
        ...record,
        arguments: { ...record.arguments, ...options },
        texts,
        policy: { ...policyRecord(policy, kept.specialKnown) },
        stages: clock.costs,
      };
      await writeReport(effects, folder, run, figures, given, `${basename(source.name)}: tokens layer by layer`);
      return { ...run, printed };
    });
    effects.progress.stop();
    print(effects, data, source, options, target);
  });
}

interface Measured {
  readonly kept: KeptNumbers;
  readonly extras: KeptExtras;
  readonly printed: PrintedRows;
  readonly texts: readonly Record<string, unknown>[];
}

/** The rows of every text; empty but for `--json`, which prints them. */
interface PrintedRows {
  readonly metrics: MetricRow[];
  readonly mid: MetricRow[];
  readonly attention: AttentionRow[];
}

async function measure(
  effects: Effects,
  engine: GramEngine,
  source: StateSource,
  folder: string,
  options: ProbeCommandOptions,
  policy: Policy,
): Promise<Measured> {
  const { beta: betas, thresholds } = options;
  const choice = { policy, ...(betas ? { betas } : {}), ...(thresholds ? { thresholds } : {}) };
  const writer = options.saveStates ? await createHiddenStates(join(folder, RUN_FILES.states)) : null;
  const across = policy.pairs === "across";
  const numbers = runningNumbers(folder, [...fixedEdges()]);
  const extras = runningExtras(folder, options);
  const printed: PrintedRows = { metrics: [], mid: [], attention: [] };
  const take = (probed: ProbedTexts): void => {
    numbers.add(probed);
    if (options.json) printed.metrics.push(...probed.metrics);
  };
  const takeMid = ({ metrics }: ProbedTexts): void => {
    extras.addMid(metrics);
    if (options.json) printed.mid.push(...metrics);
  };
  const held: HiddenStates[] = [];
  const texts: Record<string, unknown>[] = [];
  try {
    for await (const batch of source.batches()) {
      const show = (fraction: number): void => effects.progress.update(fraction, `probing ${batch.name}`);
      const { attentions, ...states } = batch.states;
      const named = <T>(work: () => Promise<T>): Promise<T> => namingFailures(batch, states.batch, work);
      if (across) held.push(states);
      else {
        take(await named(() => probeStates(engine, states, texts.length, choice, show)));
        const middle = () => probeStates(engine, middleStates(states), texts.length, choice);
        if (states.residMid) takeMid(await named(middle));
      }
      const attention = await named(() => attentionRows(engine, batch.states, texts.length, policy));
      extras.addAttention(attention);
      if (options.json) printed.attention.push(...attention);
      texts.push(...describeBatch(batch));
      await writer?.add(batch.states);
    }
    await writer?.finish();
    if (across) take(probeAcrossTexts(held, policy));
    if (across && options.residMid) takeMid(probeAcrossTexts(held.map(middleStates), policy));
    return { kept: numbers.finish(), extras: extras.finish(), printed, texts };
  } catch (error) {
    numbers.abort();
    extras.abort();
    await writer?.abort();
    throw error;
  }
}

/** A run and, for `--json`, the rows of every text. */
interface PrintedRun extends RunData {
  readonly printed: PrintedRows;
}

function print(
  effects: Effects,
  data: PrintedRun,
  source: StateSource,
  options: ProbeCommandOptions,
  folder: string,
): void {
  const report = join(folder, RUN_FILES.report);
  if (options.json) {
    const { metrics, mid, attention } = data.printed;
    const extras = { ...(data.mid ? { metrics_mid: mid } : {}), ...(data.attention ? { attention } : {}) };
    effects.print(JSON.stringify({ [source.kind]: source.name, metrics, ...extras, paths: { folder, report } }));
    return;
  }
  const spoken = data.attention
    ? ["", attentionInWords(data.attention), "", ...attentionTable(data.attention), ""]
    : [];
  for (const line of [...summaryTable(data), ...spoken, report]) effects.print(line);
}

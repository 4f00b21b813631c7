import { basename, join } from "node:path";
import { createHiddenStates } from "../../models/states/write-hidden-states.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import type { StreamExtras } from "../../models/stream/stream-extras.ts";
import type { PartialPolicy, Policy } from "../../probes/policy/policy.ts";
import { policyRecord } from "../../probes/policy/policy-record.ts";
import { fixedEdges } from "../../probes/products/bin-edges.ts";
import type { GramEngine } from "../../probes/products/gram-engine.ts";
import type { Effects } from "../effects/effects.ts";
import { probeAcrossTexts } from "../measure/probe-across-texts.ts";
import { attentionRows, middleStates } from "../measure/probe-extras.ts";
import { type ProbedTexts, probeStates, withGramEngine } from "../measure/probe-states.ts";
import { type KeptExtras, runningExtras } from "../measure/running-extras.ts";
import { type KeptNumbers, runningNumbers } from "../measure/running-numbers.ts";
import type { CommonOptions, ModelOptions, TextOptions } from "../options/options.ts";
import { writeExtras, writeFigures, writeReport } from "../report/write-run.ts";
import type { AttentionRow } from "../run/attention-row.ts";
import type { MetricRow } from "../run/metrics.ts";
import { type RunData, unitOf } from "../run/run-data.ts";
import { RUN_FILES } from "../run/run-files.ts";
import { fillFolder, runFolderName } from "../run/run-folder.ts";
import { stageClock } from "../run/stage-clock.ts";
import { BUNDLED, describeBatch } from "../sources/model-batches.ts";
import { namingFailures } from "../sources/name-failure.ts";
import { openSource, policyFor, refuseOwnRun, withSource } from "../sources/open-source.ts";
import type { StateSource } from "../sources/state-source.ts";
import { attentionTable, summaryTable } from "../terminal/summary.ts";
import { attentionInWords } from "../words/attention-in-words.ts";

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

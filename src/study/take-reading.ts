import { join } from "node:path";
import { createHiddenStates, type HiddenStatesWriter } from "../../models/states/write-hidden-states.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import type { Policy } from "../../probes/policy/policy.ts";
import type { Effects } from "../effects/effects.ts";
import { withGramEngine } from "../measure/measurer.ts";
import type { MeasureOptions } from "../measure/probe.ts";
import type { Manifest } from "../run/manifest.ts";
import { RUN_FILES } from "../run/rows/run-files.ts";
import type { StageClock } from "../run/stage-clock.ts";
import { variantFile } from "../run/variant-files.ts";
import { describeBatch } from "../sources/model-batches.ts";
import { withSource } from "../sources/open-source.ts";
import type { ModelBatch, StateSource } from "../sources/state-source.ts";
import { type MeasuredTables, type Measuring, onlyChecking, openMeasuring } from "./measuring.ts";
import { takeValueOutput } from "./value-output.ts";

/** Where a study takes place. */
export interface StudyPlace {
  readonly effects: Effects;
  readonly clock: StageClock;
  /** The draft folder of the run; `null`: nothing is written. */
  readonly folder: string | null;
}

/** One way to read what is studied: its only one, or one of several readings of the same weights. */
export interface Reading {
  /** In file names, but of the first of several readings. */
  readonly name?: string;
  /** What progress calls it beside the text. */
  readonly label?: string;
  readonly open: () => Promise<StateSource>;
}

export interface ReadingPlan {
  /** What counts in the states of a source. */
  readonly policy: (source: StateSource) => Policy;
  /** What is measured, under that policy; `null`: nothing. */
  readonly measure: Omit<MeasureOptions, "policy"> | null;
  readonly saveStates: boolean;
  /** Whether the rows of every text stay in memory too. */
  readonly keepRows: boolean;
  /** Sees the states of every batch as they pass. */
  readonly see?: (batch: ModelBatch, policy: Policy, source: StateSource) => Promise<void>;
  /** Told what was measured as soon as it is there: what else belongs to the source may take as long again. */
  readonly measured?: (read: Pick<TakenReading, "tables" | "policy" | "specialKnown">) => void;
  /** Whether tokens see only what comes before them, asked once the first batch was seen; saved states record it. `null`: not known. */
  readonly causal?: () => boolean | null;
  /** Whether the states are handed back, for a fit. */
  readonly keepStates: boolean;
}

/** What one reading came to. */
export interface TakenReading {
  readonly reading: Reading;
  readonly source: Pick<StateSource, "kind" | "name">;
  readonly policy: Policy;
  /** `null` where nothing was measured. */
  readonly tables: MeasuredTables | null;
  /** False where nothing said which tokens are special. */
  readonly specialKnown: boolean;
  /** The states, where they were to be kept: without attention and resid_mid. */
  readonly states: readonly HiddenStates[];
  /** What the manifest says of the texts. */
  readonly texts: readonly Readonly<Record<string, unknown>>[];
  /** The source's own part of the manifest. */
  readonly record: Pick<Manifest, "arguments" | "model" | "states">;
}

/** Opens a reading, measures its states text after text, saves and keeps what is asked for, and closes it. */
export async function takeReading(
  place: StudyPlace,
  reading: Reading,
  k: number,
  plan: ReadingPlan,
): Promise<TakenReading> {
  const fileName = (usual: string) => (reading.name === undefined ? usual : variantFile(usual, k, reading.name));
  return withSource(await place.clock.run("open", reading.open), async (source) => {
    const { kind, name } = source;
    const policy = plan.policy(source);
    const read = await withGramEngine((engine) => {
      const where = { folder: place.folder, fileName, keepRows: plan.keepRows };
      const measuring = plan.measure
        ? openMeasuring(engine, { ...plan.measure, ...source.extras, policy }, where)
        : onlyChecking(policy);
      const { saveStates, keepStates, causal } = plan;
      const see = plan.see && (async (batch: ModelBatch) => plan.see?.(batch, policy, source));
      const passing = { saveStates, keepStates, see, ...(causal ? { causal } : {}) };
      return passThrough(place, reading, source, measuring, passing, fileName(RUN_FILES.states));
    });
    plan.measured?.({ ...read, policy });
    const tables = read.tables && (await withSpectra(place, source, read.tables, fileName(RUN_FILES.valueOutput)));
    return { reading, source: { kind, name }, policy, ...read, tables, record: await source.record() };
  });
}

/** Adds the spectra of value and output weights, where the source has them. */
async function withSpectra(
  { clock, folder }: StudyPlace,
  { valueOutputs }: StateSource,
  tables: MeasuredTables,
  file: string,
): Promise<MeasuredTables> {
  if (!valueOutputs) return tables;
  const path = folder === null ? null : join(folder, file);
  const valueOutput = await clock.run("spectra", () => takeValueOutput({ valueOutputs }, path));
  return { kept: { ...tables.kept, valueOutput }, rows: { ...tables.rows, valueOutput } };
}

/** Who looks at batches beside what measures them. */
interface Seeing {
  readonly see: ((batch: ModelBatch) => Promise<void>) | undefined;
}

/** Text after text; where anything fails, the files are left as they are. */
async function passThrough(
  { effects, clock, folder }: StudyPlace,
  { label }: Reading,
  source: StateSource,
  measuring: Measuring,
  { saveStates, keepStates, causal, see }: Pick<ReadingPlan, "saveStates" | "keepStates" | "causal"> & Seeing,
  statesFile: string,
): Promise<Pick<TakenReading, "tables" | "specialKnown" | "states" | "texts">> {
  const writer = folder !== null && saveStates ? await statesFileOf(join(folder, statesFile), measuring) : null;
  const states: HiddenStates[] = [];
  const texts: Record<string, unknown>[] = [];
  let specialKnown = true;
  try {
    for await (const batch of clock.each(source.kind === "model" ? "run the model" : "read", source.batches())) {
      const name = label === undefined ? batch.name : `${label}: ${batch.name}`;
      const show = (done: number) => effects.progress.update(done, `probing ${name}`);
      await see?.(batch);
      await clock.run("probe", () => measuring.take(batch, show));
      texts.push(...describeBatch(batch));
      specialKnown &&= batch.states.special !== null;
      const { attentions, residMid, ...layers } = batch.states;
      if (keepStates) states.push(layers);
      const back = causal?.() ?? null;
      const saved = back === null ? batch.states : { ...batch.states, causal: back };
      if (writer) await clock.run("save states", () => writer.add(saved));
    }
    await writer?.finish();
    return { tables: await measuring.finish(), specialKnown, states, texts };
  } catch (error) {
    measuring.abort();
    await writer?.abort();
    throw error;
  }
}

/** Where it cannot be opened, what is measured has no place either. */
async function statesFileOf(path: string, measuring: Measuring): Promise<HiddenStatesWriter> {
  try {
    return await createHiddenStates(path);
  } catch (error) {
    measuring.abort();
    throw error;
  }
}

import type { PairMeasure } from "../../probes/pairs/pair-measure.ts";
import { policyRecord } from "../../probes/policy/policy-record.ts";
import { type FitOptions, fit } from "../fit/fit.ts";
import type { FitResult } from "../fit/fit-result.ts";
import type { Manifest } from "../run/manifest.ts";
import type { PairMetricRow } from "../run/pair-metrics.ts";
import type { RunData } from "../run/run-data.ts";
import type { Tables } from "../run/run-tables.ts";
import { addPredictedPairs } from "./predicted-pairs.ts";
import { type Reading, type ReadingPlan, type StudyPlace, type TakenReading, takeReading } from "./take-reading.ts";

/** What a study does with the states of a source. */
export interface StudyPlan extends Omit<ReadingPlan, "keepStates"> {
  /** How dynamics are fitted to the states, whose policy and name are known; `null`: not at all. */
  readonly fit: Omit<FitOptions, "policy" | "source" | "progress"> | null;
  /** Other readings of the same weights, measured like the source. */
  readonly variants?: readonly Reading[];
  /** Called as soon as all is measured, before the fit. */
  readonly measured?: (run: RunData) => void;
}

/** What a study came to: plain data. */
export interface Studied {
  /** Of several texts the means, where every row lies in a folder. */
  readonly run: RunData;
  /** The tables of the source, every text's rows where they were to be kept. */
  readonly rows: Tables;
  /** What the manifest says of the source, its texts and what was counted. */
  readonly record: Pick<Manifest, "arguments" | "model" | "states" | "texts" | "policy">;
  /** The source, then its variants. */
  readonly readings: readonly TakenReading[];
}

/**
 * The one pipeline, of every command that looks at states:
 *
 *     source, variants ─each: open ─▶ states, text after text ─▶ measure ─▶ tables on disk, means ─▶ told ─┐
 *                                          └─ saved; kept for the fit ──────────────────────────▶ fit ─────┴─▶ run data, record
 *
 * No more than one text's states are held, but those that are fitted, and all where pairs go across texts.
 *
 * @throws TokensphereError what sources, measures and the fit throw; a failure in a text names it.
 */
export async function study(source: Reading, plan: StudyPlan, place: StudyPlace): Promise<Studied> {
  const first = await takeReading(place, source, 0, { ...plan, keepStates: plan.fit !== null });
  const readings = [first];
  for (const [k, variant] of (plan.variants ?? []).entries()) {
    readings.push(await takeReading(place, variant, k + 1, { ...plan, keepStates: false }));
  }
  place.effects.progress.stop();
  const measured = runOf(first);
  plan.measured?.(measured);
  const { texts, record } = first;
  const policy = { ...policyRecord(first.policy, first.specialKnown) };
  const rows = first.tables?.rows ?? {};
  const done = plan.fit ? await fitted(first, plan.fit, plan.measure?.pairMeasures ?? [], place) : null;
  return {
    run: { ...withPairs(measured, done), fit: done?.fit ?? null },
    rows: withPairs(rows, done),
    record: { ...record, texts, policy },
    readings,
  };
}

/** What was measured, as a run has it. */
function runOf({ tables, policy, specialKnown }: TakenReading): RunData {
  const measured = tables?.kept ?? { metrics: [], histograms: NO_HISTOGRAMS };
  return { ...measured, fit: null, policy: { ...policyRecord(policy, specialKnown) } };
}

const NO_HISTOGRAMS = { format: "tokensphere/histograms", version: 1, edges: [], texts: [] } as const;

/** What was fitted, and how its predictions compare with the network. */
interface Fitted {
  readonly fit: FitResult;
  readonly pairs: readonly PairMetricRow[];
}

async function fitted(
  { states, policy, source }: TakenReading,
  asked: NonNullable<StudyPlan["fit"]>,
  pairMeasures: readonly PairMeasure[],
  { effects, clock, folder }: StudyPlace,
): Promise<Fitted> {
  const progress = (fraction: number, stage: string) => effects.progress.update(fraction, stage);
  const options = { ...asked, policy };
  const result = await clock.run("fit", () => fit(states, { ...options, source: source.name, progress }));
  if (pairMeasures.length === 0) return { fit: result, pairs: [] };
  const compare = () => addPredictedPairs(states, { ...options, pairMeasures }, result, folder);
  return { fit: result, pairs: await clock.run("pair measures", compare) };
}

function withPairs<T extends Tables>(tables: T, done: Fitted | null): T {
  return done === null || done.pairs.length === 0
    ? tables
    : { ...tables, pairs: [...(tables.pairs ?? []), ...done.pairs] };
}

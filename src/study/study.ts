import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import type { Policy } from "../../probes/policy/policy.ts";
import { policyRecord } from "../../probes/policy/policy-record.ts";
import type { ComparedFit } from "../comparison/comparison.ts";
import { type CompareOptions, type Elsewhere, fitWith } from "../comparison/fit.ts";
import { untrainedUpdates } from "../comparison/fitted-updates.ts";
import { flagsInMessage } from "../effects/flags-in-messages.ts";
import { type Explorer, openExplorer } from "../explorer/explorer.ts";
import type { InterventionOptions } from "../intervention/intervene.ts";
import { isCausal } from "../intervention/is-causal.ts";
import { DEFAULT_FAMILIES, movingFamilies } from "../laws/families.ts";
import type { MeasureOptions } from "../measure/probe.ts";
import type { OwnAttention } from "../own-attention/read-own.ts";
import { ownAttention, resolveOwn, withoutOwn } from "../own-attention/resolve-own.ts";
import type { Manifest } from "../run/manifest.ts";
import type { PairMetricRow } from "../run/pair-metrics.ts";
import type { RunData } from "../run/run-data.ts";
import type { Tables } from "../run/run-tables.ts";
import type { ModelBatch, StateSource } from "../sources/state-source.ts";
import type { TokenPairRow } from "../who/token-pair-row.ts";
import { elsewhere, isWorthAProcess } from "../workers/elsewhere.ts";
import { type HelperPool, helperPool } from "../workers/helper-pool.ts";
import type { StudyHelper } from "../workers/study-helper.ts";
import { addPredictedPairs } from "./predicted-pairs.ts";
import { predictedTokenPairs } from "./predicted-token-pairs.ts";
import { type Asked, type Control, takeControl } from "./take-control.ts";
import { type TakenIntervention, takeIntervention } from "./take-intervention.ts";
import { type Reading, type ReadingPlan, type StudyPlace, type TakenReading, takeReading } from "./take-reading.ts";
import { keepUpdates, type UpdatesBeside, updatesBeside } from "./updates-beside.ts";

/** How dynamics are fitted, but for what the states tell. */
type Fitting = Omit<CompareOptions, "policy" | "source" | "progress">;

/** The same as it is asked for; `whenCausal`: what holds in its place where tokens see only what comes before them. */
type AskedFit = Omit<Fitting, "causal"> & { readonly whenCausal?: Pick<Fitting, "families" | "rivals"> };

/** What the first batch decides. */
interface KnownFromFirst {
  /** `null`: nothing is known; `undefined`: nothing was seen. */
  causal: boolean | null | undefined;
  fit: Fitting | null;
  updates: UpdatesBeside | null;
  /** Where a family needs it. */
  own: OwnAttention | null;
}

/** What a study does with the states of a source. */
export interface StudyPlan extends Omit<ReadingPlan, "keepStates" | "causal" | "see" | "measured"> {
  /** How dynamics are fitted to the states, whose policy and name are known; `null`: not at all. */
  readonly fit: AskedFit | null;
  /** Whether tokens see only what comes before them, or `auto`: as the source shows. Default `auto`; it matters to what is fitted, and is recorded with it and with states that are saved. */
  readonly causal?: "auto" | "yes" | "no";
  /** Whether the law of the updates of the families that are fitted is measured too, beside all else. */
  readonly updates?: boolean;
  /** Other readings of the same weights, measured like the source where they do not say otherwise. */
  readonly variants?: readonly (Reading & Partial<Pick<ReadingPlan, "measure">>)[];
  /** The same network untrained, a reading for each draw of its weights, or why it is left out. */
  readonly control?: Asked<readonly Reading[]>;
  /** Runs with tokens out of the context of the others, or why they are left out. */
  readonly intervention?: Asked<Omit<InterventionOptions, "progress">>;
  /** Called as soon as the source is measured, before its variants and the fit. */
  readonly measured?: (run: RunData) => void;
}

/** What a study came to: plain data. */
export interface Studied extends Control, TakenIntervention {
  /** Of several texts the means, where every row lies in a folder. */
  readonly run: RunData;
  /** The tables of the source, every text's rows where they were to be kept. */
  readonly rows: Tables;
  /** What the manifest says of the source, its texts and what was counted. */
  readonly record: Pick<Manifest, "arguments" | "model" | "states" | "texts" | "policy" | "causal">;
  /** The source, then its variants. */
  readonly readings: readonly TakenReading[];
}

/**
 * The one pipeline, of every command that looks at states:
 *
 *     source, then variants ─each: open ─▶ states, text after text ─▶ measure ─▶ tables on disk, means ────┐
 *                                          ├─ saved; kept for the fit ──────────────────────────▶ fit ─────┴─▶ run data, record
 *                                          └─▶ helper: updates, then the fit of the control ─────┘
 *     control (untrained networks) ────────▶ states, kept                                                   │
 *     model once more ─tokens taken out────▶ intervention ──────────────────────────────────────────────────┘
 *
 * No more than one text's states are held, but those that are fitted, and all where pairs go across texts.
 *
 * @throws what sources, measures and the fit throw; a failure in a text names it.
 */
export async function study(source: Reading, plan: StudyPlan, place: StudyPlace): Promise<Studied> {
  const pool = helperPool();
  try {
    return await studyWith(pool, source, plan, place);
  } finally {
    await pool.release();
  }
}

async function studyWith(pool: HelperPool, source: Reading, plan: StudyPlan, place: StudyPlace): Promise<Studied> {
  const keepStates = plan.fit !== null || isAsked(plan.control) || isAsked(plan.intervention);
  const explorer = place.folder === null ? null : openExplorer(plan.fit === null ? 0 : 1 + familiesOf(plan.fit).length);
  const { measured: tell, ...reading } = plan;
  const known: KnownFromFirst = { causal: undefined, fit: null, updates: null, own: null };
  const seen: (() => void)[] = [];
  if (plan.fit && plan.updates) pool.first(); // It is ready when there is something to do.
  const causalOf = () => known.causal ?? null;
  const first = await takeReading(place, source, 0, {
    ...reading,
    keepStates,
    causal: causalOf,
    measured(read) {
      place.effects.progress.stop();
      tell?.(runOf(read));
    },
    async see(batch, policy, opened) {
      if (known.causal === undefined) {
        known.causal = await seesBack(plan, opened, batch);
        const causal = known.causal === true;
        if (causal && plan.fit) place.effects.say(toldCausal(plan.fit));
        known.fit = plan.fit && fittingOf(plan.fit, causal);
        known.own = known.fit && (await ownOf(place, known.fit, opened, batch, { policy, causal }));
        const plain = known.fit && plainOf(known.fit);
        known.updates = plain && plan.updates ? updatesBeside(pool.first(), plain) : null;
        // Those who will search families are ready when there is something to do.
        if (known.fit && isWorthAProcess([batch.states])) pool.idle(familiesOf(known.fit).length - 1);
      }
      await known.updates?.take(batch, policy);
      if (!explorer) return;
      const states = explorer.needed(batch.states);
      const see = () => explorer.see(states, policy, batch.name);
      if (keepStates) seen.push(see);
      else await place.clock.run("explorer", async () => see());
    },
  });
  const { causal, updates } = known;
  const fit = known.fit && withOwn(known.fit, known.own, first.states, causal === true);
  const plain = fit && plainOf(fit);
  // States that are held can wait: what was measured is told first.
  if (seen.length > 0)
    await place.clock.run("explorer", async () => {
      for (const see of seen) see();
    });
  place.effects.progress.stop();
  const measured = runOf(first);
  const readings = [first];
  for (const [k, variant] of (plan.variants ?? []).entries()) {
    const measure = variant.measure ?? plan.measure;
    readings.push(
      await takeReading(place, variant, k + 1, { ...reading, causal: causalOf, measure, keepStates: false }),
    );
  }
  place.effects.progress.stop();
  const control = await takeControl(place, first, plan.control, plan.policy);
  const draws = plain && control.control?.draws;
  const untrained = draws && untrainedBeside(pool.first(), draws, { ...plain, policy: first.policy }, updates !== null);
  const rows = updates?.rows() ?? null;
  rows?.catch(() => {}); // The fit, which waits for them, is told.
  const taken = await takeIntervention(place, first, plan.intervention);
  const { texts, record } = first;
  const policy = { ...policyRecord(first.policy, first.specialKnown) };
  const table = taken.intervention ? { intervention: taken.intervention } : {};
  const done = fit
    ? await fitted({ pool, untrained }, first, fit, plan.measure ?? {}, place, {
        ...(plan.measure ? { updates: rows ?? first.tables?.rows.updates ?? false } : {}),
        ...(taken.intervention ? { context: taken.intervention } : {}),
      })
    : null;
  const explored = await explore(explorer, fit, done, place);
  const moved = await rows;
  const kept = moved && { updates: keepUpdates(moved, place.folder) };
  return {
    run: { ...withPairs(measured, done), ...kept, ...table, ...explored, fit: done?.fit ?? null },
    rows: { ...withPairs(first.tables?.rows ?? {}, done), ...(moved && { updates: moved }), ...table },
    record: { ...record, texts, policy, ...(causal ? { causal } : {}) },
    readings,
    ...control,
    ...taken,
  };
}

/** The control: a helper fits the first draw and measures the updates of the later half, those of the others are measured here. */
function untrainedBeside(
  helper: StudyHelper,
  draws: readonly (readonly HiddenStates[])[],
  options: Fitting & { readonly policy: Policy },
  updates: boolean,
): NonNullable<Elsewhere["untrained"]> {
  const fit = helper.ask("untrained", { draws: draws.slice(0, 1), options: { ...options, updates: false } });
  if (!updates) return { fit, updates: async () => [] };
  const half = Math.floor(draws.length / 2);
  const [here, there] = [draws.slice(0, half), draws.slice(half)];
  const last = helper.ask("untrainedUpdates", { draws: there, options, first: here.length });
  return { fit, updates: async () => [...(await untrainedUpdates(here, options)), ...(await last)] };
}

function familiesOf({ families = DEFAULT_FAMILIES }: Fitting): ReturnType<typeof movingFamilies> {
  return movingFamilies(families);
}

/** What the report lets its reader explore: the network's tokens and, where there is a fit, where it puts them. */
async function explore(
  explorer: Explorer | null,
  asked: Fitting | null,
  done: Fitted | null,
  { clock }: StudyPlace,
): Promise<Pick<RunData, "explorer">> {
  if (asked && done) {
    const predicted = { families: familiesOf(asked), fit: done.fit, startLayer: done.fit.observed.layers[0] };
    await clock.run("explorer", async () => explorer?.predict(predicted));
  }
  const data = explorer?.data();
  return data ? { explorer: data } : {};
}

/** Whether tokens see only what comes before them. Nobody needs it where nothing is fitted and no states are saved. */
async function seesBack(
  { causal = "auto", fit, saveStates }: StudyPlan,
  source: StateSource,
  batch: ModelBatch,
): Promise<boolean | null> {
  if (causal === "yes" || causal === "no") return causal === "yes";
  return fit !== null || saveStates ? isCausal(source, batch) : null;
}

function fittingOf({ whenCausal, ...asked }: AskedFit, causal: boolean): Fitting {
  return causal ? { ...asked, ...whenCausal, causal } : asked;
}

/** The network's own attention, where a family of the fit needs it; it is said where it cannot be had. */
async function ownOf(
  { effects }: StudyPlace,
  { families }: Fitting,
  { opened }: StateSource,
  { states }: ModelBatch,
  about: { readonly policy: Policy; readonly causal: boolean },
): Promise<OwnAttention | null> {
  const own = await ownAttention(families, opened, states, about);
  if (own && "why" in own && withoutOwn(families).length > 0)
    effects.say(flagsInMessage(`note: the network's own attention is not fitted: ${own.why}`));
  return own;
}

function withOwn(fit: Fitting, own: OwnAttention | null, states: TakenReading["states"], causal: boolean): Fitting {
  const place = { states, startLayer: fit.startLayer ?? 0, causal };
  return own === null ? fit : { ...fit, families: resolveOwn(fit.families, own, place) };
}

/** What a helper is asked for, that has no model: `null` where nothing is left. */
function plainOf(fit: Fitting): Fitting | null {
  const families = withoutOwn(fit.families);
  return families.length === 0 ? null : { ...fit, families };
}

function toldCausal({ whenCausal }: AskedFit): string {
  const fitted = whenCausal
    ? "attention and averaging are fitted in their causal form"
    : "averaging is over what comes before";
  return `note: no token sees what comes after it: ${fitted}. --causal no takes all tokens to see all`;
}

function isAsked<T extends object>(asked: Asked<T> | undefined): boolean {
  return asked !== undefined && !("reason" in asked);
}

/** What was measured, as a run has it. */
function runOf({ tables, policy, specialKnown }: Pick<TakenReading, "tables" | "policy" | "specialKnown">): RunData {
  const measured = tables?.kept ?? { metrics: [], histograms: NO_HISTOGRAMS };
  return { ...measured, fit: null, policy: { ...policyRecord(policy, specialKnown) } };
}

const NO_HISTOGRAMS = { format: "tokensphere/histograms", version: 1, edges: [], texts: [] } as const;

/** What was fitted, and how its predictions compare with the network. */
interface Fitted {
  readonly fit: ComparedFit;
  readonly pairs: readonly PairMetricRow[];
  /** In the place of those that were measured before the fit; `null`: not asked for. */
  readonly tokenPairs: readonly TokenPairRow[] | null;
}

async function fitted(
  { pool, untrained }: { readonly pool: HelperPool; readonly untrained: Elsewhere["untrained"] | null },
  { states, policy, source }: TakenReading,
  asked: Fitting,
  { pairMeasures = [], who }: Omit<MeasureOptions, "policy">,
  { effects, clock, folder }: StudyPlace,
  beside: Pick<CompareOptions, "updates" | "context">,
): Promise<Fitted> {
  const progress = (fraction: number, stage: string) => effects.progress.update(fraction, stage);
  const options = { ...asked, policy };
  const whole = { ...options, ...beside, source: source.name, progress };
  const others = { ...elsewhere(pool, states, familiesOf(asked).length), ...(untrained ? { untrained } : {}) };
  const result = await clock.run("fit", () => fitWith(others, states, whole));
  const compare = () => addPredictedPairs(states, { ...options, pairMeasures }, result, folder);
  const tell = () => predictedTokenPairs(states, { ...options, ...who }, result, folder);
  return {
    fit: result,
    pairs: pairMeasures.length === 0 ? [] : await clock.run("pair measures", compare),
    tokenPairs: who === undefined ? null : await clock.run("token pairs", tell),
  };
}

function withPairs<T extends Tables>(tables: T, done: Fitted | null): T {
  if (done === null) return tables;
  const { pairs, tokenPairs } = done;
  return {
    ...tables,
    ...(pairs.length > 0 ? { pairs: [...(tables.pairs ?? []), ...pairs] } : {}),
    ...(tokenPairs ? { tokenPairs } : {}),
  };
}

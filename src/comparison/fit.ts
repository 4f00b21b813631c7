import { randomSource } from "../../models/random.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { AVERAGING } from "../fit/families.ts";
import { type DetailedFit, type FitOptions, fitFamilies } from "../fit/fit.ts";
import { FIT_DEFAULTS } from "../fit/fit-defaults.ts";
import { motionOf } from "../fit/fitted-motion.ts";
import { isOwnPart } from "../updates/fields.ts";
import type { UpdateRow } from "../updates/update-row.ts";
import { besideUntrained, updatesInWords } from "../updates/updates-in-words.ts";
import type { ComparedFit, RivalFit } from "./comparison.ts";
import { type ContextRow, contextSentence, contextShare } from "./context.ts";
import { fittedUpdates, untrainedUpdates } from "./fitted-updates.ts";
import { heldOutLevels } from "./held-levels.ts";
import { measureContest } from "./measure-contest.ts";
import { selectionAdds } from "./selection-adds.ts";
import { sharesBasis } from "./shared-basis.ts";
import { untrainedRival, untrainedSentence } from "./untrained.ts";
import { verdict } from "./verdict.ts";
import { type Weighed, weigh } from "./weigh.ts";

/** What a user may choose of a fit, and what is known beside the states. */
export interface CompareOptions extends FitOptions {
  /** The law of the updates where it was measured already; default: measured here. `false`: not at all. */
  readonly updates?: readonly UpdateRow[] | false;
  /** States of the same network untrained, on the same texts: the most telling control. */
  readonly control?: readonly HiddenStates[];
  /** What the updates owe to the other tokens, where the model could be asked. */
  readonly context?: readonly ContextRow[];
}

/** A family does better than chance where no more random orders of the layers than this share are fitted as well. */
const BY_CHANCE = 0.05;
/** Share of the work that is done when families are fitted. */
const FITTED = 0.75;

/**
 * Fits families of dynamics, SA and USA unless told otherwise, to the layers of a network, and says what that is evidence of: at the level
 * of distributions, pairs, tokens and updates, beside rivals that have no attention.
 *
 *     states ─fitFamilies─▶ β, times ─┬─measureContest─▶ families, rivals, nulls at every level ─weigh─▶ conclusion ─┐
 *        └───── updates by layer ─────┴─heldOutLevels──▶ skills on what was not fitted to ─────────────verdict───────┴▶ ComparedFit
 *
 * Sources: R §4 and Figure 1 for what is fitted; docs/fit.md for what separates which mechanism.
 *
 * @throws TokensphereError `input` where the states cannot be fitted, `usage` where an option is out of range.
 */
export async function fit(batches: readonly HiddenStates[], options: CompareOptions = {}): Promise<ComparedFit> {
  const { updates: known, control, context = [], progress, ...asked } = options;
  const stage = (from: number, to: number) =>
    progress && { progress: (done: number, name: string) => progress(from + (to - from) * done, name) };
  const detailed = await fitFamilies(batches, { ...asked, ...stage(0, control ? FITTED / 2 : FITTED) });
  const untrained = control ? await untrainedOf(control, asked, stage(FITTED / 2, FITTED)) : null;
  progress?.(FITTED, "updates");
  const updates = known === false ? [] : (known ?? (await fittedUpdates(batches, asked)));
  progress?.(0.85, "comparing");
  const beyond = control && updates.length > 0 ? await untrainedUpdates(control, asked) : [];
  const weighed = await weighAll(detailed, asked.seed, { updates, untrained: beyond, context: contextShare(context) });
  const { observed } = detailed.result;
  const held_out = await heldOutLevels(
    detailed.observed.texts,
    detailed.families,
    detailed.heldOut,
    weighed.comparison.basis === null,
  );
  const families = detailed.result.families.map((family) => ({ ...family, ...weighed.levels.get(family.name) }));
  const comparison = {
    ...weighed.comparison,
    rivals: [...weighed.comparison.rivals, ...(untrained ? [untrained.rival] : [])],
  };
  const beside = [
    ...(updates.length > 0 ? [updatesInWords(ofFamilies(updates, families))] : []),
    ...(beyond.length > 0 ? [besideUntrained(ofFamilies(updates, families), beyond)] : []),
    ...(context.length > 0 ? [contextSentence(context)] : []),
    ...(untrained ? [untrained.sentence] : []),
  ];
  const found = { observed, families, comparison, held_out, concluded: weighed.concluded, beside };
  return {
    ...detailed.result,
    families,
    held_out,
    ...comparison,
    best: weighed.best,
    verdict: verdict(found),
    updates,
    ...(beyond.length > 0 ? { untrained_updates: beyond } : {}),
  };
}

/** What is known of the updates when families are weighed. */
interface Known {
  readonly updates: readonly UpdateRow[];
  /** Of the same network untrained. */
  readonly untrained: readonly UpdateRow[];
  readonly context: number | null;
}

const NOTHING_KNOWN: Known = { updates: [], untrained: [], context: null };

/** Families and averaging at the β and times of the fit, weighed against all rivals. */
async function weighAll(
  { observed: { texts }, families, result }: DetailedFit,
  seed: number = FIT_DEFAULTS.seed,
  { updates, untrained, context }: Known = NOTHING_KNOWN,
): Promise<Weighed> {
  const motions = families.map(({ family, fit: found }) => motionOf(family, found));
  const measured = await measureContest(texts, motions, randomSource(seed));
  return weigh(measured, {
    sharesBasis: texts.map(sharesBasis),
    adds: (text, family) => selectionAdds(updates, untrained, text, family),
    ordered: (family) => (result.families.find(({ name }) => name === family)?.null_p ?? 0) <= BY_CHANCE,
    context,
  });
}

/** The rows that say what attention dynamics do; rivals stand in tables. */
function ofFamilies(rows: readonly UpdateRow[], families: readonly { readonly name: string }[]): readonly UpdateRow[] {
  return rows.filter(
    ({ field }) => field === AVERAGING.name || isOwnPart(field) || families.some(({ name }) => name === field),
  );
}

interface Untrained {
  readonly rival: RivalFit;
  readonly sentence: string;
}

/** The same comparison of the untrained network, without what only the trained one is asked. */
async function untrainedOf(
  states: readonly HiddenStates[],
  options: FitOptions,
  progress: Pick<FitOptions, "progress"> | undefined,
): Promise<Untrained> {
  const detailed = await fitFamilies(states, { ...options, checks: false, ...progress });
  const weighed = await weighAll(detailed, options.seed);
  return { rival: untrainedRival(detailed, weighed), sentence: untrainedSentence(detailed, weighed) };
}

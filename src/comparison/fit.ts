import { TokensphereError } from "../../models/errors.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { type FitOptions, fitFamilies, type Meanwhile } from "../fit/fit.ts";
import type { OpenWorkshop } from "../fit/workshop.ts";
import { AVERAGING, CAUSAL_FAMILIES, type Family } from "../laws/families.ts";
import type { Rival } from "../rivals/rival.ts";
import type { FitText } from "../trajectories/fit-text.ts";
import { isOwnPart } from "../updates/fields.ts";
import type { UntrainedRow, UpdateRow } from "../updates/update-row.ts";
import { besideUntrained, updatesInWords } from "../updates/updates-in-words.ts";
import { untrainedOverTexts, updatesOverTexts } from "../updates/updates-over-texts.ts";
import { askedRivals } from "./asked-rivals.ts";
import type { ComparedFit } from "./comparison.ts";
import { type ContextRow, contextSentence, contextShare } from "./context.ts";
import { fittedUpdates } from "./fitted-updates.ts";
import { heldOutLevels } from "./held-levels.ts";
import { type RivalContest, rivalContest } from "./rival-contest.ts";
import { type Untrained, untrainedOf } from "./untrained.ts";
import { verdict } from "./verdict.ts";
import { weighAll } from "./weigh-all.ts";

/** What a user may choose of a fit, and what is known beside the states. */
export interface CompareOptions extends Omit<FitOptions, "laws"> {
  /**
   * What families are held against beside what always is: names of `RIVALS` and rivals of your own, which attention must beat too, and laws,
   * by name or as families, which say whether it is this attention. Default none.
   */
  readonly rivals?: readonly (string | Family | Rival)[];
  /** The law of the updates where it was measured already, or is being measured; default: measured here. `false`: not at all. */
  readonly updates?: readonly UpdateRow[] | Promise<readonly UpdateRow[]> | false;
  /** States of the same network untrained, on the same texts, for each draw of its weights: the most telling control. */
  readonly control?: readonly (readonly HiddenStates[])[];
  /** What the updates owe to the other tokens, where the model could be asked. */
  readonly context?: readonly ContextRow[];
}

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
export function fit(batches: readonly HiddenStates[], options: CompareOptions = {}): Promise<ComparedFit> {
  return fitWith({}, batches, options);
}

/** Other processes that do parts of a fit meanwhile. */
export interface Elsewhere {
  /** Where families are searched beside this process. */
  readonly workshops?: readonly OpenWorkshop[];
  readonly rivals?: (texts: readonly FitText[]) => Promise<readonly RivalContest[]>;
  /** The control: what is coming of its fit, and the law of its updates, which is measured when families are fitted. */
  readonly untrained?: {
    readonly fit: Promise<Untrained>;
    readonly updates: () => Promise<readonly UntrainedRow[]>;
  };
}

/** The same fit with the help of others. */
export async function fitWith(
  { workshops, rivals: elsewhere, untrained: coming }: Elsewhere,
  batches: readonly HiddenStates[],
  options: CompareOptions,
): Promise<ComparedFit> {
  if (batches.length === 0) throw new TokensphereError("usage", "fit: no states. give one batch of them at least");
  const { updates: known, control, context = [], progress, rivals: others = [], ...given } = options;
  const { rivals, laws } = askedRivals(others);
  const asked = { ...(given.causal ? { families: CAUSAL_FAMILIES, ...given } : given), laws };
  const stage = (from: number, to: number) =>
    progress && { progress: (done: number, name: string) => progress(from + (to - from) * done, name) };
  // Rivals wait for no family: they are measured by who searches none, or is done first.
  let contest: Promise<readonly RivalContest[]> | undefined;
  const begin: Meanwhile = (texts, here) => {
    contest = here ? contestsHere(texts) : elsewhere?.(texts);
    contest?.catch(() => {}); // Who weighs is told.
  };
  const searching = { ...asked, ...stage(0, control ? FITTED / 2 : FITTED) };
  const detailed = await fitFamilies(batches, searching, workshops, begin);
  const untrained = control
    ? await untrainedOf(control, { ...asked, updates: known !== false }, stage(FITTED / 2, FITTED))
    : coming
      ? await comingOf(coming)
      : null;
  progress?.(FITTED, "updates");
  const updates = known === false ? [] : await (known ?? fittedUpdates(batches, asked));
  progress?.(0.85, "comparing");
  const beyond = updates.length > 0 ? (untrained?.updates ?? []) : [];
  const facts = { updates, untrained: beyond, context: contextShare(context) };
  const weighed = await weighAll(detailed, asked.seed, facts, { rivals, contest });
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
  const told = updatesOverTexts(ofFamilies(updates, families));
  const beside = [
    ...(updates.length > 0 ? [updatesInWords(told)] : []),
    ...(beyond.length > 0 ? [besideUntrained(told, untrainedOverTexts(beyond))] : []),
    ...(context.length > 0 ? [contextSentence(context)] : []),
    ...(untrained ? [untrained.sentence] : []),
  ];
  const { causal = false } = asked;
  const found = { observed, causal, families, comparison, held_out, concluded: weighed.concluded, beside };
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

async function contestsHere(texts: readonly FitText[]): Promise<readonly RivalContest[]> {
  return texts.map((text) => rivalContest(text));
}

/** The updates first: the fit is still being made elsewhere. */
async function comingOf({ fit, updates }: NonNullable<Elsewhere["untrained"]>): Promise<Untrained> {
  const rows = await updates();
  return { ...(await fit), updates: rows };
}

/** The rows that say what attention dynamics do; rivals stand in tables. */
function ofFamilies(rows: readonly UpdateRow[], families: readonly { readonly name: string }[]): readonly UpdateRow[] {
  return rows.filter(
    ({ field }) => field === AVERAGING.name || isOwnPart(field) || families.some(({ name }) => name === field),
  );
}

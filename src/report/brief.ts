import type { ComparedFit } from "../comparison/comparison.ts";
import type { Conclusion } from "../comparison/conclude.ts";
import { isNearerThanStill, nearestFamily } from "../comparison/nearest-family.ts";
import { observedSentence } from "../comparison/observed-sentence.ts";
import { familyLabel, isFrozen } from "../laws/families.ts";
import { formatSignificant, percent } from "../words/format-number.ts";
import { listInWords } from "../words/list-in-words.ts";

/** What follows, by what the comparison concluded. */
const FOLLOWS: Readonly<Record<Conclusion, (family: string) => string>> = {
  attention: (family) => `${family} moves the tokens as the network does, and nothing without attention comes as near.`,
  averaging: () => "Averaging alone does it: no selection among tokens is seen here.",
  common_motion: () => "One vector a layer, added to all tokens, explains it: no attention is needed.",
  none: () =>
    "Neither attention nor averaging nor a common motion is nearer than nothing moving: this theory does not describe these layers.",
  undecided: () =>
    "Something without attention does as well or better, so these layers are no evidence that tokens move as attention would move them.",
};

/** Where no family is better than frozen, and why. */
const STILL = "None is nearer than nothing moving: attention does not describe these layers.";
const IN_ANY_ORDER =
  "Layers in a random order are fitted as well, so these layers are no evidence that tokens move as attention would move them.";

/** A fit's verdict in three sentences: what the network does, what attention dynamics gives, what follows. `null` of older fits. */
export function brief(fit: ComparedFit | null): string | null {
  if (!fit?.conclusion) return null;
  const { families, observed, tie = [], rivals = [], conclusion } = fit;
  const nearest = nearestFamily(families, fit.best);
  if (nearest === undefined || nearest.skill === null) return null;
  const averaging = rivals.find(({ name }) => name === "averaging");
  const labels = tie.map((name) => familyLabel(families.find((one) => one.name === name) ?? { name }));
  const told = labels.length > 1 ? `${listInWords(labels)} cannot be told apart: ` : "";
  const beta = nearest.beta === null ? "" : ` at β = ${formatSignificant(nearest.beta)}`;
  const gives = skills(nearest.skill, nearest.pair_skill);
  const beside = averaging
    ? `, averaging, which selects nothing, ${percent(averaging.w1_skill)} and ${percent(averaging.pair_skill)}`
    : "";
  const label = familyLabel(nearest);
  const still = conclusion === "undecided" && isFrozen(fit.best);
  const follows = still ? (isNearerThanStill(rivals) ? IN_ANY_ORDER : STILL) : FOLLOWS[conclusion](label);
  return `${observedSentence(observed)} ${told}${label}${beta} gives ${gives}${beside}. ${follows}`;
}

function skills(histograms: number | null, pairs: number | null | undefined): string {
  return `${percent(histograms)} of the change of the histograms and ${percent(pairs)} pair by pair`;
}

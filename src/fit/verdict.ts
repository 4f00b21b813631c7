import { FROZEN, familyWords, isFrozen, familyLabel as label, withoutFrozen } from "./families.ts";
import type { FamilyFit, FamilyName, Observed } from "./fit-result.ts";

/** β up to here lets a dynamics choose next to nothing: SA and USA average. */
const NEAR_ZERO = 0.1;

/** A family must beat the baseline by more than this to be called better: 1 % of the distance moved. */
const LEAST_SKILL = 0.01;

/** Skill on left-out layers where there are any, else on the fitted ones. */
function score(family: FamilyFit): number {
  return family.skill_held_out ?? family.skill ?? 0;
}

/** The family that predicts best, or `frozen` where none is better than assuming that nothing moves. */
export function pickBest(families: readonly FamilyFit[]): FamilyName {
  const best = withoutFrozen(families).reduce((a, b) => (score(b) > score(a) ? b : a));
  return score(best) > LEAST_SKILL ? best.name : FROZEN.name;
}

function baselineOf(families: readonly FamilyFit[]): FamilyFit {
  return families.find(({ name }) => isFrozen(name))!;
}

/** What was found, in a few sentences. */
export function verdict(observed: Observed, families: readonly FamilyFit[], best: FamilyName): string {
  return [observedSentence(observed), theorySentence(families, best), limitSentence(observed, families, best)]
    .filter(Boolean)
    .join(" ");
}

function observedSentence({ layers, mean_cosine, mass, n, texts }: Observed): string {
  const last = layers.length - 1;
  const peak = mean_cosine.indexOf(Math.max(...mean_cosine));
  const who = texts === 1 ? `the ${n[0]} tokens` : `the tokens of ${texts} texts`;
  const change = mean_cosine[last] - mean_cosine[0];
  const verb = Math.abs(change) < 0.02 ? "stays near" : change > 0 ? "rises from" : "falls from";
  const range =
    verb === "stays near" ? number(mean_cosine[0]) : `${number(mean_cosine[0])} to ${number(mean_cosine[last])}`;
  const detour =
    peak > 0 && peak < last && mean_cosine[peak] - Math.max(mean_cosine[0], mean_cosine[last]) > 0.05
      ? `, with a peak of ${number(mean_cosine[peak])} at layer ${layers[peak]}`
      : "";
  const collapse = `${percent(mass["0.9"][last])} of the pairs lie above .9`;
  return `From layer ${layers[0]} to layer ${layers[last]} the mean cosine of ${who} ${verb} ${range}${detour}; at the end ${collapse}.`;
}

function theorySentence(families: readonly FamilyFit[], best: FamilyName): string {
  const moving = withoutFrozen(families);
  if (baselineOf(families).skill === null)
    return "Nothing moves between the layers, so there is nothing for a dynamics to explain.";
  if (isFrozen(best)) {
    const skills = moving.map((f) => `${label(f)} ${percent(score(f))}`).join(", ");
    return `No family predicts the layers better than assuming that nothing moves after the first one (skill ${skills}): this theory does not describe this network.`;
  }
  const winner = families.find((f) => f.name === best)!;
  const where = winner.skill_held_out === null ? "the layers fitted" : "layers left out of the fit";
  return (
    `${label(winner)} at β = ${three(winner.beta!)}${interval(winner)} ${grade(score(winner))}: on ${where} it comes ` +
    `${percent(score(winner))} closer than assuming that nothing moves${against(winner, moving)}.`
  );
}

/** How the others do, the nearest first: which cannot be told from the winner, and the skills of the rest. */
function against(winner: FamilyFit, moving: readonly FamilyFit[]): string {
  const others = moving.filter((f) => f !== winner).sort((a, b) => score(b) - score(a));
  const ties = others.filter((f) => score(winner) - score(f) < LEAST_SKILL);
  const skills = others.slice(ties.length).map((f) => `${label(f)} ${percent(score(f))}`);
  const [next, ...rest] = skills;
  const told = [
    ...(ties.length === 1 ? [`${label(ties[0])} does as well, so the two cannot be told apart here`] : []),
    ...(ties.length > 1 ? [`${ties.map(label).join(" and ")} do as well, so they cannot be told apart here`] : []),
    ...(next === undefined ? [] : [[rest.length > 0 ? `next ${next}` : next, ...rest].join(", ")]),
  ];
  return told.map((part) => `; ${part}`).join("");
}

/** How well in words, by the skill. */
function grade(skill: number): string {
  if (skill > 0.9) return "describes the layers closely";
  if (skill > 0.5) return "describes much of what the layers do";
  return skill > 0.2 ? "describes a part of what the layers do" : "describes little of what the layers do";
}

function interval({ beta_interval }: FamilyFit): string {
  return beta_interval ? ` (95 % interval ${beta_interval.map(three).join(" to ")})` : "";
}

/** The limits that weigh most, in one sentence: a flat profile or the like, else what β adds, and clusters that are not there. */
function limitSentence(observed: Observed, families: readonly FamilyFit[], best: FamilyName): string {
  if (isFrozen(best)) return "";
  const winner = families.find((f) => f.name === best)!;
  const limits = [winner.warnings[0] ?? nearZero(winner, baselineOf(families)), misplacedMass(observed, winner)].filter(
    (l) => l !== null,
  );
  return limits.length === 0 ? "" : `Mind this: ${limits.join("; ")}.`;
}

/** At β near 0 attention is plain averaging: without its choice of tokens, how far would the same fit come? */
function nearZero(winner: FamilyFit, frozen: FamilyFit): string | null {
  const least = winner.profile[0];
  if (least === undefined || least.beta > NEAR_ZERO || winner.skill === null) return null;
  const without = 1 - least.w1 / frozen.w1;
  if (without < 0.2 || winner.skill - without > 0.1) return null;
  const { nearZero: named } = familyWords(winner.name) ?? {};
  const what = named ? `${named} (β = ${three(least.beta)})` : `${label(winner)} at β = ${three(least.beta)}`;
  return `${what} already comes ${percent(without)} closer`;
}

/** Clusters are what the theory is about: pairs above .9 at the last layer, where prediction and network differ clearly. */
function misplacedMass({ mass }: Observed, winner: FamilyFit): string | null {
  const seen = mass["0.9"][mass["0.9"].length - 1];
  const predicted = winner.mass["0.9"][winner.mass["0.9"].length - 1];
  const [less, more] = [Math.min(seen, predicted), Math.max(seen, predicted)];
  if (more < 0.005 || more < 1.5 * less) return null;
  return `${label(winner)} puts ${percent(predicted)} of the pairs above .9 at the end, where the network has ${percent(seen)}`;
}

function number(value: number): string {
  return String(Number(value.toPrecision(2)));
}

function three(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** Whole percents, with decimals where only they tell the value from 0 or 100. */
function percent(share: number): string {
  if (share > 0.99 && share < 1) return `${(100 * Math.min(share, 0.9999)).toFixed(2)} %`;
  if (share > 0 && share < 0.01) return share < 1e-4 ? "less than 0.01 %" : `${Number((100 * share).toPrecision(1))} %`;
  return `${Math.round(100 * share)} %`;
}

import type { FamilyFit, FamilyName, Observed } from "./fit-result.ts";
import { isMotionless } from "./motionless.ts";

/** β up to here is plain averaging. */
const AVERAGING = 0.1;

/** A family must beat the baseline by more than this to be called better: 1 % of the distance moved. */
const LEAST_SKILL = 0.01;

/** Skill on left-out layers where there are any, else on the fitted ones. */
function score(family: FamilyFit): number {
  return family.skill_held_out ?? family.skill ?? 0;
}

/** The family that predicts best, or `frozen` where none is better than assuming that nothing moves. */
export function pickBest(families: readonly FamilyFit[]): FamilyName {
  const moving = families.filter((f) => f.name !== "frozen");
  const best = moving.reduce((a, b) => (score(b) > score(a) ? b : a));
  return score(best) > LEAST_SKILL ? best.name : "frozen";
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
  const moving = families.filter((f) => f.name !== "frozen");
  const frozen = families.find((f) => f.name === "frozen")!;
  if (isMotionless(frozen.w1))
    return "Nothing moves between the layers, so there is nothing for a dynamics to explain.";
  if (best === "frozen") {
    const skills = moving.map((f) => `${label(f)} ${percent(score(f))}`).join(", ");
    return `No family predicts the layers better than assuming that nothing moves after the first one (skill ${skills}): this theory does not describe this network.`;
  }
  const winner = families.find((f) => f.name === best)!;
  const other = moving.find((f) => f !== winner)!;
  const where = winner.skill_held_out === null ? "the layers fitted" : "layers left out of the fit";
  const tie = score(winner) - score(other) < LEAST_SKILL;
  const against = tie
    ? `${label(other)} does as well, so the two cannot be told apart here`
    : `${label(other)} ${percent(score(other))}`;
  return (
    `${label(winner)} at β = ${three(winner.beta!)}${interval(winner)} ${grade(score(winner))}: on ${where} it comes ` +
    `${percent(score(winner))} closer than assuming that nothing moves; ${against}.`
  );
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
  if (best === "frozen") return "";
  const winner = families.find((f) => f.name === best)!;
  const frozen = families.find((f) => f.name === "frozen")!;
  const limits = [winner.warnings[0] ?? averaging(winner, frozen), misplacedMass(observed, winner)].filter(
    (l) => l !== null,
  );
  return limits.length === 0 ? "" : `Mind this: ${limits.join("; ")}.`;
}

/** β near 0 is plain averaging: without attention's choice of tokens, how far would the same fit come? */
function averaging(winner: FamilyFit, frozen: FamilyFit): string | null {
  const least = winner.profile[0];
  if (least === undefined || least.beta > AVERAGING || winner.skill === null) return null;
  const without = 1 - least.w1 / frozen.w1;
  if (without < 0.2 || winner.skill - without > 0.1) return null;
  return `plain averaging (β = ${three(least.beta)}) already comes ${percent(without)} closer`;
}

/** Clusters are what the theory is about: pairs above .9 at the last layer, where prediction and network differ clearly. */
function misplacedMass({ mass }: Observed, winner: FamilyFit): string | null {
  const seen = mass["0.9"][mass["0.9"].length - 1];
  const predicted = winner.mass["0.9"][winner.mass["0.9"].length - 1];
  const [less, more] = [Math.min(seen, predicted), Math.max(seen, predicted)];
  if (more < 0.005 || more < 1.5 * less) return null;
  return `${label(winner)} puts ${percent(predicted)} of the pairs above .9 at the end, where the network has ${percent(seen)}`;
}

function label({ name }: FamilyFit): string {
  return name.toUpperCase();
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

import type { FamilyFit, FamilyName, Observed } from "./fit-result.ts";

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

/** What was found, in two or three sentences. */
export function verdict(observed: Observed, families: readonly FamilyFit[], best: FamilyName): string {
  return [observedSentence(observed), theorySentence(families, best), limitSentence(families, best)]
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
  if (frozen.w1 === 0) return "Nothing moves between the layers, so there is nothing for a dynamics to explain.";
  if (best === "frozen") {
    const skills = moving.map((f) => `${f.name.toUpperCase()} ${percent(score(f))}`).join(", ");
    return `No family explains the layers better than assuming that nothing moves after the first one (skill ${skills}): the theory does not describe this network.`;
  }
  const winner = families.find((f) => f.name === best)!;
  const others = moving.filter((f) => f !== winner).map((f) => `${f.name.toUpperCase()} ${percent(score(f))}`);
  const interval = winner.beta_interval ? ` (95 % interval ${winner.beta_interval.map(three).join(" to ")})` : "";
  const held = winner.skill_held_out === null ? "" : " on layers left out of the fit";
  return (
    `${best.toUpperCase()} at β = ${three(winner.beta!)}${interval} describes them best, with mean W1 ${number(winner.w1)} against ` +
    `${number(frozen.w1)} if nothing moved: a skill of ${percent(score(winner))}${held}, ${others.join(", ")}.`
  );
}

function limitSentence(families: readonly FamilyFit[], best: FamilyName): string {
  const winner = families.find((f) => f.name === best)!;
  if (best === "frozen") return "";
  const share = 1 - (winner.skill ?? 0);
  const misfit = share > 0.25 ? [`${percent(share)} of the distance stays unexplained even where it was fitted`] : [];
  const all = [...misfit, ...winner.warnings];
  return all.length === 0 ? "" : `Mind that ${all.join("; ")}.`;
}

function number(value: number): string {
  return String(Number(value.toPrecision(2)));
}

function three(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** Whole percents, with a decimal where only that tells the value from 100. */
function percent(share: number): string {
  return share > 0.99 && share < 1 ? `${(100 * Math.min(share, 0.9999)).toFixed(2)} %` : `${Math.round(100 * share)} %`;
}

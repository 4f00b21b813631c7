import type { FamilyFit, Observed } from "../fit/fit-result.ts";
import { familyLabel as label } from "../laws/families.ts";
import { digits, percent } from "../words/format-number.ts";

/** What the network does. */
export function observedSentence({ layers, mean_cosine, mass, n, texts }: Observed): string {
  const last = layers.length - 1;
  const peak = mean_cosine.indexOf(Math.max(...mean_cosine));
  const who = texts === 1 ? `the ${n[0]} tokens` : `the tokens of ${texts} texts`;
  const change = mean_cosine[last] - mean_cosine[0];
  const verb = Math.abs(change) < 0.02 ? "stays near" : change > 0 ? "rises from" : "falls from";
  const range =
    verb === "stays near"
      ? digits(mean_cosine[0], 2)
      : `${digits(mean_cosine[0], 2)} to ${digits(mean_cosine[last], 2)}`;
  const detour =
    peak > 0 && peak < last && mean_cosine[peak] - Math.max(mean_cosine[0], mean_cosine[last]) > 0.05
      ? `, with a peak of ${digits(mean_cosine[peak], 2)} at layer ${layers[peak]}`
      : "";
  const collapse = `${percent(mass["0.9"][last])} of the pairs lie above .9`;
  return `From layer ${layers[0]} to layer ${layers[last]} the mean cosine of ${who} ${verb} ${range}${detour}; at the end ${collapse}.`;
}

/** Clusters are what the theory is about: pairs above .9 at the last layer, where prediction and network differ clearly. */
export function misplacedMass({ mass }: Observed, family: FamilyFit): string | null {
  const seen = mass["0.9"][mass["0.9"].length - 1];
  const predicted = family.mass["0.9"][family.mass["0.9"].length - 1];
  const [less, more] = [Math.min(seen, predicted), Math.max(seen, predicted)];
  if (more < 0.005 || more < 1.5 * less) return null;
  return `${label(family)} puts ${percent(predicted)} of the pairs above .9 at the end, where the network has ${percent(seen)}`;
}

import { familyLabel as label } from "../fit/families.ts";
import type { DetailedFit } from "../fit/fit.ts";
import { digits } from "../words/format-number.ts";
import type { LevelledFamily, RivalFit } from "./comparison.ts";
import { nearestFamily } from "./nearest-family.ts";
import { skillParts } from "./skill-parts.ts";
import type { Weighed } from "./weigh.ts";

/** The untrained network as a row among the rivals: what the nearest family scores where nothing was learned. */
export function untrainedRival(detailed: DetailedFit, weighed: Weighed): RivalFit {
  const { skill, pair_skill = null, token_skill = null } = nearest(detailed, weighed);
  const named = { name: "untrained", label: "the same network untrained" } as const;
  return { ...named, rival: false, w1_skill: skill, pair_skill, token_skill, pair_z: null, token_z: null };
}

/** What the same comparison says of it, so that what is there without training is not taken for what was learned. */
export function untrainedSentence(detailed: DetailedFit, weighed: Weighed): string {
  const family = nearest(detailed, weighed);
  const skills = skillParts(family.skill, family.pair_skill ?? null, family.token_skill ?? null);
  const beta = family.beta === null ? "" : ` at β = ${digits(family.beta, 3)}`;
  const said = weighed.comparison.conclusion.replace("_", " ");
  if (skills.length === 0) return "In the same network untrained no inner product changes.";
  return `In the same network untrained ${label(family)}${beta} gives ${skills.join(", ")}; the conclusion there is “${said}”.`;
}

/** With its levels, which a fit alone has not. */
function nearest({ result }: DetailedFit, { best, levels }: Weighed): LevelledFamily {
  const families = result.families.map((family) => ({ ...family, ...levels.get(family.name) }));
  return nearestFamily(families, best)!;
}

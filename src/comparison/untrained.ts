import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { type DetailedFit, type FitOptions, fitFamilies } from "../fit/fit.ts";
import { familyLabel as label } from "../laws/families.ts";
import type { UntrainedRow } from "../updates/update-row.ts";
import { digits } from "../words/format-number.ts";
import type { LevelledFamily, RivalFit } from "./comparison.ts";
import { untrainedUpdates } from "./fitted-updates.ts";
import { nearestFamily } from "./nearest-family.ts";
import { skillParts } from "./skill-parts.ts";
import type { Weighed } from "./weigh.ts";
import { weighAll } from "./weigh-all.ts";

/** What the untrained network comes to. */
export interface Untrained {
  readonly rival: RivalFit;
  readonly sentence: string;
  /** What the families add to its updates, draw after draw; empty where that was not asked. */
  readonly updates: readonly UntrainedRow[];
}

/**
 * The same comparison of the untrained network, without what only the trained one is asked: of the first draw of its weights. The law of
 * the updates is of every draw, for it differs most between them.
 */
export async function untrainedOf(
  draws: readonly (readonly HiddenStates[])[],
  { updates, ...options }: FitOptions & { readonly updates: boolean },
  progress: Pick<FitOptions, "progress"> = {},
): Promise<Untrained> {
  const [first] = draws;
  const detailed = await fitFamilies(first, { ...options, laws: [], checks: false, ...progress });
  const weighed = await weighAll(detailed, options.seed);
  return {
    rival: untrainedRival(detailed, weighed),
    sentence: untrainedSentence(detailed, weighed),
    updates: updates ? await untrainedUpdates(draws, options) : [],
  };
}

/** The untrained network as a row among the rivals: what the nearest family scores where nothing was learned. */
function untrainedRival(detailed: DetailedFit, weighed: Weighed): RivalFit {
  const { skill, pair_skill = null, token_skill = null } = nearest(detailed, weighed);
  const named = { name: "untrained", label: "the same network untrained" } as const;
  return { ...named, rival: false, w1_skill: skill, pair_skill, token_skill, pair_z: null, token_z: null };
}

/** What the same comparison says of it, so that what is there without training is not taken for what was learned. */
function untrainedSentence(detailed: DetailedFit, weighed: Weighed): string {
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

import { randomSource } from "../../models/random.ts";
import type { DetailedFit } from "../fit/fit.ts";
import { FIT_DEFAULTS } from "../fit/fit-defaults.ts";
import { motionOf } from "../fit/fitted-motion.ts";
import type { UntrainedRow, UpdateRow } from "../updates/update-row.ts";
import type { RivalFit } from "./comparison.ts";
import { type Beside, measureContest } from "./measure-contest.ts";
import { selectionAdds } from "./selection-adds.ts";
import { sharesBasis } from "./shared-basis.ts";
import { type Weighed, weigh } from "./weigh.ts";

/** A family does better than chance where no more random orders of the layers than this share are fitted as well. */
const BY_CHANCE = 0.05;

/** What is known of the updates when families are weighed. */
export interface Known {
  readonly updates: readonly UpdateRow[];
  /** Of the same network untrained. */
  readonly untrained: readonly UntrainedRow[];
  readonly context: number | null;
}

const NOTHING_KNOWN: Known = { updates: [], untrained: [], context: null };

/** Families and averaging at the β and times of the fit, weighed against all rivals. */
export async function weighAll(
  { observed: { texts }, families, laws, result }: DetailedFit,
  seed: number = FIT_DEFAULTS.seed,
  { updates, untrained, context }: Known = NOTHING_KNOWN,
  others: Pick<Beside, "rivals" | "contest"> = {},
): Promise<Weighed> {
  const motions = families.map(({ family, fit: found }) => motionOf(family, found));
  const beside = { laws: laws.map(({ family, fit: found }) => motionOf(family, found)), ...others };
  const measured = await measureContest(texts, motions, randomSource(seed), beside);
  const weighed = weigh(measured, {
    sharesBasis: texts.map(sharesBasis),
    adds: (text, family) => selectionAdds(updates, untrained, text, family),
    ordered: (family) => (result.families.find(({ name }) => name === family)?.null_p ?? 0) <= BY_CHANCE,
    context,
  });
  return { ...weighed, comparison: { ...weighed.comparison, rivals: weighed.comparison.rivals.map(withFit(laws)) } };
}

/** A law among the rivals with what was fitted of it. */
function withFit(laws: DetailedFit["laws"]): (row: RivalFit) => RivalFit {
  return (row) => {
    const law = laws.find(({ fit }) => fit.name === row.name);
    if (!law) return row;
    const { beta, parameters, complexity } = law.fit;
    return { ...row, law: { beta, ...(parameters ? { parameters } : {}) }, complexity };
  };
}

import type { FamilyFit, FitResult } from "../fit/fit-result.ts";
import type { Ceiling } from "../levels/ceiling.ts";
import type { Partition } from "../levels/partition.ts";
import type { UntrainedRow, UpdateRow } from "../updates/update-row.ts";
import type { Conclusion } from "./conclude.ts";
import type { HeldOutLevels } from "./held-levels.ts";

/** Skills of one prediction beside nothing moving: 1 is perfect, 0 no better. `null` where it says nothing at a level. */
export interface LevelSkills {
  /** Distribution: 1 − W1 / W1(frozen) of the inner products, mean over layers and texts. */
  readonly w1_skill: number | null;
  /** Pairs: 1 − Σ(G − Ĝ)² / Σ(G − G(0))² over pairs i < j and layers. */
  readonly pair_skill: number | null;
  /** Tokens: 1 − mean chord / mean chord of frozen, at the last layer. */
  readonly token_skill: number | null;
}

/** What is known of a prediction beyond its skills, at the last layer, mean over texts. */
export interface Likeness {
  /** Correlation of observed and predicted inner products. */
  readonly pair_correlation: number | null;
  /** Share of the closest 1 % of the pairs in common. */
  readonly closest_1_percent: number | null;
  /** Adjusted Rand index of clusters at an equal number of clusters. */
  readonly cluster_agreement: number | null;
  /** Cosine of real and predicted displacement from the first layer; null with `basis` saying why. */
  readonly displacement_cosine: number | null;
}

/** A family at the four levels. */
export interface FamilyLevels extends Omit<LevelSkills, "w1_skill">, Likeness {
  /** How much nearer it is pair by pair than the nearest other family, in standard errors; null where it is alone. */
  readonly pair_z: number | null;
  /** Of the change of inner products: what only this family can give beside averaging, what only averaging, what both. */
  readonly partition: Partition | null;
}

/** Something without attention, a null or a control, beside the families. */
export interface RivalFit extends LevelSkills {
  readonly name: string;
  readonly label: string;
  /** Whether a family has to beat it; the others are shown. */
  readonly rival: boolean;
  /** How much nearer the best family is, in standard errors. */
  readonly pair_z: number | null;
  readonly token_z: number | null;
  /** Numbers that were fitted, where they can be counted: of all texts together. */
  readonly complexity?: number;
  /** Of a law that families are held against: what was fitted of it, but for times. */
  readonly law?: { readonly beta: number | null; readonly parameters?: Readonly<Record<string, number>> };
}

/** What one text alone comes to. */
export interface TextConclusion {
  /** Its number, from 0. */
  readonly text: number;
  readonly conclusion: Conclusion;
  readonly best: string;
  readonly tie: readonly string[];
}

/** What `fit` says beyond the distribution of inner products. */
export interface Comparison {
  readonly conclusion: Conclusion;
  /** One a text. */
  readonly conclusions: readonly TextConclusion[];
  /** Families that cannot be told from the best, it among them; empty where it stands alone. */
  readonly tie: readonly string[];
  readonly rivals: readonly RivalFit[];
  /** Null where layers share a basis, else why places of tokens are left out. */
  readonly basis: string | null;
  /** How well anything could do at the distribution; pairs and tokens of a text are there once, and nothing bounds them. */
  readonly ceiling: Ceiling | null;
  /** The law of the updates, a row a text, step and field; empty where it was not asked for. */
  readonly updates: readonly UpdateRow[];
  /** What the families add in the same steps of the same network untrained, draw after draw; absent where that was not read. */
  readonly untrained_updates?: readonly UntrainedRow[];
}

/** A family with what was found of it at every level. */
export type LevelledFamily = FamilyFit & Partial<FamilyLevels>;

/**
 * `fit.json`, and what `tokensphere fit --json` prints: families and their fit, and what that is evidence of. Files of older versions lack
 * the comparison.
 */
export interface ComparedFit extends Omit<FitResult, "families" | "held_out">, Partial<Comparison> {
  readonly families: readonly LevelledFamily[];
  readonly held_out?: readonly HeldOutLevels[];
}

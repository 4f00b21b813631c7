import { mean } from "../../probes/numerics/mean.ts";
import { type Difference, pairDifference, pooledDifference, tokenDifference, zOf } from "./difference.ts";
import type { TextLevels } from "./level-scores.ts";

/** Something that predicts the layers, measured beside each text. */
export interface Contestant {
  readonly name: string;
  readonly label: string;
  readonly texts: readonly TextLevels[];
}

/** A level at which two contestants can be told apart token by token. */
export type Level = "pairs" | "tokens";

/** Skills beside frozen, over all texts: 1 is perfect, 0 no better than nothing moving. `null` where the level does not exist. */
export interface Skills {
  readonly w1_skill: number | null;
  readonly pair_skill: number | null;
  readonly token_skill: number | null;
}

/** Two errors of this size and less are rounding: nothing moves. */
const ROUNDING = 1e-6;

/** Skills of a contestant; `frozen` is measured at the same layers. */
export function skillsOf({ texts }: Contestant, frozen: Contestant): Skills {
  const of = (error: (one: TextLevels) => number | null, least: number): number | null => {
    const [own, base] = [total(texts, error), total(frozen.texts, error)];
    return own === null || base === null || base < least * texts.length ? null : 1 - own / base;
  };
  return {
    w1_skill: of((one) => one.w1, ROUNDING),
    pair_skill: of((one) => (one.pairs ? one.pairs.total / pairsIn(one.pairs.n) : null), ROUNDING ** 2),
    token_skill: of((one) => (one.tokens ? mean(one.tokens) : null), ROUNDING),
  };
}

/** How much nearer `a` is than `b`, in standard errors over tokens (from five texts on, over texts); `null` where it cannot be said. */
export function zBetween(a: Contestant, b: Contestant, level: Level): number | null {
  const each = a.texts.map((one, t) => differenceAt(level, b.texts[t], one));
  const pooled = pooledDifference(each);
  return pooled === null ? null : zOf(pooled);
}

function differenceAt(level: Level, a: TextLevels, b: TextLevels): Difference | null {
  if (level === "pairs") return a.pairs && b.pairs && pairDifference(a.pairs, b.pairs);
  return a.tokens && b.tokens && tokenDifference(a.tokens, b.tokens);
}

/** Mean over texts of what is known of all of them. */
export function meanOver(texts: readonly TextLevels[], of: (one: TextLevels) => number | null): number | null {
  const sum = total(texts, of);
  return sum === null ? null : sum / texts.length;
}

function total(texts: readonly TextLevels[], of: (one: TextLevels) => number | null): number | null {
  return texts.reduce<number | null>((sum, one) => {
    const value = of(one);
    return sum === null || value === null ? null : sum + value;
  }, 0);
}

function pairsIn(n: number): number {
  return Math.max(1, (n * (n - 1)) / 2);
}

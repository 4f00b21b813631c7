import type { FreeParameter } from "./law.ts";

/** Rounds in which the middles between the best value and its neighbours are tried. */
const ROUNDS = 3;

/** What came of one value. */
interface Scored {
  /** Smaller is better. */
  readonly score: number;
}

/** What a search of one number came to. */
export interface FoundFree {
  readonly value: number;
  /** Whether it is the first or the last of the values tried. */
  readonly atEdge: boolean;
}

/**
 * Searches the value with the smallest score: those of the parameter first, then ever closer around the best. Those of a round are asked
 * for at once.
 *
 * @param d - Width of the tokens.
 * @param scoreOf - Of a value, given what the best one came to; `null` in the first round.
 */
export async function searchFree<T extends Scored>(
  { values, ratios }: FreeParameter,
  d: number,
  scoreOf: (value: number, best: T | null) => Promise<T>,
): Promise<FoundFree> {
  const tried: { readonly value: number; readonly found: T }[] = [];
  const add = async (more: readonly number[], best: T | null): Promise<void> => {
    tried.push(...(await Promise.all(more.map(async (value) => ({ value, found: await scoreOf(value, best) })))));
    tried.sort((a, b) => a.value - b.value);
  };
  const best = (): number =>
    tried.reduce((least, { found }, i) => (found.score < tried[least].found.score ? i : least), 0);
  await add(values(d), null);
  for (let round = 0; round < ROUNDS; round++) {
    const at = best();
    const { value, found } = tried[at];
    const neighbours = [tried[at - 1], tried[at + 1]].flatMap((one) => (one ? [one.value] : []));
    await add(
      neighbours.map((other) => (ratios ? Math.sqrt(value * other) : (value + other) / 2)),
      found,
    );
  }
  const at = best();
  return { value: tried[at].value, atEdge: at === 0 || at === tried.length - 1 };
}

import { chiSquareTail } from "../../probes/numerics/chi-square.ts";
import { align, costTable, indexOfLeast, type TimeMap } from "../alignment/align.ts";
import type { Tried } from "../alignment/contenders.ts";
import type { MovingFamily } from "../laws/families.ts";
import type { FitProblem, Searched } from "./evaluate.ts";
import type { TextsAgree } from "./fit-result.ts";
import { withTexts } from "./problem.ts";
import { searchAround } from "./search.ts";

/** One text fitted by itself. */
export interface TextSearch {
  /** Every β that was tried, ascending. */
  readonly tried: readonly Tried[];
  readonly best: number;
  /** Mean W1 of the baseline that nothing moves. */
  readonly baseline: number;
}

/** Rounds of search around the best of a text, each three times finer. */
const ROUNDS = 2;

/** Aligns each text alone over the candidates of all, and searches on where its best lies between candidates that are far apart. */
export async function searchTexts(
  problem: FitProblem,
  family: MovingFamily,
  found: readonly Searched[],
  map: TimeMap,
): Promise<readonly TextSearch[]> {
  const searches: TextSearch[] = [];
  const single = problem.texts.length === 1; // Its search is that of all.
  for (const text of problem.texts.keys()) {
    const alone = withTexts(problem, [text]);
    const own = single ? found : found.map((s) => ofText(s, text, problem));
    const w1 = (s: Searched): number => s.alignments[map].w1;
    const all = single ? found : await searchAround(alone, family, own, w1, ROUNDS);
    const later = problem.layers.map((_, k) => k).slice(1);
    const baseline = later.reduce((sum, k) => sum + all[0].candidate.cost(k, 0), 0) / later.length;
    searches.push({ tried: triedOf(all, map), best: indexOfLeast(all.map(w1)), baseline });
  }
  return searches;
}

/** What is kept of a search under one time map. */
export function triedOf(found: readonly Searched[], map: TimeMap): readonly Tried[] {
  return found.map(({ candidate: { beta, horizon }, alignments }) => ({ beta, horizon, ...alignments[map] }));
}

function ofText({ candidate }: Searched, text: number, { fractions }: FitProblem): Searched {
  const own = candidate.ofTexts([text]);
  const tables = { linear: costTable(own, "linear", fractions), monotone: costTable(own, "monotone", fractions) };
  const of = (map: TimeMap) => align(own, map, fractions, tables[map]);
  return { candidate: own, tables, alignments: { linear: of("linear"), monotone: of("monotone") } };
}

/** Below this p texts are said to disagree. */
const DISAGREE = 0.05;

/**
 * Cochran's Q: whether the β of texts differ by more than their standard errors allow (Cochran 1954). Under one β for all, Q is
 * χ² with one degree of freedom less than texts.
 *
 * @param logBetas - ln β of each text.
 * @param errors - Their standard errors, > 0.
 * @returns `null` of fewer than two texts.
 */
export function textsAgree(logBetas: readonly number[], errors: readonly number[]): TextsAgree | null {
  if (logBetas.length < 2) return null;
  const weights = errors.map((error) => error ** -2);
  const total = weights.reduce((a, b) => a + b, 0);
  const mean = weights.reduce((sum, w, i) => sum + w * logBetas[i], 0) / total;
  const q = weights.reduce((sum, w, i) => sum + w * (logBetas[i] - mean) ** 2, 0);
  const df = logBetas.length - 1;
  const p = chiSquareTail(q, df);
  return { q, df, p, agree: p >= DISAGREE };
}

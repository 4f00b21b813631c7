import { remainderShares } from "../../probes/updates/field-shares.ts";
import { peakOf } from "../../probes/updates/peak.ts";
import type { Remainder } from "../../probes/updates/without-selection.ts";

/** Where the best β is looked for: 12 of them, evenly in log β. */
export const SEARCHED: readonly number[] = Array.from({ length: 12 }, (_, k) => 0.5 * 32 ** (k / 11));

const LOGS = SEARCHED.map(Math.log);
/** Times that the best of three neighbours is sharpened by a parabola. */
const REFINEMENTS = 3;
/** Parts of β below which two are not told apart. */
const SAME_BETA = 1e-3;
/** Shares below which a difference is rounding. */
const SAME_SHARE = 1e-10;

/** What is asked at one β: anything with what the field has outside the functions without selection. */
interface Outside {
  readonly own: Float64Array;
}

/** What was found at one β, and what the field adds there. */
interface Tried<Answer> {
  readonly logBeta: number;
  readonly beta: number;
  readonly answer: Answer;
  readonly added: number;
}

/** The β at which a field adds most. */
export interface BestBeta<Answer> {
  readonly beta: number;
  readonly answer: Answer;
  readonly edge: "lower" | "upper" | null;
  /** Whether what the field adds does not depend on β at all. */
  readonly flat: boolean;
  /** Of `SEARCHED`, in order. */
  readonly tried: readonly Answer[];
}

/**
 * Looks for the β at which a field adds most, the sign counted: at 12 β, then between the neighbours of the best.
 *
 * @param ask - What the field does at β.
 * @returns `null` where nothing can be added at any β.
 */
export async function bestBeta<Answer extends Outside>(
  remainder: Remainder,
  ask: (beta: number) => Promise<Answer>,
): Promise<BestBeta<Answer> | null> {
  const tryAt = async (logBeta: number, beta = Math.exp(logBeta)): Promise<Tried<Answer>> => {
    const answer = await ask(beta);
    return { logBeta, beta, answer, added: remainderShares(remainder, answer.own).added ?? Number.NaN };
  };
  const tried: Tried<Answer>[] = [];
  for (const [k, logBeta] of LOGS.entries()) tried.push(await tryAt(logBeta, SEARCHED[k]));
  const values = tried.map(({ added }) => added);
  if (!values.every(Number.isFinite)) return null;
  const { edge } = peakOf(LOGS, values);
  const flat = Math.max(...values) - Math.min(...values) < SAME_SHARE;
  const { beta, answer } = edge === null && !flat ? await refined(tried, tryAt) : highest(tried);
  return { beta, answer, edge: flat ? null : edge, flat, tried: tried.map((one) => one.answer) };
}

/** The log of the best β with each token left out, by the parabola over `SEARCHED`: as many as there are tokens. */
export function logBestWithout(added: readonly Float64Array[]): Float64Array {
  return added[0].map((_, token) => {
    const values = added.map((one) => one[token]);
    return peakOf(LOGS, values).at;
  });
}

async function refined<Answer>(
  tried: readonly Tried<Answer>[],
  tryAt: (logBeta: number) => Promise<Tried<Answer>>,
): Promise<Tried<Answer>> {
  let three = aroundBest(tried);
  for (let k = 0; k < REFINEMENTS; k++) {
    const { at } = peakOf(
      three.map(({ logBeta }) => logBeta),
      three.map(({ added }) => added),
    );
    if (three.some(({ logBeta }) => Math.abs(logBeta - at) < SAME_BETA)) break;
    three = aroundBest([...three, await tryAt(at)].sort((a, b) => a.logBeta - b.logBeta));
  }
  return highest(three);
}

/** The best and its neighbours. */
function aroundBest<Answer>(tried: readonly Tried<Answer>[]): readonly Tried<Answer>[] {
  const best = tried.indexOf(highest(tried));
  return tried.slice(Math.max(0, best - 1), best + 2);
}

function highest<Answer>(tried: readonly Tried<Answer>[]): Tried<Answer> {
  return tried.reduce((best, one) => (one.added > best.added ? one : best));
}

import type { TimeMap } from "../alignment/align.ts";
import type { Family } from "../laws/families.ts";
import { TOKENS_TO_RESAMPLE } from "./beta-spread.ts";
import type { FitProblem, Searched } from "./evaluate.ts";
import type { FamilyChecks, FamilyFit } from "./fit-result.ts";
import { bestIndex } from "./search.ts";

/** β values whose mean W1 is within this share of the best cannot be told apart from it. */
const AS_GOOD = 0.05;
/** β is poorly determined where as-good values span more than this factor. */
const WIDE = 4;

/** Differences of ln β below this are of no interest: the search tells them hardly apart. */
const LEAST_DIFFERENCE = 0.02;

/** Time has stopped where what is left is less than this share. */
const STILL = 0.03;

/** Shares of the horizon beyond which a time lies at it. */
const AT_HORIZON = 0.999;

/** Whether simulations were given up before the times that would fit: what is then best is best of what was seen. */
export function isDetermined(found: readonly Searched[], map: TimeMap): boolean {
  const best = bestIndex(found, map);
  return ![best - 1, best, best + 1].some((i) => found[i] !== undefined && isUnseen(found[i], map));
}

function isUnseen({ candidate: { cut, horizon }, alignments }: Searched, map: TimeMap): boolean {
  const { times } = alignments[map];
  return cut && times[times.length - 1] >= AT_HORIZON * horizon;
}

/** What is said of a fit in place of all else where nothing changes. */
export function stillWarning({ label }: Pick<Family, "label">): string {
  return `${label}: no inner product changes, so β and times mean nothing`;
}

/** What limits a fit, in words. */
export function familyWarnings(
  { label }: Pick<Family, "label">,
  found: readonly Searched[],
  map: TimeMap,
  layers: readonly number[],
  interval: readonly [number, number] | null,
): string[] {
  const best = found[bestIndex(found, map)];
  const { beta, horizon } = best.candidate;
  const { times, w1 } = best.alignments[map];
  const asGood = found.filter((s) => s.alignments[map].w1 <= (1 + AS_GOOD) * w1).map((s) => s.candidate.beta);
  const [lo, hi] = [asGood[0], asGood[asGood.length - 1]];
  const fixed = found.length === 1;
  const warnings: string[] = [];
  if (times[times.length - 1] === 0)
    warnings.push(`${label}: the best time is 0 at every layer, so nothing moves and β means nothing`);
  else if (!isDetermined(found, map)) {
    warnings.push(
      `${label}: β is not determined, near ${beta.toPrecision(3)} simulations were given up before the times of the last layers`,
    );
  } else if (hi / lo > WIDE) {
    warnings.push(
      `${label}: the profile is flat, every β from ${lo.toPrecision(2)} to ${hi.toPrecision(2)} fits within 5 % of the best`,
    );
  } else if (interval !== null && interval[1] / interval[0] > WIDE) {
    warnings.push(
      `${label}: β is poorly determined, its interval runs from ${interval[0].toPrecision(2)} to ${interval[1].toPrecision(2)}`,
    );
  }
  const atEdge =
    !fixed && (beta < 1.05 * found[0].candidate.beta || beta > found[found.length - 1].candidate.beta / 1.05);
  if (atEdge) warnings.push(`${label}: the best β ${beta.toPrecision(3)} lies at the edge of the range searched`);
  const still = times.findIndex((t) => t >= (1 - STILL) * times[times.length - 1]);
  if (map === "monotone" && times.length > 4 && still > 0 && still <= (times.length - 1) / 2) {
    warnings.push(
      `${label}: its time all but stops after layer ${layers[still]}, what the later layers do is no motion of its own`,
    );
  }
  if (times[times.length - 1] >= AT_HORIZON * horizon && horizon > 0) {
    warnings.push(`${label}: the last layer lies at the end of the simulated time ${horizon.toPrecision(3)}`);
  }
  return warnings;
}

/** What the checks of a fit tell against it, in words. */
export function checkWarnings(
  { label }: Pick<Family, "label">,
  fit: Pick<FamilyFit, "beta" | "beta_interval"> & FamilyChecks,
  { texts, layers }: Pick<FitProblem, "texts" | "layers">,
): string[] {
  const warnings: string[] = [];
  const { texts_agree: agree, beta_next_start: next, beta_corrected: corrected, null_p: p } = fit;
  const betas = fit.texts.flatMap(({ beta }) => (beta === null ? [] : [beta]));
  if (agree && !agree.agree) {
    const [lo, hi] = [Math.min(...betas), Math.max(...betas)].map((beta) => beta.toPrecision(2));
    warnings.push(
      `${label}: the texts disagree about β, alone they give ${lo} to ${hi} (Cochran's Q, ${probability(agree.p)}), so no one value holds for all`,
    );
  }
  if (corrected && fit.beta_interval && isOutside(fit.beta!, fit.beta_interval)) {
    warnings.push(
      `${label}: noise of ${corrected.noise.toPrecision(2)} in every layer, the first included, moves β to ${fit.beta!.toPrecision(3)}; its interval is around ${corrected.beta.toPrecision(3)}, where that is allowed for`,
    );
  }
  if (next && fit.beta_interval && disagrees(fit.beta!, fit.beta_interval, next.beta)) {
    warnings.push(
      `${label}: from layer ${next.layer} on β is ${next.beta.toPrecision(3)}, from layer ${layers[0]} on ${fit.beta!.toPrecision(3)}: noise in the first layer, or what is peculiar to it, moves β by more than its interval`,
    );
  }
  if (p !== null && p > 0.05)
    warnings.push(
      `${label}: layers in random order are fitted as well (${probability(p)}), so their order tells nothing`,
    );
  if (fit.beta_intervals === null && texts.some(({ n }) => n < TOKENS_TO_RESAMPLE))
    warnings.push(`${label}: a text of fewer than ${TOKENS_TO_RESAMPLE} tokens, so β has no interval`);
  if (p === null) warnings.push(`${label}: ${layers.length} layers have too few orders to say what chance would fit`);
  return warnings;
}

function isOutside(beta: number, [lo, hi]: readonly [number, number]): boolean {
  return beta < lo || beta > hi;
}

/** Whether a β lies outside an interval that is widened for the spread of both. */
function disagrees(beta: number, [lo, hi]: readonly [number, number], other: number): boolean {
  const half = Math.max(Math.log(hi / beta), Math.log(beta / lo), LEAST_DIFFERENCE);
  return Math.abs(Math.log(other / beta)) > Math.SQRT2 * half;
}

function probability(p: number): string {
  return p < 1e-3 ? "p < .001" : `p = ${Number(p.toPrecision(1))}`.replace("0.", ".");
}

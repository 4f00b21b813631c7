import { randomSource } from "../../models/random.ts";
import type { TimeMap } from "../alignment/align.ts";
import type { BinnedText } from "../alignment/binned-costs.ts";
import { type Contender, contendersOf } from "../alignment/contenders.ts";
import { orderNull } from "../alignment/layer-order.ts";
import { heldOutTokens, heldTokens, type TokenHalf } from "../alignment/token-halves.ts";
import { fixedBeta } from "../laws/families.ts";
import { type BetaSpread, betaSpread } from "./beta-spread.ts";
import { binText } from "./bin-text.ts";
import { correctedBeta } from "./corrected-beta.ts";
import type { FitProblem, Searched } from "./evaluate.ts";
import type { FamilyChecks, FamilyFit } from "./fit-result.ts";
import { type HeldDistance, type HeldOut, heldOutLastThird, heldOutRow, heldOutTexts, stillRows } from "./held-out.ts";
import { betaFromNextLayer } from "./next-start.ts";
import { gapAround } from "./search.ts";
import type { Problems, SearchedFamily } from "./search-family.ts";
import { searchTexts, type TextSearch, triedOf } from "./text-betas.ts";
import { checkWarnings, familyWarnings, isDetermined } from "./warnings.ts";

/** What of the fit's options concerns the checks. */
export interface CheckSettings {
  readonly betaMin: number;
  readonly betaMax: number;
  readonly bootstrap: number;
  readonly checks: boolean;
  readonly seed: number;
  /** `null` where a text has too few tokens. */
  readonly halves: readonly TokenHalf[] | null;
  /** Of each token in every layer; `null` with too few layers to tell. */
  readonly noise: number | null;
  readonly progress: (fraction: number) => void;
}

/** A family under the time map that was chosen, with what is known of it, and under the other one. */
export interface FittedFamily {
  readonly chosen: FamilyFit;
  readonly other: FamilyFit;
  readonly heldOut: readonly HeldOut[];
}

const UNKNOWN: BetaSpread = { intervals: null, texts: [], agree: null };

/** Where nothing changes there is nothing to check. */
const UNCHECKED: FamilyChecks = {
  beta_intervals: null,
  beta_next_start: null,
  beta_corrected: null,
  texts: [],
  texts_agree: null,
  null_skill: null,
  null_p: null,
  null_p_error: null,
  null_orders: 0,
};

/** Everything that stands beside a chosen fit: intervals, texts one by one, what was held out, and what chance would do. */
export async function checkFamily(
  { sample, whole }: Problems,
  searched: SearchedFamily,
  map: TimeMap,
  settings: CheckSettings,
): Promise<FittedFamily> {
  const { family, found, fits } = searched;
  const other = fits[map === "linear" ? "monotone" : "linear"];
  if (fits[map].skill === null)
    return { chosen: { ...fits[map], ...UNCHECKED }, other, heldOut: stillRows(family.name) };
  const random = randomSource(settings.seed);
  if (!settings.checks)
    return { chosen: { ...fits[map], ...UNCHECKED, ...ordersOf(whole, found, map, random) }, other, heldOut: [] };
  const contenders = contendersOf(triedOf(found, map));
  const binned = await binTexts(sample, searched, contenders);
  const searches = await searchTexts(whole, family, found, map);
  settings.progress(0.4);
  const { noise } = settings;
  const beta = fixedBeta(family) === null && isDetermined(found, map) ? fits[map].beta : null;
  const range = family.betas ?? ([settings.betaMin, settings.betaMax] as const);
  const gap = gapAround(found, map);
  // Where the noise is not known nothing is corrected.
  const corrected =
    beta === null ? null : await correctedBeta(sample, family, beta, map, noise ?? 0, randomSource(settings.seed));
  const of = { problem: sample, family, map, gap, range, contenders, binned, searches };
  const spread =
    beta === null || corrected === null
      ? UNKNOWN
      : await betaSpread({ ...of, beta, corrected }, settings.bootstrap, random);
  settings.progress(0.8);
  const checks: FamilyChecks = {
    beta_intervals: spread.intervals,
    beta_next_start: beta === null ? null : await betaFromNextLayer(sample, family, beta, map),
    beta_corrected: corrected === null || noise === null ? null : { beta: corrected.beta, noise },
    texts: spread.texts,
    texts_agree: spread.agree,
    ...ordersOf(whole, found, map, random),
  };
  const interval = checks.beta_intervals?.["95"] ?? null;
  const fit = { ...fits[map], beta_interval: interval, ...checks };
  const warnings = [
    ...familyWarnings(family, found, map, whole.layers, interval),
    ...(fixedBeta(family) === null ? checkWarnings(family, fit, whole) : []),
    ...searched.notes,
  ];
  const heldOut = await heldOutOf({ sample, whole }, searched, map, searches, {
    contenders,
    binned,
    halves: settings.halves,
  });
  return { chosen: { ...fit, warnings }, other, heldOut };
}

async function binTexts(
  { texts, targets }: FitProblem,
  { family }: SearchedFamily,
  contenders: readonly Contender[],
): Promise<readonly BinnedText[]> {
  const binned: BinnedText[] = [];
  for (const [i, text] of texts.entries()) binned.push(await binText(text, targets[i].plan, family, contenders));
  return binned;
}

function ordersOf(
  { fractions }: FitProblem,
  found: readonly Searched[],
  map: TimeMap,
  random: () => number,
): Pick<FamilyChecks, "null_skill" | "null_p" | "null_p_error" | "null_orders"> {
  const tabulated = found.map(({ candidate, tables }) => ({ candidate, table: tables.monotone }));
  const order = orderNull(tabulated, fractions, map, random);
  return {
    null_skill: order?.skill ?? null,
    null_p: order?.p ?? null,
    null_p_error: order?.p_error ?? null,
    null_orders: order?.orders ?? 0,
  };
}

/** What is asked of tokens that are left out; no halves: nothing. */
interface SplitTokens {
  readonly contenders: readonly Contender[];
  readonly binned: readonly BinnedText[];
  readonly halves: readonly TokenHalf[] | null;
}

async function heldOutOf(
  { sample, whole }: Problems,
  { family, found, heldOut }: SearchedFamily,
  map: TimeMap,
  searches: readonly TextSearch[],
  { contenders, binned, halves }: SplitTokens,
): Promise<HeldOut[]> {
  const alone = found.map(({ candidate: { beta } }) =>
    searches.map(({ tried }) => tried.find((t) => t.beta === beta)!.w1),
  );
  const { name } = family;
  return [
    heldOutRow("layers", name, heldOut[map]),
    heldOutRow("last_third", name, await heldOutLastThird(whole, family, found)),
    heldOutRow("texts", name, heldOutTexts(whole, found, map, alone)),
    heldOutRow("tokens", name, halves && tokensHeld(sample, contenders, map, binned, halves)),
  ];
}

function tokensHeld(
  { texts, targets }: FitProblem,
  contenders: readonly Contender[],
  map: TimeMap,
  binned: readonly BinnedText[],
  halves: readonly TokenHalf[],
): HeldDistance {
  const { beta, times, w1, baseline } = heldOutTokens(binned, halves, contenders, map);
  const tokens = heldTokens(
    targets.map(({ plan }) => plan),
    halves,
  );
  const split = { beta, times, layers: times.map((_, k) => k).slice(1), texts: [...texts.keys()], tokens };
  return { w1, baseline, splits: [split] };
}

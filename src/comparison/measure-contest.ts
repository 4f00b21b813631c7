import type { RandomSource } from "../../models/random.ts";
import type { Cloud } from "../../probes/cloud.ts";
import { indexOfLeast } from "../alignment/align.ts";
import { type FittedMotion, isOfTokens, motionClouds } from "../fit/fitted-motion.ts";
import {
  type Ceiling,
  ceilingOfHalves,
  ceilingOfTexts,
  type LayerQuantiles,
  layerQuantiles,
} from "../levels/ceiling.ts";
import type { Contestant } from "../levels/contestant.ts";
import { type TextLevels, textLevels } from "../levels/level-scores.ts";
import { keptProducts, type ObservedText, observedText } from "../levels/observed-text.ts";
import { type CrossSums, crossSums, type Partition, partitionOf } from "../levels/partition.ts";
import { permuted } from "../rivals/permuted.ts";
import { predictedClouds } from "../rivals/predicted-clouds.ts";
import type { Rival } from "../rivals/rival.ts";
import { shuffled } from "../rivals/shuffled.ts";
import type { FitText } from "../trajectories/fit-text.ts";
import { besideFrozen, COMPETING, laterLayers, levelsOf, type RivalContest, rivalContest } from "./rival-contest.ts";

/** Everything that predicts the layers, measured beside every text. */
export interface MeasuredContest {
  /** In the order given. */
  readonly motions: readonly Contestant[];
  /** Laws that families are held against, in the order given. */
  readonly laws: readonly Contestant[];
  /** `frozen`, then what could explain the layers without attention. */
  readonly rivals: readonly RivalContestant[];
  /** Shown beside them: what uses the layers that it predicts, and nulls. Each with frozen at the same layers. */
  readonly shown: readonly { readonly contestant: Contestant; readonly frozen: Contestant }[];
  /** Of every motion but the last beside the last, which is averaging; `null` where nothing changes. */
  readonly partitions: readonly (Partition | null)[];
  /** Of the distribution; pairs and tokens of a text are there once, so that nothing bounds them. */
  readonly ceiling: Ceiling | null;
}

/** A rival with the numbers that were fitted to all texts, where they can be counted. */
export interface RivalContestant extends Contestant {
  readonly complexity: number | null;
}

/** What takes part beside what always does. */
export interface Beside {
  readonly laws?: readonly FittedMotion[];
  readonly rivals?: readonly Rival[];
  /** What always takes part without motions, beside every text, where it is measured elsewhere; default: here. */
  readonly contest?: Promise<readonly RivalContest[]> | undefined;
}

/** Far below what a skill is reported to. */
const TOLERANCE = 1e-7;

/**
 * Measures motions, rivals and nulls at all layers after the first, text after text: no more than one text's clouds are held.
 *
 * @param motions - Averaging last.
 */
export async function measureContest(
  texts: readonly FitText[],
  motions: readonly FittedMotion[],
  random: RandomSource,
  { laws = [], rivals = [], contest }: Beside = {},
): Promise<MeasuredContest> {
  const each: TextContest[] = [];
  const held = [...COMPETING, ...rivals];
  for (const [i, text] of texts.entries()) {
    const one = observedText(text);
    const moved = await textContest(one, motions, laws, random);
    const unmoved = (await contest)?.[i] ?? rivalContest(one);
    const asked = rivals.map((rival) => levelsOf(one, rival));
    each.push({ ...moved, rivals: [...unmoved.rivals, ...asked], shown: [...unmoved.shown, ...moved.shown] });
  }
  const collect = (name: string, label: string, of: (one: TextContest) => TextLevels): Contestant => ({
    name,
    label,
    texts: each.map(of),
  });
  return {
    motions: motions.map(({ family }, m) => collect(family.name, family.label, (one) => one.motions[m])),
    laws: laws.map(({ family }, l) => collect(family.name, family.label, (one) => one.laws[l])),
    rivals: held.map(({ name, label }, r) => ({
      ...collect(name, label, (one) => one.rivals[r].levels),
      complexity: sumOfKnown(each.map((one) => one.rivals[r].complexity)),
    })),
    shown: each[0].shown.map(({ name, label }, s) => ({
      contestant: collect(name, label, (one) => one.shown[s].levels),
      frozen: collect("frozen", "frozen", (one) => one.shown[s].frozen),
    })),
    partitions: motions.slice(0, -1).map((_, m) => partition(each.map((one) => one.sums[m]))),
    ceiling: each.length > 1 ? ceilingOfTexts(each.map((one) => one.quantiles)) : each[0].halves,
  };
}

function partition(sums: readonly (CrossSums | null)[]): Partition | null {
  const known = sums.filter((one) => one !== null);
  return known.length === sums.length ? partitionOf(known) : null;
}

function sumOfKnown(numbers: readonly (number | undefined)[]): number | null {
  return numbers.reduce<number | null>((sum, one) => (sum === null || one === undefined ? null : sum + one), 0);
}

interface TextContest extends RivalContest {
  readonly sums: readonly (CrossSums | null)[];
  readonly quantiles: LayerQuantiles;
  readonly halves: Ceiling | null;
  readonly motions: readonly TextLevels[];
  readonly laws: readonly TextLevels[];
}

async function textContest(
  text: ObservedText,
  motions: readonly FittedMotion[],
  laws: readonly FittedMotion[],
  random: RandomSource,
): Promise<Omit<TextContest, "rivals">> {
  const later = laterLayers(text);
  const clouds: (Cloud | null)[][] = [];
  for (const motion of motions) clouds.push(await cloudsOf(text, motion));
  const predictions = clouds.map((each) => keptProducts(text, predictedClouds(each)));
  const moved = predictions.map((one) => textLevels(text, one, later));
  const chosen = predictions[indexOfLeast(moved.map(({ pairs }) => pairs?.total ?? Number.POSITIVE_INFINITY))];
  const nulls = [
    { name: "permuted", label: "tokens permuted", said: permuted(chosen, text.n, random) },
    { name: "shuffled", label: "motions given to other tokens", said: shuffled(chosen, text.clouds[0], random) },
  ];
  const averaging = predictions[predictions.length - 1];
  const beside: TextLevels[] = [];
  for (const law of laws) beside.push(textLevels(text, predictedClouds(await cloudsOf(text, law)), later));
  return {
    sums: predictions.slice(0, -1).map((family) => crossSums(text, [family, averaging], later)),
    quantiles: layerQuantiles(text),
    halves: ceilingOfHalves(text, random),
    motions: moved,
    laws: beside,
    shown: besideFrozen(text, later, nulls),
  };
}

/** Tokens that are none of the network's say nothing of its pairs and places. */
async function cloudsOf(text: ObservedText, motion: FittedMotion): Promise<(Cloud | null)[]> {
  if (!isOfTokens(motion)) return text.clouds.map(() => null);
  return motionClouds(text, motion, { tolerance: TOLERANCE, lift: true });
}

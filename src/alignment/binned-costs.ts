import { indexOfLeast, type TimeMap } from "./align.ts";
import { distances, drawnPairs } from "./binned-pairs.ts";
import type { SketchPlan } from "./quantile-sketch.ts";

/**
 * Times tried around the best one, as factors. To first order a resample's β needs none but the best time at each β: along that
 * ridge the distance does not change with time.
 */
export const TIME_FACTORS = [0.87, 1, 1.15] as const;

/** Bin numbers of all measured pairs of one text, observed and simulated. */
export interface BinnedText {
  readonly plan: SketchPlan;
  /** Of the text, measured or not. */
  readonly tokens: number;
  readonly width: Float64Array;
  /** One a layer. */
  readonly observed: readonly Uint16Array[];
  readonly contenders: readonly BinnedTrajectory[];
}

export interface BinnedTrajectory {
  /** Bin numbers at distinct times. */
  readonly bins: readonly Uint16Array[];
  /** `[layer − 1][time factor]`: which of them. */
  readonly at: readonly (readonly number[])[];
}

/** `[contender][layer − 1][time factor]`: W1 with token i, by its place in the plan, counted `multiplicity[i]` times. */
export type BinnedCosts = readonly (readonly (readonly number[])[])[];

/**
 * What every contender misses where tokens are counted in another way, for each of some ways.
 *
 * @param multiplicities - How often each token counts, whole numbers.
 */
export function binnedCosts(text: BinnedText, multiplicities: readonly Float64Array[]): readonly BinnedCosts[] {
  const drawn = drawnPairs(multiplicities);
  const observed = text.observed.slice(1).map(drawn.cumulative);
  const costs = text.contenders.map(({ bins, at }) => {
    const predicted = bins.map(drawn.cumulative);
    return at.map((row, k) => row.map((i) => distances(observed[k], predicted[i], drawn, text.width)));
  });
  return multiplicities.map((_, r) => costs.map((rows) => rows.map((row) => row.map((values) => values[r]))));
}

/** The distance of each layer after the first from the first, tokens counted in the same way. */
export function binnedBaseline({ observed, width }: BinnedText, multiplicity: Float64Array): number[] {
  const drawn = drawnPairs([multiplicity]);
  const [first, ...later] = observed.map(drawn.cumulative);
  return later.map((values) => distances(values, first, drawn, width)[0]);
}

/** A contender with time aligned anew. */
export interface Realigned {
  /** Sum of W1 over the layers after the first. */
  readonly total: number;
  /** One a layer after the first: which time factor. */
  readonly factors: readonly number[];
}

/** The best times of each contender over some texts together: one factor for all layers (linear), or each layer its own. */
export function realign(perText: readonly BinnedCosts[], map: TimeMap): readonly Realigned[] {
  return perText[0].map((rows, c) => {
    const sums = rows.map((row, k) => row.map((_, f) => perText.reduce((sum, costs) => sum + costs[c][k][f], 0)));
    if (map === "monotone") {
      const factors = sums.map(indexOfLeast);
      return { total: sums.reduce((sum, row, k) => sum + row[factors[k]], 0), factors };
    }
    const totals = TIME_FACTORS.map((_, f) => sums.reduce((sum, row) => sum + row[f], 0));
    const best = indexOfLeast(totals);
    return { total: totals[best], factors: sums.map(() => best) };
  });
}

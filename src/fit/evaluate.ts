import { type Alignment, align, costTable, type Fractions, type TimeMap } from "../alignment/align.ts";
import { type Candidate, candidate, type Frames, type Target } from "../alignment/candidate.ts";
import type { MovingFamily } from "../laws/families.ts";
import type { FitText } from "../trajectories/fit-text.ts";
import { detailFor, type FrameDetail, type FrameOptions, simulateFrames } from "../trajectories/frames.ts";
import { type LayerDistances, layerWatch, wentAway } from "./layer-watch.ts";

/** What every search works on: the texts, their sketches, and where the layers lie between the first and the last. */
export interface FitProblem {
  readonly texts: readonly FitText[];
  readonly targets: readonly Target[];
  /** Numbers of the fitted layers. */
  readonly layers: readonly number[];
  readonly fractions: Fractions;
  /** Simulations stop once their mean cosine is beyond this. */
  readonly untilMeanCosine: number;
  /** How closely trajectories are followed where it is to be known what they come to. */
  readonly fine: FrameDetail;
  /** Root mean square change of inner products, the largest between the first layer and any other: sets how closely to look. */
  readonly change: number;
  readonly signal?: AbortSignal;
}

/** A candidate with its best alignment under each time map. */
export interface Searched {
  readonly candidate: Candidate;
  readonly tables: Readonly<Record<TimeMap, Float64Array>>;
  readonly alignments: Readonly<Record<TimeMap, Alignment>>;
}

export const TIME_MAPS: readonly TimeMap[] = ["linear", "monotone"];

/** Simulates each β and aligns it under both time maps, as closely as the problem wants it unless told otherwise. */
export async function evaluate(
  problem: FitProblem,
  family: MovingFamily,
  betas: readonly number[],
  detail: FrameDetail = problem.fine,
  hopeless: (distances: LayerDistances, spent: number) => boolean = () => false,
): Promise<Searched[]> {
  if (betas.length === 0) return [];
  const options: FrameOptions = {
    detail: detailFor(detail, problem.change),
    untilMeanCosine: problem.untilMeanCosine,
    ...(problem.signal ? { signal: problem.signal } : {}),
  };
  const perText: Frames[][] = [];
  for (const [i, text] of problem.texts.entries()) {
    const watch = layerWatch(problem.targets[i], text.clouds.length);
    const ends = (beta: number, sketch: Float64Array, spent: number): boolean => {
      const distances = watch(beta, sketch);
      return wentAway(distances) || hopeless(distances, spent);
    };
    perText.push(await simulateFrames(text, problem.targets[i].plan, family, betas, { ...options, hopeless: ends }));
  }
  return betas.map((_, b) => {
    const frames = perText.map((all) => all[b]);
    return alignAll(candidate(frames, problem.targets), problem.fractions);
  });
}

/** A candidate as the search keeps it. */
export function alignAll(c: Candidate, fractions: Fractions): Searched {
  const tables = { linear: costTable(c, "linear", fractions), monotone: costTable(c, "monotone", fractions) };
  const of = (map: TimeMap): Alignment => align(c, map, fractions, tables[map]);
  return { candidate: c, tables, alignments: { linear: of("linear"), monotone: of("monotone") } };
}

import pLimit from "p-limit";
import { randomSource } from "../../models/random.ts";
import type { TimeMap } from "../alignment/align.ts";
import { chooseHalves, type TokenHalf } from "../alignment/token-halves.ts";
import type { MovingFamily } from "../laws/families.ts";
import { type CheckSettings, checkFamily, type FittedFamily } from "./check-family.ts";
import type { FamilyFit } from "./fit-result.ts";
import type { ObservedTexts } from "./observe.ts";
import { fitProblem, withAllPairs } from "./problem.ts";
import { frozenFamily, type Problems, type SearchedFamily, searchFamily } from "./search-family.ts";

/** What is asked of every family of a fit alike: plain data. */
export interface WorkshopTask {
  readonly observed: ObservedTexts;
  /** Of the bins of what is predicted. */
  readonly edges: readonly number[];
  readonly settings: Pick<CheckSettings, "betaMin" | "betaMax" | "bootstrap" | "checks" | "seed">;
}

/** Where families are searched, and checked once all were searched: this process, or one that helps it. */
export interface Workshop {
  readonly search: (
    family: MovingFamily,
    time: TimeMap | "auto",
    progress: (fraction: number) => void,
  ) => Promise<Work>;
}

/** A family as it was searched. What the search tried stays where it was made. */
export interface Work extends Pick<SearchedFamily, "family" | "fits" | "noise"> {
  readonly check: (map: TimeMap, noise: number | null, progress: (fraction: number) => void) => Promise<FittedFamily>;
}

/** Opens a workshop in another place, to which the task is sent; what cannot be is done `here`. */
export type OpenWorkshop = (task: WorkshopTask, here: Workshop) => Workshop;

/** What every family of a fit is searched with. */
export interface Prepared extends WorkshopTask {
  readonly problems: Problems;
  readonly frozen: FamilyFit;
  /** `null` where a text has too few tokens. */
  readonly halves: readonly TokenHalf[] | null;
}

/** The same task comes to the same in every place: what is drawn at random is drawn by the seed of the fit. */
export function prepare(task: WorkshopTask, signal?: AbortSignal): Prepared {
  const { observed, edges, settings } = task;
  const sample = fitProblem(observed, settings.seed, signal);
  const counts = sample.targets.map(({ plan }) => plan.tokens.length);
  return {
    ...task,
    problems: { sample, whole: withAllPairs(sample) },
    frozen: frozenFamily(observed, edges),
    halves: chooseHalves(counts, randomSource(settings.seed)),
  };
}

/** A workshop in this process. */
export function workHere({ problems, frozen, edges, halves, settings }: Prepared): Workshop {
  // Side by side checks would be no faster, and all in memory.
  const inTurn = pLimit(1);
  return {
    async search(asked, time, progress) {
      const searching = { ...settings, time, progress };
      const searched = await searchFamily(problems, asked, frozen, edges, searching);
      const { family, fits, noise } = searched;
      return {
        ...{ family, fits, noise },
        check: (map, least, progress) =>
          inTurn(() => checkFamily(problems, searched, map, { ...settings, halves, noise: least, progress })),
      };
    },
  };
}

/**
 * Gives out work: each place takes the next as soon as it has done its last.
 *
 * @param isLong - What takes many times as long as the rest and is begun first.
 * @param spare - Told of the place for which first nothing is left, while others may still be at work.
 * @returns What became of each item, in their order.
 */
export async function shareOut<P, T, R>(
  places: readonly P[],
  items: readonly T[],
  work: (place: P, item: T, index: number) => Promise<R>,
  isLong: (item: T) => boolean = () => false,
  spare: (place: P) => void = () => {},
): Promise<R[]> {
  const results = new Array<R>(items.length);
  const all = [...items.keys()];
  const queue = [...all.filter((i) => isLong(items[i])), ...all.filter((i) => !isLong(items[i]))];
  let next = 0;
  let told = false;
  const takeOn = async (place: P): Promise<void> => {
    while (next < queue.length) {
      const index = queue[next++];
      try {
        results[index] = await work(place, items[index], index);
      } catch (error) {
        next = queue.length; // Nobody wants the rest.
        told = true;
        throw error;
      }
    }
    if (!told) spare(place);
    told = true;
  };
  await Promise.all(places.map(takeOn));
  return results;
}

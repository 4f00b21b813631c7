import pLimit from "p-limit";
import { randomSource } from "../../models/random.ts";
import type { TimeMap } from "../alignment/align.ts";
import { chooseHalves, type TokenHalf } from "../alignment/token-halves.ts";
import type { MovingFamily } from "../laws/families.ts";
import type { FoundFree } from "../laws/free-search.ts";
import { type CheckSettings, checkFamily, type FittedFamily } from "./check-family.ts";
import type { FamilyFit } from "./fit-result.ts";
import type { ObservedTexts } from "./observe.ts";
import { fitProblem, withAllPairs } from "./problem.ts";
import {
  frozenFamily,
  type Problems,
  type Ranked,
  rankValue,
  type SearchedFamily,
  searchFamily,
} from "./search-family.ts";

/** What is asked of every family of a fit alike: plain data. */
export interface WorkshopTask {
  readonly observed: ObservedTexts;
  /** Of the bins of what is predicted. */
  readonly edges: readonly number[];
  readonly settings: Pick<CheckSettings, "betaMin" | "betaMax" | "bootstrap" | "checks" | "seed">;
}

/** Where families are searched, and checked once all were searched: this process, or one that helps it. */
export interface Workshop {
  /** How near a family comes at one value of its free parameter; `near` is what the best one so far came to. */
  readonly rank: (family: MovingFamily, time: TimeMap | "auto", value: number, near: Ranked | null) => Promise<Ranked>;
  /** @param free - The value of its free parameter; `null` where it has none. */
  readonly search: (
    family: MovingFamily,
    time: TimeMap | "auto",
    free: FoundFree | null,
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
    rank: (family, time, value, near) => rankValue(problems.sample, family, { ...settings, time }, value, near),
    async search(asked, time, free, progress) {
      const searching = { ...settings, time, free, progress };
      const searched = await searchFamily(problems, asked, frozen, edges, searching);
      const { family, fits, noise } = searched;
      return {
        ...{ family, fits, noise },
        check: (map, ofAll, progress) =>
          inTurn(() => checkFamily(problems, searched, map, { ...settings, halves, noise: ofAll, progress })),
      };
    },
  };
}

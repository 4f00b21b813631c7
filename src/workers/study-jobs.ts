import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import type { TimeMap } from "../alignment/align.ts";
import { type FittedUpdatesOptions, fittedUpdates, untrainedUpdates } from "../comparison/fitted-updates.ts";
import { type RivalContest, rivalContest } from "../comparison/rival-contest.ts";
import { type Untrained, untrainedOf } from "../comparison/untrained.ts";
import type { FittedFamily } from "../fit/check-family.ts";
import type { FitOptions } from "../fit/fit.ts";
import type { Ranked } from "../fit/search-family.ts";
import { prepare, type Work, type Workshop, type WorkshopTask, workHere } from "../fit/workshop.ts";
import type { FoundFree } from "../laws/free-search.ts";
import type { FitText } from "../trajectories/fit-text.ts";
import type { UntrainedRow, UpdateRow } from "../updates/update-row.ts";
import { receivedFamily, type SentFamily, sentFamily } from "./send-family.ts";
import type { ToldFailure } from "./told-failure.ts";

/** What of a study can be done elsewhere: what each part is given, and what it comes to, all plain data. */
export interface StudyJobs {
  readonly updates: {
    readonly given: { readonly batches: readonly HiddenStates[]; readonly options: FittedUpdatesOptions };
    readonly result: readonly UpdateRow[];
  };
  readonly untrained: {
    readonly given: {
      readonly draws: readonly (readonly HiddenStates[])[];
      readonly options: FitOptions & { readonly updates: boolean };
    };
    readonly result: Untrained;
  };
  /** The updates of some draws of the untrained network, numbered from `first` on. */
  readonly untrainedUpdates: {
    readonly given: {
      readonly draws: readonly (readonly HiddenStates[])[];
      readonly options: FittedUpdatesOptions;
      readonly first: number;
    };
    readonly result: readonly UntrainedRow[];
  };
  /** Opens a workshop for the families of a fit; its number. */
  readonly workshop: { readonly given: WorkshopTask; readonly result: number };
  /** How near a family comes at a value of its free parameter. */
  readonly rank: {
    readonly given: InWorkshop & { readonly value: number; readonly near: Ranked | null };
    readonly result: Ranked;
  };
  /** Searches a family; the number of the work, to check it by. */
  readonly search: {
    readonly given: InWorkshop & { readonly free: FoundFree | null };
    readonly result: Pick<Work, "fits" | "noise"> & { readonly work: number; readonly sent: SentFamily };
  };
  readonly check: {
    readonly given: { readonly work: number; readonly map: TimeMap; readonly noise: number | null };
    readonly result: FittedFamily;
  };
  readonly rivals: { readonly given: readonly FitText[]; readonly result: readonly RivalContest[] };
}

interface InWorkshop {
  readonly workshop: number;
  readonly sent: SentFamily;
  readonly time: TimeMap | "auto";
}

/** Told of the part that is done: 0 … 1. */
export type JobProgress = (fraction: number) => void;

const workshops: Workshop[] = [];
const works: Work[] = [];

/** Does a part, wherever it is. */
export const STUDY_JOBS: {
  readonly [J in keyof StudyJobs]: (
    given: StudyJobs[J]["given"],
    progress: JobProgress,
  ) => Promise<StudyJobs[J]["result"]>;
} = {
  updates: ({ batches, options }) => fittedUpdates(batches, options),
  untrained: ({ draws, options }) => untrainedOf(draws, options),
  untrainedUpdates: ({ draws, options, first }) => untrainedUpdates(draws, options, first),
  workshop: async (task) => workshops.push(workHere(prepare(task))) - 1,
  rank: ({ workshop, sent, time, value, near }) => workshops[workshop].rank(receivedFamily(sent), time, value, near),
  async search({ workshop, sent, time, free }, progress) {
    const work = await workshops[workshop].search(receivedFamily(sent), time, free, progress);
    const { family, fits, noise } = work;
    return { fits, noise, work: works.push(work) - 1, sent: sentFamily(family)! };
  },
  async check({ work, map, noise }, progress) {
    const fitted = await works[work].check(map, noise, progress);
    delete works[work]; // Hundreds of trajectories.
    return fitted;
  },
  rivals: async (texts) => texts.map((text) => rivalContest(text)),
};

/** To the process of a helper. */
export interface StudyMessage<J extends keyof StudyJobs = keyof StudyJobs> {
  readonly id: number;
  readonly job: J;
  readonly given: StudyJobs[J]["given"];
}

/** From it. */
export type StudyAnswer =
  | { readonly id: number; readonly progress: number }
  | { readonly id: number; readonly result: StudyJobs[keyof StudyJobs]["result"] }
  | { readonly id: number; readonly failure: ToldFailure };

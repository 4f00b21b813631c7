import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { type FittedUpdatesOptions, fittedUpdates } from "../comparison/fitted-updates.ts";
import { type Untrained, untrainedOf } from "../comparison/untrained.ts";
import type { FitOptions } from "../fit/fit.ts";
import type { UpdateRow } from "../updates/update-row.ts";
import type { ToldFailure } from "./told-failure.ts";

/** What of a study waits for nothing else: what each part is given, and what it comes to, all plain data. */
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
}

/** Does a part, wherever it is. */
export const STUDY_JOBS: {
  readonly [J in keyof StudyJobs]: (given: StudyJobs[J]["given"]) => Promise<StudyJobs[J]["result"]>;
} = {
  updates: ({ batches, options }) => fittedUpdates(batches, options),
  untrained: ({ draws, options }) => untrainedOf(draws, options),
};

/** To the process of a helper. */
export interface StudyMessage<J extends keyof StudyJobs = keyof StudyJobs> {
  readonly id: number;
  readonly job: J;
  readonly given: StudyJobs[J]["given"];
}

/** From it. */
export type StudyAnswer =
  | { readonly id: number; readonly result: StudyJobs[keyof StudyJobs]["result"] }
  | { readonly id: number; readonly failure: ToldFailure };

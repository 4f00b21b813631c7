import { availableParallelism } from "node:os";
import { type StudyHelper, studyHelper } from "./study-helper.ts";

/** The helping processes of a study: as many as there are cores beside this process's own. None is started before it is asked for. */
export interface HelperPool {
  /** The one that does, one after the other, what waits for nothing. */
  readonly first: () => StudyHelper;
  /** Those that have nothing to do, at most so many. */
  readonly idle: (most: number) => readonly StudyHelper[];
  /** One that was started: sooner or later it has nothing to do; `undefined`: none was. */
  readonly started: () => StudyHelper | undefined;
  /** Ends them, whatever they are at. */
  readonly release: () => Promise<void>;
}

/** @param cores - ≥ 1. On one core there is a first helper, so that work is in one place, and no idle one. */
export function helperPool(cores = availableParallelism()): HelperPool {
  const helpers: StudyHelper[] = [];
  let busy = false;
  const at = (place: number): StudyHelper => {
    helpers[place] ??= studyHelper();
    return helpers[place];
  };
  return {
    first() {
      busy = true;
      return at(0);
    },
    idle(most) {
      const from = busy ? 1 : 0;
      // Run from its TypeScript sources the project has no process to start: its one helper is this process.
      const to = import.meta.url.endsWith(".js") ? Math.min(cores - 1, from + most) : from;
      return Array.from({ length: Math.max(0, to - from) }, (_, i) => at(from + i));
    },
    started: () => helpers.find((helper) => helper !== undefined),
    release: async () => {
      await Promise.all(helpers.map((helper) => helper?.release()));
    },
  };
}

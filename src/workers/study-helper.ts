import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { TokensphereError } from "../../models/errors.ts";
import { startChild } from "../processes/start-child.ts";
import { type JobProgress, STUDY_JOBS, type StudyAnswer, type StudyJobs } from "./study-jobs.ts";
import { failureOf } from "./told-failure.ts";

const CHILD = fileURLToPath(new URL("./study-child.js", import.meta.url));

/** Does parts of a study while its caller does others. */
export interface StudyHelper {
  /** What is given is read before this returns. A failure nobody waits for is told to nobody. */
  readonly ask: <J extends keyof StudyJobs>(
    job: J,
    given: StudyJobs[J]["given"],
    progress?: JobProgress,
  ) => Promise<StudyJobs[J]["result"]>;
  /** What was asked for so far has reached it, or never will: large data are on their way only while their sender waits. */
  readonly reached: () => Promise<void>;
  /** Ends it, whatever it is at. */
  readonly release: () => Promise<void>;
}

/**
 * A helper with a process of its own, so that a second core has work. What is no plain data, such as a dynamics of one's own, is done here.
 */
export function studyHelper(): StudyHelper {
  // Run from its TypeScript sources, as tests are, the project has no file that a new process could run.
  return import.meta.url.endsWith(".js") ? processHelper() : localHelper;
}

const nobody: JobProgress = () => {};

const localHelper: StudyHelper = {
  ask: (job, given, progress = nobody) => quiet(STUDY_JOBS[job](given, progress)),
  reached: async () => {},
  release: async () => {},
};

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
  readonly progress: JobProgress;
}

function processHelper(): StudyHelper {
  const child = startChild(CHILD);
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  let sent: Promise<void> = Promise.resolve();
  let ended: Error | null = null;
  const gone = once(child, "exit").then(
    () => {},
    () => {},
  );
  const end = (how: string) => {
    ended ??= new TokensphereError("environment", `helping process: it ${how}. use fewer or shorter texts`);
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  child.on("message", (answer: StudyAnswer) => {
    const { resolve, reject, progress } = waiting.get(answer.id) ?? {};
    if ("progress" in answer) return progress?.(answer.progress);
    waiting.delete(answer.id);
    if ("failure" in answer) reject?.(failureOf(answer.failure));
    else resolve?.(answer.result as never);
  });
  child.on("exit", (code, killed) => end(`ended (${killed ?? `exit code ${code}`})`));
  child.on("error", ({ message }) => end(`cannot be used (${message})`));
  return {
    ask(job, given, progress = nobody) {
      if (ended) return quiet(Promise.reject(ended));
      const id = asked++;
      const answer = new Promise<never>((resolve, reject) => waiting.set(id, { resolve, reject, progress }));
      try {
        let arrived: () => void;
        const arrival = new Promise<void>((resolve) => {
          arrived = resolve;
        });
        child.send({ id, job, given }, (error) => {
          if (error) end(`takes no more work (${error.message})`);
          arrived();
        });
        sent = arrival;
      } catch {
        waiting.delete(id);
        return localHelper.ask(job, given, progress);
      }
      return quiet(answer);
    },
    reached: () => Promise.race([sent, gone]),
    release: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await gone;
    },
  };
}

/** The same promise, whose failure is no failure of the process where nobody waits for it. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

import { endWithParent } from "../processes/end-with-parent.ts";
import { STUDY_JOBS, type StudyAnswer, type StudyJobs, type StudyMessage } from "./study-jobs.ts";
import { toldFailure } from "./told-failure.ts";

/** The program of a study's helper: does one job after the other, in the order in which they are told. */
let last: Promise<void> = Promise.resolve();

process.on("message", (message: StudyMessage) => {
  last = last.then(() => answer(message));
});
endWithParent();
// An interruption from the terminal reaches all processes; the one who asked says what follows from it.
process.on("SIGINT", () => {});

async function answer<J extends keyof StudyJobs>({ id, job, given }: StudyMessage<J>): Promise<void> {
  const tell = (message: StudyAnswer) => void process.send?.(message, () => {});
  try {
    tell({ id, result: await STUDY_JOBS[job](given, (progress) => tell({ id, progress })) });
  } catch (error) {
    tell({ id, failure: toldFailure(error) });
  }
}

import { localHelper } from "../../sim/sweep/local-helper.ts";
import type { SweepHelper, SweepJob, SweepWork } from "../../sim/sweep/sweep-task.ts";
import { endWithParent } from "../processes/end-with-parent.ts";
import { receivedTask } from "./send-task.ts";
import type { FromHelper, ToHelper } from "./sweep-messages.ts";
import { toldFailure } from "./told-failure.ts";

/** The program of a helper's process: see `processHelper`. Where nobody listens any more it ends. */
let helper: Promise<SweepHelper> | undefined;

/** Where the one who asked is gone, nobody is left to be told. */
const tell = (message: FromHelper) => void process.send?.(message, () => {});

process.on("message", (message: ToHelper) => {
  if ("job" in message) {
    if (helper) void work(helper, message.work, message.job);
  } else {
    helper = receivedTask(message).then((task) => localHelper(task));
    // What it could not load is told in answer to the first job.
    helper.catch(() => {});
  }
});
endWithParent();
// An interruption from the terminal reaches all processes; the one who asked says what follows from it.
process.on("SIGINT", () => {});

// What nobody caught, such as an error in a timer of a plugin, fails the job under way and all that follow.
for (const event of ["uncaughtException", "unhandledRejection"]) {
  process.on(event, (error: unknown) => {
    helper = Promise.reject(error);
    helper.catch(() => {});
    tell({ failure: toldFailure(error) });
  });
}

async function work(by: Promise<SweepHelper>, asked: SweepWork, job: SweepJob): Promise<void> {
  try {
    tell({ result: await (await by)[asked](job, (progress) => tell({ progress })) });
  } catch (error) {
    tell({ failure: toldFailure(error) });
  }
}

import { TokensphereError } from "../../models/errors.ts";
import { localHelper } from "../../sim/sweep/local-helper.ts";
import type { SweepHelper, SweepJob } from "../../sim/sweep/sweep-task.ts";
import type { FromHelper, ToHelper } from "./sweep-messages.ts";

/** The program of a helper's process: see `processHelper`. Where nobody listens any more it ends. */
let helper: SweepHelper | undefined;

const tell = (message: FromHelper) => void process.send?.(message);

process.on("message", (message: ToHelper) => {
  if ("task" in message) helper = localHelper(message.task);
  else if (helper) void work(helper, message.job);
});
process.on("disconnect", () => process.exit());
// An interruption from the terminal reaches all processes; the one who asked says what follows from it.
process.on("SIGINT", () => {});

async function work(by: SweepHelper, job: SweepJob): Promise<void> {
  try {
    tell({ sums: await by.sums(job, (progress) => tell({ progress })) });
  } catch (error) {
    const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
    tell({ failure: { kind: error instanceof TokensphereError ? error.kind : null, message, stack } });
  }
}

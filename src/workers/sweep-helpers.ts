import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { TokensphereError } from "../../models/errors.ts";
import { localHelper } from "../../sim/sweep/local-helper.ts";
import type { SweepSums } from "../../sim/sweep/sweep-sums.ts";
import type { StartHelper, SweepHelper, SweepTask } from "../../sim/sweep/sweep-task.ts";
import type { FromHelper, ToHelper } from "./sweep-messages.ts";

const CHILD = fileURLToPath(new URL("./sweep-child.js", import.meta.url));

/**
 * Helpers for `sweep`: one does the work in this process, more have a process each, with one thread of ONNX Runtime. (Threads
 * of Node would do, but one that ends while ONNX Runtime is at work takes the whole process with it.)
 *
 * @param workers - ≥ 1.
 */
export function sweepHelpers(workers: number): StartHelper[] {
  // Run from its TypeScript sources, as tests are, the project has no file that a new process could run.
  const canFork = import.meta.url.endsWith(".js");
  return workers > 1 && canFork ? Array.from({ length: workers }, () => processHelper) : [localHelper];
}

/** A process that does jobs of one sweep. It is started with its first job, and killed on release. */
export function processHelper(task: SweepTask, signal: AbortSignal | undefined): SweepHelper {
  let child: ChildProcess | undefined;
  const start = () => {
    const started = fork(CHILD, {
      serialization: "advanced",
      execArgv: [],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    tell(started, { task });
    return started;
  };
  return {
    sums: async (job, progress) => {
      signal?.throwIfAborted();
      child ??= start();
      tell(child, { job });
      return answerOf(child, progress, signal);
    },
    release: async () => {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}

function tell(child: ChildProcess, message: ToHelper): void {
  // A process that is gone is heard of by its exit.
  child.send(message, () => {});
}

/** What the job under way comes to. */
function answerOf(
  child: ChildProcess,
  progress: (fraction: number) => void,
  signal: AbortSignal | undefined,
): Promise<SweepSums> {
  let forget = () => {};
  return new Promise<SweepSums>((resolve, reject) => {
    const read = (message: FromHelper) => {
      if ("progress" in message) progress(message.progress);
      else if ("sums" in message) resolve(message.sums);
      else reject(failureOf(message.failure));
    };
    const exit = (code: number | null, killed: string | null) => reject(lost(killed ?? `exit code ${code}`));
    const fail = (error: Error) => reject(lost(error.message));
    const abort = () => reject(signal?.reason);
    child.on("message", read).on("exit", exit).on("error", fail);
    signal?.addEventListener("abort", abort);
    forget = () => {
      child.off("message", read).off("exit", exit).off("error", fail);
      signal?.removeEventListener("abort", abort);
    };
  }).finally(() => forget());
}

function lost(how: string): TokensphereError {
  return new TokensphereError(
    "environment",
    `sweep: a helping process ended (${how}). use --workers 1, or fewer seeds`,
  );
}

function failureOf({ kind, message, stack }: Extract<FromHelper, { failure: unknown }>["failure"]): Error {
  const error = kind === null ? new Error(message) : new TokensphereError(kind, message);
  error.stack = stack;
  return error;
}

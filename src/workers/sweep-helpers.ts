import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { TokensphereError } from "../../models/errors.ts";
import { localHelper } from "../../sim/sweep/local-helper.ts";
import type {
  StartHelper,
  SweepHelper,
  SweepJob,
  SweepResult,
  SweepTask,
  SweepWork,
} from "../../sim/sweep/sweep-task.ts";
import { startChild } from "../processes/start-child.ts";
import { sentTask } from "./send-task.ts";
import type { FromHelper, SentTask, ToHelper } from "./sweep-messages.ts";
import { failureOf } from "./told-failure.ts";

const CHILD = fileURLToPath(new URL("./sweep-child.js", import.meta.url));

export interface SweepHelpersOptions {
  /** Plugin files that dynamics with an `origin` come from. */
  readonly plugins?: readonly string[] | undefined;
  /** Where their paths start. Default: the folder of this process. */
  readonly cwd?: string | undefined;
}

/**
 * Helpers for `sweep` and `sweepClusters`: one does the work in this process, more have a process each, with one thread of ONNX Runtime. (Threads
 * of Node would do, but one that ends while ONNX Runtime is at work takes the whole process with it.)
 *
 * A dynamics or an engine that is a value works in them too where it is one of ours or a dynamics of the plugin files; what no file
 * stands for is computed in this process.
 *
 * @param workers - ≥ 1.
 */
export function sweepHelpers(workers: number, options: SweepHelpersOptions = {}): StartHelper[] {
  // Run from its TypeScript sources, as tests are, the project has no file that a new process could run.
  const canFork = import.meta.url.endsWith(".js");
  if (workers === 1 || !canFork) return [localHelper];
  return Array.from({ length: workers }, () => (task, signal) => processHelper(task, signal, options));
}

/**
 * A process that does jobs of one sweep. It is started with its first job, and killed on release. A task that cannot be sent is done
 * here.
 */
export function processHelper(
  task: SweepTask,
  signal: AbortSignal | undefined,
  { plugins = [], cwd = process.cwd() }: SweepHelpersOptions = {},
): SweepHelper {
  const files = plugins.map((path) => resolve(cwd, path));
  const sent = sentTask(task, files);
  return sent ? startProcess(sent, signal) : localHelper(task, signal);
}

function startProcess(sent: SentTask, signal: AbortSignal | undefined): SweepHelper {
  let child: ChildProcess | undefined;
  const start = () => {
    const started = startChild(CHILD);
    tell(started, sent);
    return started;
  };
  const ask =
    <Work extends SweepWork>(work: Work) =>
    async (job: SweepJob, progress: (fraction: number) => void): Promise<SweepResult<Work>> => {
      signal?.throwIfAborted();
      child ??= start();
      tell(child, { work, job });
      return answerOf(child, progress, signal);
    };
  return {
    sums: ask("sums"),
    census: ask("census"),
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
function answerOf<Work extends SweepWork>(
  child: ChildProcess,
  progress: (fraction: number) => void,
  signal: AbortSignal | undefined,
): Promise<SweepResult<Work>> {
  let forget = () => {};
  return new Promise<SweepResult<Work>>((resolve, reject) => {
    const read = (message: FromHelper) => {
      if ("progress" in message) progress(message.progress);
      else if ("result" in message) resolve(message.result as SweepResult<Work>);
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

import { type ChildProcess, fork } from "node:child_process";

/**
 * Starts a program of ours in a process of its own, that takes messages of any plain data; however this one ends, it is not left behind.
 *
 * @param stderr - Where its talk goes: with ours, or nowhere.
 */
export function startChild(program: string, stderr: "inherit" | "ignore" = "inherit"): ChildProcess {
  const started = fork(program, {
    serialization: "advanced",
    execArgv: [],
    stdio: ["ignore", "ignore", stderr, "ipc"],
  });
  const end = () => void started.kill("SIGKILL");
  process.once("exit", end);
  started.once("exit", () => process.off("exit", end));
  return started;
}

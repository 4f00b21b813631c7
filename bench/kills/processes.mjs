// Processes of a command, as Linux lists them.
import { readdirSync, readFileSync } from "node:fs";

/** State, parent, group and seconds of processor time of a process; null where there is none, or one that has ended. */
export function statOf(pid) {
  try {
    const [state, parent, group, ...more] = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    if (state === "Z") return null;
    return { parent: Number(parent), group: Number(group), seconds: (Number(more[8]) + Number(more[9])) / 100 };
  } catch {
    return null;
  }
}

/** The numbers of processes of which something is so. */
export function processesWhere(isSo) {
  return readdirSync("/proc").filter((name) => {
    const stat = /^\d+$/.test(name) ? statOf(name) : null;
    return stat !== null && isSo(stat);
  });
}

/** A signal to a command and all that it started, as a terminal sends it. */
export function killGroup(group, signal) {
  try {
    process.kill(-group, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error; // It has come to its end.
  }
}

/** Kills the child of a command that does its work, as a system does that is out of memory. */
export function killWork(command) {
  for (const pid of processesWhere(({ parent }) => parent === command)) process.kill(Number(pid), "SIGKILL");
}

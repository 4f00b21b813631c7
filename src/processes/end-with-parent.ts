import { Worker } from "node:worker_threads";

/** Looked at so often, in ms. */
const PERIOD = 300;
/** Work that is done sooner needs no watch, which takes the time of a tenth of a start. */
const AFTER = 500;

/** In a thread of its own: the one at work may be in a library, or in a loop that never ends. */
const WATCH = `
const { workerData: parent } = require("node:worker_threads");
const isGone = () => {
  try {
    return process.ppid !== parent || !process.kill(parent, 0);
  } catch (error) {
    return error.code === "ESRCH";
  }
};
setInterval(() => isGone() && process.kill(process.pid, "SIGKILL"), ${PERIOD});
`;

/** Sees to it that this process ends when the one that started it is gone, whatever it is at; it must have a channel to it. */
export function endWithParent(): void {
  const parent = process.ppid;
  setTimeout(() => {
    // Gone before it was looked for: the number is another process's by now.
    if (!process.connected) process.kill(process.pid, "SIGKILL");
    new Worker(WATCH, { eval: true, workerData: parent }).unref();
  }, AFTER).unref();
}

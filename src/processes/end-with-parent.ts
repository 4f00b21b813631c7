import { Worker } from "node:worker_threads";

/** Looked at so often, in ms. */
const PERIOD = 300;

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
  // Gone before it was looked for: the number is another process's by now.
  if (!process.connected) process.kill(process.pid, "SIGKILL");
  // At once: this thread may soon be at work that lets no timer through.
  new Worker(WATCH, { eval: true, workerData: process.ppid }).unref();
}

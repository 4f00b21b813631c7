// Runs commands for damage.mjs: one job at a time comes as a message, the outcome goes back. A crash ends only this process.
import { NO_WINDOW } from "../../dist/src/effects/window.js";
import { runProgram } from "../../dist/src/program.js";

process.on("message", async ({ id, args }) => {
  const printed = [];
  const failed = [];
  const effects = {
    cwd: process.cwd(),
    env: { HF_HUB_OFFLINE: "1" },
    print: (line) => printed.push(line),
    say: () => undefined,
    fail: (line) => failed.push(line),
    readStdin: async () => "",
    progress: { update: () => undefined, stop: () => undefined },
    window: NO_WINDOW,
    openPage: async () => false,
    seconds: () => performance.now() / 1000,
    peakMemory: () => 0,
    date: () => new Date(0),
    halfWritten: () => () => undefined,
  };
  const code = await runProgram(args, effects).catch((error) => {
    failed.push(`escaped: ${error}`);
    return -1;
  });
  process.send({ id, code, printed: printed.join("\n"), failed });
});
process.send({ ready: true });

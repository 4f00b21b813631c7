import { text } from "node:stream/consumers";
import type { Effects } from "./effects.ts";
import { halfWrittenTeller } from "./half-written.ts";
import { openPage } from "./open-page.ts";
import { progressBar } from "./progress.ts";
import { SIGNALS } from "./signals.ts";
import { tellFailure } from "./tell-failure.ts";
import { painted, type Window, windowOf } from "./window.ts";

/** What nobody was there to catch, such as an error in a timer of a plugin. */
const UNCAUGHT = ["uncaughtException", "unhandledRejection"] as const;

/** The real world: this process, its streams and its clock. */
export function processEffects(argv: readonly string[]): Effects {
  const quiet = argv.includes("--quiet") || argv.includes("-q");
  const debug = argv.includes("--debug");
  const progress = progressBar(process.stderr, quiet);
  const talk = windowOf(process.stderr, process.env);
  const fail = (line: string) => void process.stderr.write(`${inColour(talk, line)}\n`);
  const end = (code: number) => {
    progress.stop(); // A bar hides the cursor.
    process.exit(code);
  };
  // For good: one more signal on the way out changes nothing.
  for (const [signal, code] of Object.entries(SIGNALS)) process.on(signal, () => end(code));
  for (const event of UNCAUGHT) {
    process.on(event, (error: unknown) => {
      progress.stop(); // What is said would stand in the bar.
      end(tellFailure(error, { fail, debug }));
    });
  }
  let unread = false;
  process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
    // A reader that closes early (`… | head`) is no failure: what is under way is finished, and a run written whole.
    unread = true;
    if (code === "EPIPE") return;
    fail(`error: cannot write to standard output: ${code}. check the space left`);
    end(5);
  });
  return {
    cwd: process.cwd(),
    env: process.env,
    print: (line) => void (unread || process.stdout.write(`${line}\n`)),
    say(line) {
      if (quiet) return;
      progress.stop(); // What is said would stand in the bar.
      process.stderr.write(`${inColour(talk, line)}\n`);
    },
    fail,
    readStdin: () => text(process.stdin),
    progress,
    window: windowOf(process.stdout, process.env),
    openPage: (path) => openPage(path, process.env),
    seconds: () => performance.now() / 1000,
    peakMemory: () => process.resourceUsage().maxRSS / 1024,
    date: () => new Date(),
    halfWritten: halfWrittenTeller(),
  };
}

/** The first word of a warning or a failure is seen. */
function inColour(window: Window, line: string): string {
  return line
    .replace(/^warning:/, (word) => painted(window, "warning", word))
    .replace(/^(internal )?error:/, (word) => painted(window, "failure", word));
}

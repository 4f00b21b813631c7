import { text } from "node:stream/consumers";
import type { Effects } from "./effects.ts";
import { progressBar } from "./progress.ts";

const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/** The real world: this process, its streams and its clock. */
export function processEffects(argv: readonly string[]): Effects {
  const quiet = argv.includes("--quiet") || argv.includes("-q");
  const cleanups = new Set<() => void>();
  for (const [signal, code] of Object.entries(SIGNALS)) {
    process.once(signal, () => {
      for (const cleanup of cleanups) cleanup();
      process.exit(code);
    });
  }
  // A reader that closes early (`… | head`) is no failure.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 5));
  return {
    cwd: process.cwd(),
    env: process.env,
    print: (line) => void process.stdout.write(`${line}\n`),
    say: (line) => void (quiet || process.stderr.write(`${line}\n`)),
    fail: (line) => void process.stderr.write(`${line}\n`),
    readStdin: () => text(process.stdin),
    progress: progressBar(process.stderr, quiet),
    seconds: () => performance.now() / 1000,
    peakMemory: () => process.resourceUsage().maxRSS / 1024,
    date: () => new Date(),
    onInterrupt(cleanup) {
      cleanups.add(cleanup);
      return () => void cleanups.delete(cleanup);
    },
  };
}

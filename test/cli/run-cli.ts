import type { Effects } from "../../src/effects/effects.ts";
import type { HalfWritten } from "../../src/effects/half-written.ts";
import { NO_WINDOW, type Window } from "../../src/effects/window.ts";
import { runProgram } from "../../src/program.ts";

/** What a command line came to, as a shell would see it. */
export interface CliResult {
  readonly code: number;
  /** Lines on stdout. */
  readonly out: readonly string[];
  /** Lines of failure on stderr. */
  readonly failed: readonly string[];
  /** Talk on stderr. */
  readonly said: readonly string[];
}

export interface CliWorld {
  readonly cwd: string;
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Takes the places where something is half-written. */
  readonly places?: Set<HalfWritten>;
  /** Default: no terminal. */
  readonly window?: Window;
  /** Takes the pages that a browser is asked to show; without it there is none. */
  readonly pages?: string[];
}

/** What went where. */
interface Streams {
  readonly out: string[];
  readonly failed: string[];
  readonly said: string[];
}

/** Effects that reach nothing of this process: lines are kept, and time stands still. */
export function fakeEffects(world: CliWorld, { out, failed, said }: Streams): Effects {
  const { cwd, stdin = "", env = { HF_HUB_OFFLINE: "1" }, places = new Set(), window = NO_WINDOW, pages } = world;
  return {
    cwd,
    env,
    print: (line) => void out.push(line),
    say: (line) => void said.push(line),
    fail: (line) => void failed.push(line),
    readStdin: async () => stdin,
    progress: { update() {}, stop() {} },
    window,
    async openPage(path) {
      pages?.push(path);
      return pages !== undefined;
    },
    seconds: () => 0,
    peakMemory: () => 100,
    date: () => new Date("2026-01-02T03:04:05Z"),
    halfWritten(place) {
      places.add(place);
      return () => void places.delete(place);
    },
  };
}

/** Runs a command line in a world of its own. */
export async function runCli(args: readonly string[], world: CliWorld): Promise<CliResult> {
  const streams: Streams = { out: [], failed: [], said: [] };
  return { code: await runProgram(args, fakeEffects(world, streams)), ...streams };
}

/** The one JSON document on stdout. Throws where there is anything else. */
export function jsonOf({ code, out, failed }: CliResult): unknown {
  if (code !== 0 || out.length !== 1) throw new Error(`exit code ${code}, ${out.length} lines; ${failed.join(" ")}`);
  return JSON.parse(out[0]);
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { EXIT_CODES } from "../effects/exit-codes.ts";
import type { HalfWritten, HalfWrittenNews } from "../effects/half-written.ts";
import { SIGNALS } from "../effects/signals.ts";

type Signal = keyof typeof SIGNALS;

/** Time to end by itself, in ms: with what comes after, an answer within two seconds. */
const GRACE = 1000;
/** One key press arrives several times: from the terminal, and from npm or npx above. In ms. */
const ONE_PRESS = 250;

/** A hidden cursor and cut lines are what a bar leaves of itself. */
const BAR_GONE = "\r\u001b[K\u001b[?25h\u001b[?7h";

/**
 * Runs a program of ours as a child that has this process's terminal, and waits for it. Work may lie in a library that blocks its thread, or
 * in a loop that never ends: what asks this process to end reaches the child, and where it does not end by itself it is ended, at
 * once where it is asked twice. What it left half-written, however it ended, is removed.
 *
 *     terminal ─signal─▶ supervisor ─signal─▶ child ──▶ exit code
 *                            └── 1 s, or a second signal ──▶ SIGKILL
 *                            ◀── half-written places ──┘
 *
 * @returns its exit code; of one that was ended by a signal 128 and the signal's number, as a shell has it.
 */
export async function supervise(program: string, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [...process.execArgv, program, ...args], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  const places = new Map<number, HalfWritten>();
  child.on("message", ({ place, is }: HalfWrittenNews) => void (is ? places.set(place, is) : places.delete(place)));
  let asked: { readonly signal: Signal; readonly at: number } | null = null;
  for (const signal of Object.keys(SIGNALS) as Signal[]) {
    process.on(signal, () => {
      if (asked) {
        if (performance.now() - asked.at > ONE_PRESS) child.kill("SIGKILL");
        return;
      }
      asked = { signal, at: performance.now() };
      child.kill(signal);
      setTimeout(() => child.kill("SIGKILL"), GRACE).unref();
    });
  }
  let killed: NodeJS.Signals | null;
  let code: number | null;
  try {
    [[code, killed]] = await Promise.all([once(child, "exit"), once(child, "disconnect")]);
  } catch (error) {
    fail(`no process could be started: ${(error as NodeJS.ErrnoException).code}. end other programs and try again`);
    return EXIT_CODES.environment;
  }
  if (places.size > 0) {
    const { removeHalfWritten } = await import("../run/left-behind.ts");
    for (const place of places.values()) removeHalfWritten(place);
  }
  if (killed === null) return code ?? 0;
  if (process.stderr.isTTY) process.stderr.write(BAR_GONE);
  const ended = asked as { readonly signal: Signal } | null;
  if (ended) return SIGNALS[ended.signal];
  fail(`the work was ended by ${killed}. where memory ran out, give less at once`);
  return 128 + constants.signals[killed];
}

function fail(what: string): void {
  process.stderr.write(`error: ${what}\n`);
}

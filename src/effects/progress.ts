import { SingleBar } from "cli-progress";
import type { ProgressBar } from "./effects.ts";

/** Narrower than this no bar is seen. */
const LEAST_BAR = 6;
/** Before so many seconds nobody knows how many are left. */
const KNOWN_AFTER = 2;

/** How far a stage has come: a bar for a person who watches, a line a stage in a file, nothing where quiet is asked. */
export function progressBar(stream: NodeJS.WriteStream, quiet: boolean): ProgressBar {
  if (quiet) return { update() {}, stop() {} };
  return stream.isTTY ? openBar(stream) : openLog((line) => void stream.write(`${line}\n`));
}

/** One plain line a stage, as it starts. Stages that differ in numbers are one: "text 2 of 9" follows "text 1 of 9" unsaid. */
export function openLog(write: (line: string) => void): ProgressBar {
  const said = new Set<string>();
  return {
    update(_, stage) {
      const kind = stage.replace(/[\d.]+/g, "0");
      if (!said.has(kind)) write(stage);
      said.add(kind);
    },
    stop() {},
  };
}

function openBar(stream: NodeJS.WriteStream): ProgressBar {
  let [bar, at, since]: [SingleBar | null, number, number] = [null, 0, 0];
  const now = () => performance.now() / 1000;
  return {
    update(fraction, stage) {
      if (bar === null) {
        bar = new SingleBar({
          format: (_, { progress }, { text }) => progressLine(progress, text, stream.columns || 80),
          ...{ stream, clearOnComplete: true, hideCursor: true },
        });
        bar.start(1, 0, { text: stage });
      }
      // Whatever starts again from the left is another stage, with a time of its own.
      if (fraction < at || since === 0) since = now();
      at = fraction;
      bar.update(fraction, { text: `${leftInWords(fraction, now() - since)}${stage}` });
    },
    stop() {
      bar?.stop();
      [bar, at, since] = [null, 0, 0];
    },
  };
}

/** A bar, the percentage and what is done now, in one line that never breaks. */
export function progressLine(fraction: number, text: string, columns: number): string {
  const wide = Math.max(LEAST_BAR, Math.min(24, Math.floor(columns / 4)));
  const full = Math.round(wide * Math.min(1, fraction));
  const line = `${"█".repeat(full)}${"░".repeat(wide - full)} ${String(Math.round(100 * fraction)).padStart(3)} % ${text}`;
  return line.length < columns ? line : `${line.slice(0, columns - 2)}…`;
}

/** "12 s left, ", of a stage that has run for some seconds; nothing while nobody knows. */
export function leftInWords(fraction: number, seconds: number): string {
  if (seconds < KNOWN_AFTER || fraction <= 0 || fraction >= 1) return "";
  const left = (seconds * (1 - fraction)) / fraction;
  return left < 90 ? `${Math.ceil(left)} s left, ` : `${Math.ceil(left / 60)} min left, `;
}

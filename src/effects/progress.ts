import { Presets, SingleBar } from "cli-progress";
import type { ProgressBar } from "./effects.ts";

/** A bar on stderr for a person who watches; nothing where stderr is no terminal or quiet is asked. */
export function progressBar(stream: NodeJS.WriteStream, quiet: boolean): ProgressBar {
  if (quiet || !stream.isTTY) return { update() {}, stop() {} };
  const options = { format: "{bar} {percentage}% {stage}", stream, clearOnComplete: true, hideCursor: true };
  let bar: SingleBar | null = null;
  return {
    update(fraction, stage) {
      if (bar === null) {
        bar = new SingleBar(options, Presets.shades_classic);
        bar.start(100, 0, { stage });
      }
      bar.update(Math.round(100 * fraction), { stage });
    },
    stop() {
      bar?.stop();
      bar = null;
    },
  };
}

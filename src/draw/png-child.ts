import { endWithParent } from "../processes/end-with-parent.ts";
import type { PngAnswer, PngTask } from "./rasterize.ts";
import { renderPng } from "./render-png.ts";

/** The program of a process that rasterizes, and may die of it. */
process.on("message", ({ id, svg }: PngTask) => {
  let answer: PngAnswer;
  try {
    answer = { id, png: renderPng(svg) };
  } catch (error) {
    answer = { id, failure: error instanceof Error ? error.message : String(error) };
  }
  process.send?.(answer, () => {});
});
endWithParent();
// An interruption from the terminal reaches all processes; the one who asked says what follows from it.
process.on("SIGINT", () => {});

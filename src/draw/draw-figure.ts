import { oneStop, TokensphereError } from "../../models/errors.ts";
import type { Effects } from "../effects/effects.ts";
import type { FigureSpec } from "../figures/parts/spec.ts";
import { type WrittenFigure, writeFigure } from "./render.ts";

/**
 * Writes a figure beside numbers that are there already, and says which part of it could not be drawn: numbers do not depend on
 * their pictures.
 *
 * @returns `null` where nothing of it could be drawn.
 * @throws TokensphereError `disk` where it cannot be written.
 */
export async function drawFigure(
  { say }: Pick<Effects, "say">,
  folder: string,
  name: string,
  spec: FigureSpec,
): Promise<WrittenFigure | null> {
  try {
    const figure = await writeFigure(folder, name, spec);
    const { pngFailure } = figure.rendered;
    if (pngFailure !== null)
      say(oneStop(`warning: ${name}.png is not drawn: ${pngFailure}. ${name}.svg shows the same`));
    return figure;
  } catch (error) {
    if (error instanceof TokensphereError && error.kind === "disk") throw error;
    say(`warning: figure ${name} is not drawn: ${(error as Error).message}`);
    return null;
  }
}

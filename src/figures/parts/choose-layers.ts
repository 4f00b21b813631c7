import { TokensphereError } from "../../../models/errors.ts";

/** Which layers get a panel. */
export interface LayerChoice {
  /** At most this many panels; default 16, four rows. */
  readonly most?: number;
  /** Exactly these layers, in this order, as the survey's 0, 5, 30, 48. */
  readonly layers?: readonly number[];
}

/**
 * Layers to draw as panels: all of them while they fit, else the first, the last and evenly spaced ones between,
 * or those that were asked for.
 *
 * @throws TokensphereError `usage` where a layer is asked for that was not observed.
 */
export function chooseLayers(observed: readonly number[], choice: LayerChoice = {}): readonly number[] {
  if (choice.layers) return known(choice.layers, observed);
  const most = Math.max(2, choice.most ?? 16);
  if (observed.length <= most) return observed;
  const step = (observed.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, k) => observed[Math.round(k * step)]!);
}

function known(asked: readonly number[], observed: readonly number[]): readonly number[] {
  for (const layer of asked) {
    if (!observed.includes(layer)) {
      throw new TokensphereError("usage", `unknown layer: ${layer}. this run has the layers ${observed.join(", ")}`);
    }
  }
  return asked;
}

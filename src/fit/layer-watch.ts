import { mean } from "../../probes/numerics/mean.ts";
import { layerDistance, type Target } from "../alignment/candidate.ts";

/** W1 of a trajectory from each layer after the first. */
export interface LayerDistances {
  /** Where it began. */
  readonly still: Float64Array;
  /** The least so far. */
  readonly least: Float64Array;
  readonly now: Float64Array;
}

/** Follows how far the trajectories of one text, one for each β, are from its `layers`: told each sketch in turn. */
export function layerWatch(target: Target, layers: number) {
  const known = new Map<number, Pick<LayerDistances, "still" | "least">>();
  return (beta: number, sketch: Float64Array): LayerDistances => {
    const now = Float64Array.from({ length: layers - 1 }, (_, k) => layerDistance(target, k + 1, sketch));
    const { still, least } = known.get(beta) ?? { still: now, least: now };
    const distances = { still, least: least.map((w, k) => Math.min(w, now[k])), now };
    known.set(beta, distances);
    return distances;
  };
}

/** In units of where it began. */
const NEARER = 0.99;
const AWAY = 1.5;

/** Whether a trajectory came no nearer to any layer and is farther from them by half: what goes the other way does not come back. */
export function wentAway({ still, least, now }: LayerDistances): boolean {
  return least.every((w, k) => w >= NEARER * still[k]) && mean(now) > AWAY * mean(still);
}

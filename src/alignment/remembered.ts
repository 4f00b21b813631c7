import type { Trajectory } from "./candidate.ts";

/** The same trajectory, each distance computed once: who aligns it again and again with one layer left out asks for the same ones. */
export function remembered({ grid, horizon, cost }: Trajectory): Trajectory {
  const known = new Map<number, Map<number, number>>();
  return {
    grid,
    horizon,
    cost(layer, t) {
      let ofLayer = known.get(layer);
      if (!ofLayer) {
        ofLayer = new Map();
        known.set(layer, ofLayer);
      }
      let value = ofLayer.get(t);
      if (value === undefined) {
        value = cost(layer, t);
        ofLayer.set(t, value);
      }
      return value;
    },
  };
}

import type { Cloud } from "../cloud.ts";
import type { Floors } from "../floors/floors.ts";
import { normSummary } from "../products/norms.ts";
import { type Measure, measureRow } from "./measure.ts";

/** Token norms of the cloud as the model gave it. */
export function measureNorms(raw: Cloud, floors: Floors): readonly Measure[] {
  const { mean, sd, min, max } = normSummary(raw);
  return [
    measureRow("norm_mean", mean, floors),
    measureRow("norm_sd", sd, floors),
    measureRow("norm_min", min, floors),
    measureRow("norm_max", max, floors),
  ].flat();
}

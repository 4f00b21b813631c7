import type { Cloud } from "../../probes/cloud.ts";
import { dot } from "../../probes/numerics/vectors.ts";
import { logMap } from "../../probes/updates/log-map.ts";

/** States are float32: angles below this are rounding. */
const ROUNDING = 1e-7;

/**
 * Cosine of what tokens did and what was predicted: ⟨u, û⟩ / (‖u‖ ‖û‖) over all tokens together, u the logarithm map from where they
 * started. It is 1 where every token goes the right way at speeds in the right proportion. `null` where nothing moves.
 */
export function displacementCosine(start: Cloud, observed: Cloud, predicted: Cloud): number | null {
  const [u, v] = [logMap(start, observed), logMap(start, predicted)];
  const uv = dot(u, v);
  const uu = dot(u, u);
  const vv = dot(v, v);
  if (Math.min(uu, vv) < start.n * ROUNDING ** 2) return null;
  return Math.max(-1, Math.min(1, uv / Math.sqrt(uu * vv)));
}

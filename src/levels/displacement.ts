import type { Cloud } from "../../probes/cloud.ts";
import { logMap } from "../../probes/updates/log-map.ts";

/** States are float32: angles below this are rounding. */
const ROUNDING = 1e-7;

/**
 * Cosine of what tokens did and what was predicted: ⟨u, û⟩ / (‖u‖ ‖û‖) over all tokens together, u the logarithm map from where they
 * started. It is 1 where every token goes the right way at speeds in the right proportion. `null` where nothing moves.
 */
export function displacementCosine(start: Cloud, observed: Cloud, predicted: Cloud): number | null {
  const [u, v] = [logMap(start, observed), logMap(start, predicted)];
  let [uv, uu, vv] = [0, 0, 0];
  for (let p = 0; p < u.length; p++) {
    uv += u[p] * v[p];
    uu += u[p] * u[p];
    vv += v[p] * v[p];
  }
  if (Math.min(uu, vv) < start.n * ROUNDING ** 2) return null;
  return Math.max(-1, Math.min(1, uv / Math.sqrt(uu * vv)));
}

import type { Cloud } from "../../probes/cloud.ts";
import { normalizeRows } from "../../sim/clouds/normalize-rows.ts";
import { leastSpan, liftCoordinates, type SpanCoordinates } from "../../sim/clouds/span-coordinates.ts";
import { findDynamics } from "../../sim/dynamics/dynamics-table.ts";
import type { SystemResult } from "../../sim/integrators/system-result.ts";
import type { SimulateOptions, SimulationObserver } from "../../sim/simulate/options.ts";
import { simulate } from "../../sim/simulate/simulate.ts";
import type { MovingFamily } from "./families.ts";
import type { FitText } from "./fit-text.ts";

/** How a text is simulated. `lift`: clouds are handed over in the coordinates of the text; their inner products are the same without. */
export type FamilyOptions = Omit<SimulateOptions, "dynamics" | "params" | "n" | "d" | "systems" | "reduce">;

/** States are in single precision: what they have outside their span is its rounding, of this length at most. */
const NEGLIGIBLE = 1e-6;

/** A text is simulated for hundreds of β, from the same start in the same coordinates. */
const STARTS = new WeakMap<FitText, SpanCoordinates>();

/**
 * Simulates a text from its first cloud under the dynamics and parameters of a family, one system for each β, in as few coordinates as
 * the cloud spans where the dynamics allow it. Clouds are handed over on the unit sphere, also where the tokens
 * of the dynamics leave it: directions are what is compared.
 */
export async function simulateFamily(
  { dynamics, parameters }: MovingFamily,
  text: FitText,
  betas: readonly number[],
  { lift, ...options }: FamilyOptions,
  { save, step, substeps = 1 }: Pick<SimulationObserver, "save" | "step" | "substeps">,
): Promise<SystemResult[]> {
  const { geometry, rotates } = findDynamics(dynamics);
  const { n, d } = text;
  const start = rotates ? startOf(text) : { n, k: d, d, y: Float64Array.from(text.clouds[0].x), basis: null };
  const lifted = lift && start.basis ? new Float64Array(n * d) : null;
  const show = (cloud: Cloud): Cloud => {
    const unit = geometry === "free" ? normalizeRows(cloud) : cloud.x;
    return lifted
      ? { n, d, x: liftCoordinates(start, unit instanceof Float64Array ? unit : new Float64Array(unit), lifted) }
      : { ...cloud, x: unit };
  };
  const systems = betas.map((beta) => ({ beta, x0: start.y }));
  return simulate(
    { ...options, n, d: start.k, systems, dynamics, params: parameters, reduce: false },
    {
      ...(save ? { save: (system, index, t, cloud) => save(system, index, t, show(cloud)) } : {}),
      ...(step ? { step: (system, t, cloud) => step(system, t, show(cloud)) } : {}),
      substeps,
    },
  );
}

function startOf(text: FitText): SpanCoordinates {
  const known = STARTS.get(text);
  if (known) return known;
  const { n, d, clouds } = text;
  const start = leastSpan(normalizeRows({ n, d, x: clouds[0].x }), n, d, NEGLIGIBLE);
  STARTS.set(text, start);
  return start;
}

import type { Cloud } from "../../probes/cloud.ts";
import { normaliseRows } from "../../sim/clouds/normalise-rows.ts";
import { findDynamics } from "../../sim/dynamics/dynamics-table.ts";
import type { SystemResult } from "../../sim/integrators/system-result.ts";
import type { SimulateOptions, SimulationObserver } from "../../sim/simulate/options.ts";
import { simulate } from "../../sim/simulate/simulate.ts";
import type { MovingFamily } from "./families.ts";

/**
 * Simulates under the dynamics and parameters of a family. Clouds are handed over on the unit sphere, also where the tokens
 * of the dynamics leave it: directions are what is compared.
 */
export async function simulateFamily(
  { dynamics, parameters }: MovingFamily,
  options: Omit<SimulateOptions, "dynamics" | "params">,
  { save, step, substeps = 1 }: Pick<SimulationObserver, "save" | "step" | "substeps">,
): Promise<SystemResult[]> {
  const { geometry } = findDynamics(dynamics);
  const unit = (cloud: Cloud): Cloud => (geometry === "free" ? { ...cloud, x: normaliseRows(cloud) } : cloud);
  return simulate(
    { ...options, dynamics, params: parameters },
    {
      ...(save ? { save: (system, index, t, cloud) => save(system, index, t, unit(cloud)) } : {}),
      ...(step ? { step: (system, t, cloud) => step(system, t, unit(cloud)) } : {}),
      substeps,
    },
  );
}

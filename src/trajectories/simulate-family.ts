import type { Cloud } from "../../probes/cloud.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { normalizeRows } from "../../sim/clouds/normalize-rows.ts";
import { leastSpan, liftCoordinates, type SpanCoordinates } from "../../sim/clouds/span-coordinates.ts";
import { findDynamics } from "../../sim/dynamics/dynamics-table.ts";
import { threadsBesideWork } from "../../sim/engines/threads-beside-work.ts";
import type { SystemResult } from "../../sim/integrators/system-result.ts";
import type { SimulateOptions, SimulationObserver } from "../../sim/simulate/options.ts";
import { simulate } from "../../sim/simulate/simulate.ts";
import { drivenBy, type MovingFamily } from "../laws/families.ts";
import { followNoisy } from "../laws/noisy-paths.ts";
import { STARTS } from "../laws/starts.ts";
import type { FitText } from "./fit-text.ts";
import { followEquiangular } from "./follow-equiangular.ts";

/** How a text is simulated. `lift`: clouds are handed over in the coordinates of the text; their inner products are the same without. */
export interface FamilyOptions extends Omit<SimulateOptions, "dynamics" | "params" | "n" | "d" | "systems" | "reduce"> {
  /** Share of the steps of a path with noise, whose steps do not choose themselves; default 1. */
  readonly effort?: number;
}

/** States are in single precision: what they have outside their span is its rounding, of this length at most. */
const NEGLIGIBLE = 1e-6;

/** Dynamics under which equiangular tokens are followed as one number. */
const CLOSED = ["sa", "usa"] as const;

/** Numbers in a velocity up to which plain TypeScript is done before ONNX Runtime has opened a session, of which a fit would need hundreds. */
const SMALL = 8192;

/** A text is simulated for hundreds of β, from the same start in the same coordinates. */
const SPANS = new WeakMap<FitText, SpanCoordinates>();

/**
 * Simulates a text from its first cloud, or from the start that the family says, under the dynamics and parameters of a family, one system for each β, in as few coordinates as
 * the cloud spans where the dynamics allow it. Clouds are handed over on the unit sphere, also where the tokens
 * of the dynamics leave it: directions are what is compared.
 */
export async function simulateFamily(
  family: MovingFamily,
  text: FitText,
  betas: readonly number[],
  { lift, effort = 1, ...options }: FamilyOptions,
  { save, step, substeps = 1 }: Pick<SimulationObserver, "save" | "step" | "substeps">,
): Promise<SystemResult[]> {
  const { dynamics } = family;
  const { params, kappa } = drivenBy(family);
  const { geometry, harmonics } = findDynamics(dynamics);
  const start = startOf(family, text);
  const { n, d } = start;
  const lifted = lift && start.basis ? new Float64Array(n * d) : null;
  const show = (cloud: Cloud): Cloud => {
    const unit = geometry === "free" ? normalizeRows(cloud) : cloud.x;
    return lifted
      ? { n, d, x: liftCoordinates(start, unit instanceof Float64Array ? unit : new Float64Array(unit), lifted) }
      : { ...cloud, x: unit };
  };
  const observer: SimulationObserver = {
    ...(save ? { save: (system, index, t, cloud) => save(system, index, t, show(cloud)) } : {}),
    ...(step ? { step: (system, t, cloud, spent) => step(system, t, show(cloud), spent) } : {}),
    substeps,
  };
  const threads = threadsBesideWork(n, start.k);
  if (kappa !== null) {
    const { times, signal } = options;
    const paths = { dynamics, params, kappa, n, d: start.k, x0: start.y, betas, times, signal, effort, threads };
    return followNoisy({ ...paths, owner: text }, observer);
  }
  const closed = family.start === "equiangular" && n > 1 && CLOSED.find((name) => name === dynamics);
  if (closed) {
    const [rho0] = innerProducts({ n: 2, d: start.k, x: start.y.subarray(0, 2 * start.k) }, true);
    return followEquiangular(
      { dynamics: closed, n, rho0, betas, times: options.times, signal: options.signal },
      observer,
    );
  }
  const systems = betas.map((beta) => ({ beta, x0: start.y }));
  const engine = !harmonics && n * n * start.k <= SMALL ? "ts" : "auto";
  return simulate({ threads, ...options, n, d: start.k, systems, dynamics, params, engine, reduce: false }, observer);
}

/** Noise moves tokens out of the span that they start in, and so does what does not commute with rotations. */
function startOf({ dynamics, noisy, start }: MovingFamily, text: FitText): SpanCoordinates {
  if (start) {
    const { n, d, x } = STARTS[start](text.clouds[0]);
    return { n, k: d, d, y: x, basis: null };
  }
  return findDynamics(dynamics).rotates && !noisy ? spanOf(text) : whole(text);
}

function whole({ n, d, clouds }: FitText): SpanCoordinates {
  return { n, k: d, d, y: Float64Array.from(clouds[0].x), basis: null };
}

function spanOf(text: FitText): SpanCoordinates {
  const known = SPANS.get(text);
  if (known) return known;
  const { n, d, clouds } = text;
  const start = leastSpan(normalizeRows({ n, d, x: clouds[0].x }), n, d, NEGLIGIBLE);
  SPANS.set(text, start);
  return start;
}

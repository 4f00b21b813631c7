import type { Dynamics } from "../dynamics/dynamics.ts";
import { findDynamics } from "../dynamics/dynamics-table.ts";
import type { EngineKindChoice } from "../engines/choose-engine.ts";
import { ENGINES } from "../engines/engine-table.ts";
import { findMethod } from "../methods/methods.ts";
import type { Method } from "../methods/tableau.ts";
import type { SimulateOptions } from "../simulate/options.ts";
import { graphsOf } from "../terms/term.ts";

/** Below this tolerance a step's error is mostly float32 rounding. */
export const LEAST_FLOAT32_TOLERANCE = 1e-6;

/**
 * Until here float32 knows where tokens are: what it rounds off a velocity, 2⁻²⁴ of a token's length, adds up to 6e-4. Longer
 * times are those in which clusters that hardly move meet.
 */
export const LONGEST_FLOAT32_TIME = 1e4;

type Wanted = Pick<SimulateOptions, "dynamics" | "params" | "method" | "step"> & {
  readonly times: readonly number[];
  readonly rtol: number;
  readonly atol: number;
  readonly engine: EngineKindChoice;
};

/**
 * Why a sweep cannot go by whole float32 steps on ONNX Runtime; `null` where it can. Times as long as USA's e^β need tokens
 * to merge, which whole steps do not know.
 */
export function whyNotFloat32({
  dynamics: choice,
  params = {},
  method,
  step,
  times,
  rtol,
  atol,
  engine,
}: Wanted): string | null {
  const dynamics = findDynamics(choice);
  const { name } = dynamics;
  if (step !== undefined || !isEmbeddedPair(findMethod(method ?? "tsit5"))) return "it chooses its own steps";
  if (engine !== "auto" && engine !== "ort" && engine !== ENGINES.ort) return "it runs on onnx runtime";
  if (Math.min(rtol, atol) < LEAST_FLOAT32_TOLERANCE) return `its tolerances are ${LEAST_FLOAT32_TOLERANCE} and above`;
  if ((times.at(-1) ?? 0) > LONGEST_FLOAT32_TIME) return `it knows no times above ${LONGEST_FLOAT32_TIME}`;
  if (!graphsOf(dynamics.terms(params))) return `${name} has no graph for onnx runtime`;
  if (changesInTime(dynamics, params)) return `the field of ${name} changes in time`;
  if (dynamics.logScale(1, params) !== 0) return `the rates of ${name} are of order e^β`;
  return dynamics.samePoint ? `${name} tells tokens apart that float32 does not` : null;
}

function changesInTime(dynamics: Dynamics, params: NonNullable<Wanted["params"]>): boolean {
  return dynamics.schedule?.(params) !== undefined || (dynamics.pieces?.(params) ?? []).length > 1;
}

/** Whether a step estimates its own error and leaves the slope at its end. */
function isEmbeddedPair({ firstSameAsLast, errorWeights }: Method): boolean {
  return firstSameAsLast && errorWeights.length === 1;
}

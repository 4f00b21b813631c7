import { checkParams } from "../../sim/dynamics/check-params.ts";
import type { Dynamics } from "../../sim/dynamics/dynamics.ts";
import type { DynamicsParams } from "../../sim/dynamics/params.ts";
import { typescriptEngine } from "../../sim/engines/typescript-engine.ts";
import type { FieldInput, UpdateField } from "./update-field.ts";

/** The field of any dynamics, from its terms: that of time 0 where it depends on time, what is tangent of it where tokens are free. */
export function dynamicsField(dynamics: Dynamics, parameters: DynamicsParams = {}): UpdateField {
  const { name, equation, width } = dynamics;
  return {
    name,
    label: name,
    about: equation,
    needsBeta: true,
    reads: {},
    async answer({ step, spanned }, beta) {
      if (width !== undefined && width !== step.d) return { missing: `${name} lives in width ${width}` };
      // Where rotating the tokens rotates the velocities, as few coordinates do as the tokens span.
      const within = dynamics.rotates ? await spanned() : step;
      return { velocity: await velocityAt(dynamics, parameters, within, beta), within };
    },
  };
}

async function velocityAt(
  dynamics: Dynamics,
  params: DynamicsParams,
  { n, d, x }: FieldInput["step"],
  beta: number,
): Promise<Float64Array> {
  checkParams(dynamics, params, n, d);
  const velocity = new Float64Array(n * d);
  const logScale = dynamics.logScale(beta, params);
  const engine = typescriptEngine({ dynamics, params, n, d, beta });
  await engine.velocity(x.x, Float64Array.of(beta), Float64Array.of(logScale), 1, velocity);
  dynamics.schedule?.(params)?.(0, x.x, velocity, n, d);
  return velocity;
}

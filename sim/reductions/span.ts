import { TokensphereError } from "../../models/errors.ts";
import { normalizeRows } from "../clouds/normalize-rows.ts";
import { liftCoordinates, type SpanCoordinates, spanCoordinates } from "../clouds/span-coordinates.ts";
import { type DynamicsChoice, findDynamics } from "../dynamics/dynamics-table.ts";
import type { DynamicsParams } from "../dynamics/params.ts";
import { simulate } from "../simulate/simulate.ts";
import type { Reduction } from "./reduction.ts";

/**
 * min(n, d) coordinates, where Q = K = V = I: the flow stays in the span of its start. `simulate` does this by itself.
 *
 * @throws TokensphereError `usage` for dynamics that single directions out.
 */
export function spanReduction(choice: DynamicsChoice, params: DynamicsParams = {}): Reduction<SpanCoordinates> {
  const dynamics = findDynamics(choice);
  if (!dynamics.rotates) throw new TokensphereError("usage", `span: ${dynamics.name}. use dynamics with Q = K = V = I`);
  return {
    name: "span",
    project: (cloud) => spanCoordinates(normalizeRows(cloud), cloud.n, cloud.d),
    lift: (state) => {
      const { n, d } = state;
      return { n, d, x: liftCoordinates(state, state.y, new Float64Array(n * d)) };
    },
    flow: async (state, beta, times) => {
      const { n, k } = state;
      const states: SpanCoordinates[] = [];
      const systems = [{ beta, x0: state.y }];
      await simulate(
        { dynamics, params, n, d: k, systems, times, reduce: false, rtol: 1e-12, atol: 1e-12 },
        {
          save: (_system, index, _t, { x }) => {
            states[index] = { ...state, y: Float64Array.from(x) };
          },
        },
      );
      return states;
    },
  };
}

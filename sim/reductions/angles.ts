import { TokensphereError } from "../../models/errors.ts";
import { checkBeta, checkWhole } from "../clouds/check-number.ts";
import { normalizeRows } from "../clouds/normalize-rows.ts";
import { checkParams } from "../dynamics/check-params.ts";
import type { HarmonicForm } from "../dynamics/dynamics.ts";
import { type DynamicsChoice, findDynamics } from "../dynamics/dynamics-table.ts";
import type { DynamicsParams } from "../dynamics/params.ts";
import type { Reduction } from "./reduction.ts";
import { solveReduced } from "./solve-reduced.ts";

/**
 * The circle in angles, x_i = (cos θ_i, sin θ_i): the (generalized) Kuramoto model,
 * θ̇_i = −Σ_j a_ij sin(θ_i − θ_j) with a_ij = m_j e^{β cos(θ_i−θ_j)}, divided by its sum over j for SA (R (4)). The O(n²)
 * reference; `harmonicEngine` is the fast way.
 *
 * @throws TokensphereError `usage` for dynamics with matrices, order or lengths, as `simulate` for parameters.
 */
export function angleReduction(
  choice: DynamicsChoice,
  n: number,
  params: DynamicsParams = {},
): Reduction<Float64Array> {
  const dynamics = findDynamics(choice);
  if (!dynamics.harmonics || dynamics.schedule)
    throw new TokensphereError("usage", `angles: ${dynamics.name}. use sa, usa, kuramoto and the like`);
  checkWhole("n", n, 1);
  checkParams(dynamics, params, n, 2);
  const form = dynamics.harmonics(params);
  return {
    name: "angles",
    project: (cloud) => {
      if (cloud.d !== 2) throw new TokensphereError("input", `cloud: d = ${cloud.d}. give points of the plane`);
      const x = normalizeRows(cloud);
      return Float64Array.from({ length: cloud.n }, (_, i) => Math.atan2(x[2 * i + 1], x[2 * i]));
    },
    lift: (angles) => ({
      n: angles.length,
      d: 2,
      x: Float64Array.from({ length: 2 * angles.length }, (_, e) =>
        e % 2 === 0 ? Math.cos(angles[e / 2]) : Math.sin(angles[(e - 1) / 2]),
      ),
    }),
    flow: async (angles, beta, times) => {
      checkBeta(beta);
      const field = (theta: Float64Array, out: Float64Array) => angularVelocity(form, beta, theta, out);
      return solveReduced(field, angles, angles.length, times, dynamics.logScale(beta, params));
    },
  };
}

/** e^{−logScale} θ̇, the scale being e^β for USA. */
function angularVelocity(
  { weighting, masses, times }: HarmonicForm,
  beta: number,
  theta: Float64Array,
  out: Float64Array,
) {
  const n = theta.length;
  const factor = times?.(beta) ?? 1;
  for (let i = 0; i < n; i++) {
    let [total, pull] = [0, 0];
    for (let j = 0; j < n; j++) {
      const weight = (masses ? masses[j] : 1 / n) * Math.exp(beta * Math.cos(theta[i] - theta[j]) - Math.abs(beta));
      total += weight;
      pull -= weight * Math.sin(theta[i] - theta[j]);
    }
    out[i] = (factor * pull) / (weighting === "softmax" ? total : 1);
  }
}

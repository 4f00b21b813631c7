import { TokensphereError } from "../../models/errors.ts";
import type { Dynamics } from "./dynamics.ts";
import type { DynamicsParams } from "./params.ts";

/**
 * The attention matrices of a dynamics, one a head, whose rows sum to 1.
 *
 * @returns A function of unit rows `[n, d]` that gives flat `[n, n]` matrices.
 * @throws TokensphereError `usage` where it has none: USA's weights are not normalized.
 */
export function attentionMatrices(
  { name, terms }: Dynamics,
  params: DynamicsParams,
  n: number,
  d: number,
): (theta: Float64Array, beta: number) => Float64Array[] {
  const weights = terms(params).flatMap((term) => (term.weights ? [term.weights(n, d)] : []));
  if (weights.length === 0)
    throw new TokensphereError("usage", `attention: ${name} has no matrix whose rows sum to 1. use sa or the like`);
  return (theta, beta) =>
    weights.map((weigh) => {
      const matrix = new Float64Array(n * n);
      weigh(theta, beta, matrix);
      return matrix;
    });
}

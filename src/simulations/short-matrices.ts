import { TokensphereError } from "../../models/errors.ts";
import type { Dynamics } from "../../sim/dynamics/dynamics.ts";
import { PARAMETERS } from "../../sim/dynamics/parameters.ts";

const NAMES = ["Q", "K", "V"] as const;

/**
 * Parameters of flags with Q, K and V written out: a number c stands for c I, a list for the diagonal of a matrix.
 *
 * @param d - Width of the tokens, where it is known before their start is read.
 * @throws TokensphereError `usage` where numbers alone are given and nothing says the width.
 */
export function withMatrices(
  { parameters }: Pick<Dynamics, "parameters">,
  given: Readonly<Record<string, unknown>>,
  d: number | undefined,
): Readonly<Record<string, unknown>> {
  const read = NAMES.filter((name) => parameters[name] === PARAMETERS[name] && name in given);
  const width = d ?? read.map((name) => given[name]).find(Array.isArray)?.length;
  const whole = read.map((name) => [name, matrixOf(name, given[name], width)] as const);
  return { ...given, ...Object.fromEntries(whole) };
}

function matrixOf(name: string, value: unknown, width: number | undefined): unknown {
  if (typeof value === "number") {
    if (width !== undefined) return diagonal(new Array<number>(width).fill(value));
    throw new TokensphereError("usage", `${name}: ${value}. of what width? add --d, or give a list for its diagonal`);
  }
  return Array.isArray(value) && value.every((entry) => typeof entry === "number") ? diagonal(value) : value;
}

function diagonal(values: readonly number[]): number[][] {
  return values.map((value, i) => values.map((_, j) => (i === j ? value : 0)));
}

import { TokensphereError } from "../../models/errors.ts";
import type { Dynamics } from "./dynamics.ts";
import type { Parameter } from "./parameter.ts";
import type { DynamicsParams } from "./params.ts";

/**
 * Checks that the parameters are those that a dynamics reads, and that each can be used.
 *
 * @throws TokensphereError `usage` where a name is missing or not read, `input` where a value cannot be used.
 */
export function checkParams(dynamics: Named, params: DynamicsParams, n: number, d: number): void {
  checkParamNames(dynamics, params);
  for (const [name, { check }] of Object.entries(dynamics.parameters)) {
    if (params[name] !== undefined) check(params[name], { n, d, params });
  }
}

type Named = Pick<Dynamics, "name" | "parameters">;

/**
 * What of `checkParams` is known before the size of clouds is.
 *
 * @throws TokensphereError `usage` where a name is missing or not read.
 */
export function checkParamNames({ name: dynamics, parameters }: Named, params: DynamicsParams): void {
  const known = Object.entries(parameters);
  const required = known.filter(([, parameter]) => parameter.default === undefined).map(([name]) => name);
  for (const name of required) {
    if (params[name] === undefined)
      throw new TokensphereError("usage", `params: ${name} missing. ${dynamics} needs ${required.join(", ")}`);
  }
  for (const name of Object.keys(params)) {
    if (!Object.hasOwn(parameters, name)) {
      const names = known.map(([own]) => own).join(", ") || "none";
      throw new TokensphereError("usage", `params: ${name}. ${dynamics} reads ${names}`);
    }
  }
}

/** The parameters with what was left out: what a run is computed with. */
export function withDefaults(parameters: Readonly<Record<string, Parameter>>, params: DynamicsParams): DynamicsParams {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, { default: usual }]) => {
      const value = params[name] ?? usual;
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

import { TokensphereError } from "../../models/errors.ts";
import { dop853 } from "./dop853.ts";
import { euler } from "./euler.ts";
import { heun } from "./heun.ts";
import { rk4 } from "./rk4.ts";
import type { Method } from "./tableau.ts";
import { tsit5 } from "./tsit5.ts";

/** Every integrator, by name. Those with an embedded pair choose their own steps; the others need `step`. */
export const METHODS = { dop853, euler, heun, rk4, tsit5 } as const satisfies Readonly<Record<string, Method>>;

export type MethodName = keyof typeof METHODS;

/**
 * Looks an integrator up.
 *
 * @throws TokensphereError `usage` on an unknown name.
 */
export function findMethod(name: string): Method {
  const found = new Map<string, Method>(Object.entries(METHODS)).get(name);
  if (found) return found;
  throw new TokensphereError("usage", `method: ${name}. use ${Object.keys(METHODS).join(", ")}`);
}

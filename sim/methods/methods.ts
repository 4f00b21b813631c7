import { TokensphereError } from "../../models/errors.ts";
import { thrownText } from "../../models/foreign/definition-fault.ts";
import { defineMethod } from "./check-tableau.ts";
import { dop853 } from "./dop853.ts";
import { euler } from "./euler.ts";
import { heun } from "./heun.ts";
import { rk4 } from "./rk4.ts";
import type { Method, Tableau } from "./tableau.ts";
import { tsit5 } from "./tsit5.ts";

/** Every integrator, by name. Those with an embedded pair choose their own steps; the others need `step`. */
export const METHODS = { dop853, euler, heun, rk4, tsit5 } as const satisfies Readonly<Record<string, Method>>;

/** Those that are here. */
export type MethodName = keyof typeof METHODS;

/** One of `METHODS` by name, or a value of one's own: a method, or a tableau that is still to be checked. */
export type MethodChoice = string | Method | Tableau;

/**
 * The integrator of a name or a value.
 *
 * @throws TokensphereError `usage` for an unknown name or a tableau that is wrong.
 */
export function findMethod(choice: MethodChoice): Method {
  if (typeof choice !== "string") return "errorWeights" in choice ? choice : checked(choice);
  const found = new Map<string, Method>(Object.entries(METHODS)).get(choice);
  if (found) return found;
  throw new TokensphereError("usage", `method: ${choice}. use ${Object.keys(METHODS).join(", ")}`);
}

function checked(tableau: Tableau): Method {
  try {
    return defineMethod(tableau);
  } catch (cause) {
    throw new TokensphereError("usage", `method: ${thrownText(cause)}. give a tableau, see defineMethod`, { cause });
  }
}

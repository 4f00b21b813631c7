import { definitionFault, type NamedDefinition, thrownText } from "../../models/foreign/definition-fault.ts";
import { madeValues } from "../../models/foreign/made-values.ts";
import { withDefaults } from "./check-params.ts";
import type { DynamicsDefinition } from "./definition.ts";
import type { Dynamics } from "./dynamics.ts";
import { fieldTerm } from "./field-term.ts";
import { type NumberRange, numberParameter, type Parameter } from "./parameter.ts";
import type { DynamicsParams } from "./params.ts";
import { wholeDynamics } from "./whole-dynamics.ts";

const NAME = /^[a-z][a-z0-9_]*$/;
/** Names of parameters: whatever can be written after a dot. */
const PARAMETER_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * A dynamics on the sphere from its field. It runs wherever a name does: in `simulate`, noisy runs, sweeps and fits. The plain
 * TypeScript engine serves it.
 *
 *     defineDynamics({
 *       name: "krause",
 *       parameters: { radius: { default: 0.5, least: 0, most: 2 } },
 *       field({ x, n, d, parameters: { radius } }, out) { … },
 *     })
 *
 * @param given - Or a dynamics: see `asDynamics`.
 * @throws TokensphereError `usage` where the definition is none. What its field does wrong later is of kind `input`.
 */
export function defineDynamics(given: DynamicsDefinition | Dynamics): Dynamics {
  return asDynamics(given);
}

const made = madeValues<Dynamics>();

/** Has `asDynamics` give a dynamics of ours back as it is. */
export function ownDynamics(dynamics: Dynamics): Dynamics {
  return made.keep(dynamics, dynamics);
}

/**
 * Checks that a value, which may come from code without types, is a dynamics or a definition of one.
 *
 * @param origin - The file it is from; messages about it then name the file.
 * @returns One of ours and what was made here as it is; the one that is defined; or of any other the like, whose functions are
 *   checked when they are asked.
 * @throws TokensphereError `usage` where it is neither.
 */
export function asDynamics(value: unknown, origin?: string): Dynamics {
  const earlier = made.find(value);
  if (earlier && origin === undefined) return earlier.made;
  const from = earlier ? earlier.from : value;
  return made.keep(fresh(from, origin), from);
}

function fresh(value: unknown, origin: string | undefined): Dynamics {
  const nameless: NamedDefinition = { kind: "dynamics", name: null, origin };
  if (typeof value !== "object" || value === null)
    throw definitionFault("usage", nameless, `${thrownText(value)}. give { name, field }`);
  const named = { ...nameless, name: nameOf(value, nameless) };
  if ("terms" in value) return wholeDynamics(value, named);
  if (isDefinition(value, named)) return fromDefinition(value, named);
  throw definitionFault("usage", named, "no field. give { name, field({ x, n, d, beta, parameters }, out) }");
}

/** @throws TokensphereError `usage` where the value has no name, or a bad one. */
function nameOf(value: object, nameless: NamedDefinition): string {
  const name: unknown = "name" in value ? value.name : undefined;
  if (name === undefined) throw definitionFault("usage", nameless, "no name. give { name, field }");
  // What every object has, such as `constructor`, would be found where a table has no such name.
  if (typeof name === "string" && NAME.test(name) && !(name in {})) return name;
  throw definitionFault("usage", nameless, `name ${JSON.stringify(name)}. use a-z, 0-9 and _, a letter first`);
}

/** @throws TokensphereError `usage` where it has a field but a wrong parameter. */
function isDefinition(value: object, named: NamedDefinition): value is DynamicsDefinition {
  if (!("field" in value) || typeof value.field !== "function") return false;
  const parameters: unknown = "parameters" in value ? (value.parameters ?? {}) : {};
  if (typeof parameters !== "object" || parameters === null)
    throw definitionFault("usage", named, `parameters: ${String(parameters)}. give { name: { default, least, most } }`);
  for (const [name, range] of Object.entries(parameters)) checkRange(name, range, named);
  return true;
}

function checkRange(name: string, range: unknown, named: NamedDefinition): void {
  const what = wrongRange(name, range);
  if (what !== null) throw definitionFault("usage", named, `parameter ${name}: ${what}`);
}

/** What is wrong with a parameter of a definition; `null`: nothing. */
function wrongRange(name: string, range: unknown): string | null {
  if (!PARAMETER_NAME.test(name) || name in {}) return "bad name. use letters, digits and _";
  if (typeof range !== "object" || range === null) return `${String(range)}. give { default, least, most, about }`;
  const { default: usual, least = -Infinity, most = Infinity }: Partial<Record<keyof NumberRange, unknown>> = range;
  if (!isNumber(least) || !isNumber(most) || least > most) return `range ${least} to ${most}. give least, then most`;
  if (usual === undefined) return null;
  const usable = isNumber(usual) && Number.isFinite(usual) && usual >= least && usual <= most;
  return usable ? null : `default ${usual}. use a finite number from ${least} to ${most}`;
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && !Number.isNaN(value);
}

function fromDefinition(definition: DynamicsDefinition, named: NamedDefinition): Dynamics {
  const { name, equation = "ẋ_i = P^⊥ field_i", source = "defined by the user" } = definition;
  const parameters = parametersOf(definition);
  return {
    ...{ name, equation, source, parameters },
    ...(named.origin === undefined ? {} : { origin: named.origin }),
    geometry: "sphere",
    terms: (params) => [fieldTerm(definition, numbersOf(parameters, params), named)],
    logScale: () => 0,
    readsBeta: definition.readsBeta ?? true,
    rotates: definition.rotates ?? false,
    permutes: definition.permutes ?? false,
    contracts: definition.contracts ?? false,
  };
}

function parametersOf({ parameters = {} }: DynamicsDefinition): Readonly<Record<string, Parameter>> {
  return Object.fromEntries(Object.entries(parameters).map(([name, range]) => [name, numberParameter(name, range)]));
}

/** Checked before where a run was checked; an engine that is opened by hand may lack some. */
function numbersOf(parameters: Readonly<Record<string, Parameter>>, params: DynamicsParams) {
  return Object.fromEntries(
    Object.entries(withDefaults(parameters, params)).map(([name, value]) => [name, Number(value)] as const),
  );
}

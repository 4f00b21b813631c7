import { definitionFault, inWords, type NamedDefinition } from "../../models/foreign/definition-fault.ts";
import { type Method, methodOf } from "../../models/foreign/method-of.ts";
import type { Term } from "../terms/term.ts";
import { askMember } from "./ask-member.ts";
import type { Dynamics, HarmonicForm, Piece } from "./dynamics.ts";
import type { Parameter } from "./parameter.ts";
import type { DynamicsParams } from "./params.ts";

/**
 * A dynamics of full shape that somebody else's code gives: what its functions answer is checked whenever they are asked.
 *
 * @throws TokensphereError `usage` where a member is missing or wrong. Its functions, when they are asked, fail with `input`.
 */
export function wholeDynamics(value: object, named: NamedDefinition & { readonly name: string }): Dynamics {
  const terms = needed(value, "terms", named);
  const logScale = needed(value, "logScale", named);
  const { geometry, parameters, equation, source, readsBeta, rotates, permutes, contracts }: Unchecked<Dynamics> =
    value;
  if (geometry !== "sphere" && geometry !== "free" && geometry !== "cone") throw wrong("geometry", named);
  if (!isObject(parameters)) throw wrong("parameters", named);
  return {
    // What others may read of it, such as a label.
    ...value,
    name: named.name,
    ...(named.origin === undefined ? {} : { origin: named.origin }),
    equation: typeof equation === "string" ? equation : "a sum of terms",
    source: typeof source === "string" ? source : "defined by the user",
    geometry,
    parameters: checkedParameters(parameters, named),
    terms: (params) =>
      checkedTerms(
        askMember(named, "terms", () => terms(params)),
        named,
      ),
    logScale: (beta, params) => {
      const answer = askMember(named, "logScale", () => logScale(beta, params));
      return isFiniteNumber(answer) ? answer : fail(named, `logScale gave ${said(answer)}. return a finite number`);
    },
    ...inTime(value, named),
    ...harmonicsOf(value, named),
    ...numbersOf(value, named),
    readsBeta: readsBeta !== false,
    rotates: rotates === true,
    permutes: permutes === true,
    contracts: contracts === true,
  };
}

type Unchecked<T> = Partial<Record<keyof T, unknown>>;

function needed(value: object, key: keyof Dynamics, named: NamedDefinition): Method {
  const method = methodOf(value, key);
  if (method) return method;
  throw wrong(key, named);
}

/** The same of a member that may be missing. */
function optional(value: object, key: keyof Dynamics, named: NamedDefinition): Method | undefined {
  return Reflect.get(value, key) === undefined ? undefined : needed(value, key, named);
}

function wrong(key: string, named: NamedDefinition): Error {
  return definitionFault("usage", named, `${key} missing or wrong. see the type Dynamics`);
}

function fail(named: NamedDefinition, what: string): never {
  throw definitionFault("input", named, what);
}

function checkedParameters(parameters: object, named: NamedDefinition): Dynamics["parameters"] {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]: [string, unknown]) => {
      const check = isObject(parameter) ? methodOf(parameter, "check") : undefined;
      if (!isObject(parameter) || !check) throw wrong(`parameters.${name}.check`, named);
      const { about, default: usual }: Unchecked<Parameter> = parameter;
      const checked: Parameter = {
        about: typeof about === "string" ? about : "defined by the user",
        ...(usual === undefined ? {} : { default: usual }),
        check: (given, setting) => void askMember(named, `check of ${name}`, () => check(given, setting)),
      };
      return [name, checked];
    }),
  );
}

function checkedTerms(terms: unknown, named: NamedDefinition): readonly Term[] {
  if (!Array.isArray(terms)) return fail(named, `terms gave ${inWords(terms)}. return a list of { kernel }`);
  return terms.map((term: unknown): Term => {
    const kernel = isObject(term) ? methodOf(term, "kernel") : undefined;
    if (!isObject(term) || !kernel)
      return fail(named, "terms gave a list with a term without kernel. return a list of { kernel }");
    const graph = methodOf(term, "graph");
    return {
      kernel: (n, d) => {
        const run = askMember(named, "kernel", () => kernel(n, d));
        if (typeof run !== "function") return fail(named, `kernel gave ${inWords(run)}. return a function`);
        return (theta, beta, logScale, out) =>
          void askMember(named, "kernel", () => Reflect.apply(run, undefined, [theta, beta, logScale, out]));
      },
      ...(graph && {
        graph: (builder, inputs) => {
          const tensor = askMember(named, "graph", () => graph(builder, inputs));
          return typeof tensor === "string" ? tensor : fail(named, `graph gave ${inWords(tensor)}. name a tensor`);
        },
      }),
    };
  });
}

/** How it depends on time, if it does. */
function inTime(value: object, named: NamedDefinition): Pick<Dynamics, "schedule" | "pieces"> {
  const [schedule, pieces] = [optional(value, "schedule", named), optional(value, "pieces", named)];
  return {
    ...(schedule && {
      schedule: (params) => {
        const run = askMember(named, "schedule", () => schedule(params));
        if (run === undefined) return undefined;
        if (typeof run !== "function") return fail(named, `schedule gave ${inWords(run)}. return a function`);
        return (...at) => void askMember(named, "schedule", () => Reflect.apply(run, undefined, at));
      },
    }),
    ...(pieces && {
      pieces: (params) =>
        checkedPieces(
          askMember(named, "pieces", () => pieces(params)),
          named,
        ),
    }),
  };
}

function checkedPieces(pieces: unknown, named: NamedDefinition): readonly Piece[] {
  const remedy = "return a list of { until, params }, until Infinity for the last";
  if (!Array.isArray(pieces)) return fail(named, `pieces gave ${inWords(pieces)}. ${remedy}`);
  const checked = pieces.map((piece: unknown): Piece => {
    const { until, params, betaTimes }: Unchecked<Piece> = isObject(piece) ? piece : {};
    if (typeof until !== "number" || Number.isNaN(until))
      return fail(named, `pieces gave ${said(until)} as until. ${remedy}`);
    if (!isParams(params)) return fail(named, `pieces gave ${inWords(params)} as params. ${remedy}`);
    if (betaTimes === undefined) return { until, params };
    if (typeof betaTimes === "number" && Number.isFinite(betaTimes)) return { until, params, betaTimes };
    return fail(named, `pieces gave ${said(betaTimes)} as betaTimes. give a finite number, or leave it out`);
  });
  const end = checked.at(-1)?.until;
  return end === Infinity ? checked : fail(named, `pieces end at ${end ?? "the start"}. ${remedy}`);
}

function harmonicsOf(value: object, named: NamedDefinition): Pick<Dynamics, "harmonics"> {
  const harmonics = optional(value, "harmonics", named);
  if (!harmonics) return {};
  return {
    harmonics: (params) =>
      checkedForm(
        askMember(named, "harmonics", () => harmonics(params)),
        named,
      ),
  };
}

function checkedForm(form: unknown, named: NamedDefinition): HarmonicForm {
  const { weighting, masses, times }: Unchecked<HarmonicForm> = isObject(form) ? form : {};
  if (weighting !== "softmax" && weighting !== "exponential")
    return fail(named, `harmonics gave ${said(weighting)} as weighting. return softmax or exponential`);
  if (masses !== undefined && !(masses instanceof Float64Array))
    return fail(named, `harmonics gave ${inWords(masses)} as masses. return a Float64Array`);
  if (times === undefined) return { weighting, masses };
  if (typeof times !== "function") return fail(named, `harmonics gave ${inWords(times)} as times. return a function`);
  return {
    weighting,
    masses,
    times: (beta) => {
      const factor = askMember(named, "times", () => Reflect.apply(times, form, [beta]));
      return isFiniteNumber(factor) ? factor : fail(named, `times gave ${said(factor)}. return a finite number`);
    },
  };
}

function numbersOf(value: object, named: NamedDefinition): Pick<Dynamics, "width" | "samePoint"> {
  const { width, samePoint }: Unchecked<Dynamics> = value;
  if (width !== undefined && !isFiniteNumber(width)) throw wrong("width", named);
  if (samePoint !== undefined && !isFiniteNumber(samePoint)) throw wrong("samePoint", named);
  return { ...(width === undefined ? {} : { width }), ...(samePoint === undefined ? {} : { samePoint }) };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Any names and values are: the dynamics alone reads them. */
function isParams(value: unknown): value is DynamicsParams {
  return isObject(value);
}

function isFiniteNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

/** What stands where a number or a word should. */
function said(value: unknown): string {
  return typeof value === "number" || typeof value === "string" ? String(value) : inWords(value);
}

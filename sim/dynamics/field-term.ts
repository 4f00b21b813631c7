import { definitionFault, type NamedDefinition } from "../../models/foreign/definition-fault.ts";
import type { Term } from "../terms/term.ts";
import { askMember } from "./ask-member.ts";
import type { DynamicsDefinition, FieldInput } from "./definition.ts";

/** A state that is not finite is the integrator's to report: no field is asked about it. */
const UNKNOWN = Number.NaN;

/**
 * A user's field as a term of plain TypeScript. What the field does wrong is thrown as one line of kind `input`.
 *
 * @param given - What the field is told in every call; it cannot change them.
 * @param named - What messages call it.
 */
export function fieldTerm(
  definition: DynamicsDefinition,
  given: FieldInput["parameters"],
  named: NamedDefinition,
): Term {
  const parameters = Object.freeze({ ...given });
  return {
    kernel: (n, d) => {
      const [x, own] = [new Float64Array(n * d), new Float64Array(n * d)];
      return (theta, beta, logScale, out) => {
        if (!theta.every(Number.isFinite)) {
          out.fill(UNKNOWN);
          return;
        }
        x.set(theta);
        const velocity = evaluate(definition, { x, n, d, beta, parameters }, own.fill(0), named);
        const factor = Math.exp(-logScale);
        for (let e = 0; e < n * d; e++) out[e] += factor * velocity[e];
      };
    },
  };
}

/** The velocity: `out`, or what the field returned. */
function evaluate(
  definition: DynamicsDefinition,
  input: FieldInput,
  out: Float64Array,
  named: NamedDefinition,
): ArrayLike<number> {
  const returned = askMember(named, "field", () => definition.field(input, out));
  const velocity = velocityOf(returned, input, out, named);
  for (let e = 0; e < out.length; e++) {
    if (!Number.isFinite(velocity[e])) {
      const token = Math.floor(e / input.d);
      throw definitionFault(
        "input",
        named,
        `field gave ${String(velocity[e])} at token ${token}, beta ${input.beta}. give finite numbers`,
      );
    }
  }
  return velocity;
}

/** A number or a flag that a short function happens to return is not meant; a list is. */
function velocityOf(
  returned: unknown,
  { n, d }: FieldInput,
  out: Float64Array,
  named: NamedDefinition,
): ArrayLike<number> {
  if (typeof returned !== "object" || returned === null) return out;
  if (isList(returned) && returned.length === out.length) return returned;
  const what = isList(returned)
    ? `${returned.length} numbers`
    : returned instanceof Promise
      ? "a promise"
      : "an object";
  throw definitionFault("input", named, `field gave ${what}. write n × d = ${n} × ${d} = ${n * d} numbers into out`);
}

function isList(value: object): value is ArrayLike<number> {
  return "length" in value;
}

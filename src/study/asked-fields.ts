import { TokensphereError } from "../../models/errors.ts";
import { checkParamNames } from "../../sim/dynamics/check-params.ts";
import type { Dynamics } from "../../sim/dynamics/dynamics.ts";
import { DYNAMICS } from "../../sim/dynamics/dynamics-table.ts";
import { memberNamed } from "../../sim/dynamics/member-named.ts";
import type { Parameters } from "../options/plugins.ts";
import type { Plugins } from "../plugins/load-plugins.ts";
import { dynamicsField } from "../updates/dynamics-field.ts";
import { DEFAULT_FIELDS, FIELDS, fieldNamed } from "../updates/fields.ts";
import type { UpdateField } from "../updates/update-field.ts";

/**
 * The fields that a command line names: of the table, of any dynamics, or of a plugin's. Each dynamics gets the parameters that it
 * reads.
 *
 * @throws TokensphereError `usage` for a name that none has, and a parameter that none reads or that is missing.
 */
export function askedFields(
  names: readonly string[] = DEFAULT_FIELDS.map(({ name }) => name),
  { dynamics }: Pick<Plugins, "dynamics">,
  parameters: Parameters = {},
): readonly UpdateField[] {
  const others = [...dynamics, ...Object.values(DYNAMICS)];
  const read = new Set<string>();
  const fields = names.map((name) => {
    const field = fieldNamed(name);
    if (field) return field;
    const found = memberNamed(others, name);
    if (!found) throw unknown(name, others);
    const own = Object.entries(parameters).filter(([key]) => Object.hasOwn(found.parameters, key));
    for (const [key] of own) read.add(key);
    checkParamNames(found, Object.fromEntries(own));
    return dynamicsField(found, Object.fromEntries(own));
  });
  const unread = Object.keys(parameters).find((name) => !read.has(name));
  if (unread === undefined) return fields;
  throw new TokensphereError("usage", `--parameter ${unread}: none of ${names.join(", ")} reads it. leave it out`);
}

function unknown(name: string, others: readonly Dynamics[]): TokensphereError {
  const all = [...FIELDS, ...others].map((one) => one.name);
  return new TokensphereError("usage", `--fields: ${name}. use ${[...new Set(all)].join(", ")}`);
}

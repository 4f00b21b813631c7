import { TokensphereError } from "../../models/errors.ts";
import type { AnyOption, Given } from "./options-of.ts";

/**
 * The options, with those that this way of running the command needs. What every way needs is declared mandatory.
 *
 * @param declared The options of the command, for the flag as help shows it.
 * @param says The whole message in place of commander's own, where more can be said.
 * @throws TokensphereError `usage` where one is missing: the first in the order of declaration.
 */
export function required<Options extends object, Name extends keyof Options & string>(
  declared: readonly AnyOption[],
  options: Options,
  names: readonly Name[],
  says?: string,
): Given<Options, Name> {
  if (areGiven(options, names)) return options;
  const missing = names.filter((name) => options[name] === undefined);
  const [flag] = declared.filter((option) => missing.some((name) => name === option.attributeName()));
  throw new TokensphereError("usage", says ?? `required option '${flag.flags}' not specified`);
}

function areGiven<Options, Name extends keyof Options>(
  options: Options,
  names: readonly Name[],
): options is Given<Options, Name> {
  return names.every((name) => options[name] !== undefined);
}

import { Option } from "@commander-js/extra-typings";
import { InvalidArgumentError } from "commander";
import type { OptionsOf } from "../command-line/options-of.ts";
import { repeatedOption } from "../command-line/repeated-option.ts";

/** Files that bring dynamics and measures. */
export const PLUGINS = [
  repeatedOption(
    "--plugin <file>",
    "a module whose dynamics and measures count as built in; may be given more than once; it runs with your rights",
  ),
] as const;

export type PluginOptions = OptionsOf<typeof PLUGINS>;

/** Values of parameters by their names; the last of a name counts. */
export type Parameters = Readonly<Record<string, unknown>>;

/** What a dynamics reads beside a cloud. */
export const PARAMETERS = [
  new Option(
    "--parameter <name=value>",
    "a parameter of the dynamics: a number or JSON, such as radius=0.3; Q=1 is the identity, V=[2,1] a diagonal; may be given more than once",
  ).argParser<Parameters>((text, before) => ({ ...before, ...parseParameter(text) })),
] as const;

export type ParameterOptions = OptionsOf<typeof PARAMETERS>;

function parseParameter(text: string): Parameters {
  const [, name, value] = /^\s*([A-Za-z_]\w*)\s*=(.*)$/s.exec(text) ?? [];
  if (name !== undefined && value.trim() !== "") return { [name]: parseValue(value) };
  throw new InvalidArgumentError("--parameter wants name=value, such as radius=0.3.");
}

function parseValue(text: string): unknown {
  const refusal = new InvalidArgumentError("--parameter wants a finite number or JSON behind the sign, such as 0.3.");
  try {
    return JSON.parse(text, (_key, value) => {
      // JSON may write numbers beyond the range of float64.
      if (typeof value === "number" && !Number.isFinite(value)) throw refusal;
      return value;
    });
  } catch {
    const value = Number(text);
    if (Number.isFinite(value)) return value;
    throw refusal;
  }
}

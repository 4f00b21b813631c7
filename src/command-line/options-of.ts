import type { InferOptions, Option } from "@commander-js/extra-typings";

/** A declared option, whatever its type. */
export type AnyOption = Option<string, unknown, unknown, unknown, boolean, unknown>;

/** The value that one option leaves, under its name. */
type OptionOf<O> =
  O extends Option<
    infer Usage,
    infer Preset,
    infer Default,
    infer Parsed,
    infer Mandatory extends boolean,
    infer Choices
  >
    ? InferOptions<unknown, Usage, Default, Parsed, Mandatory, Preset, Choices>
    : never;

type All<Union> = (Union extends unknown ? (each: Union) => void : never) extends (each: infer Every) => void
  ? Every
  : never;

/** What a command line leaves of some declared options: name, type and default of each are those of its declaration. */
export type OptionsOf<Options extends readonly AnyOption[]> =
  All<OptionOf<Options[number]>> extends infer Every ? { readonly [Name in keyof Every]: Every[Name] } : never;

/** Options of which these were given: not every way to run a command needs the same. */
export type Given<Options, Names extends keyof Options> = Options & {
  readonly [Name in Names]-?: Exclude<Options[Name], undefined>;
};

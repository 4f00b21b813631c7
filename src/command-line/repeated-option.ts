import { Option } from "@commander-js/extra-typings";

/** A text that may be given more than once: all of them, in their order. */
export function repeatedOption<const Usage extends string>(usage: Usage, about: string) {
  return new Option(usage, about).argParser<readonly string[]>((text, before = []) => [...before, text]);
}

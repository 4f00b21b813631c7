import { Option } from "@commander-js/extra-typings";
import { InvalidArgumentError } from "commander";

/** Different names between commas. `such`: for example. */
export function namesOption<const Usage extends string>(usage: Usage, about: string, such: string) {
  const option = new Option(usage, about);
  return option.argParser((text): readonly string[] => {
    const names = text.split(",").map((name) => name.trim());
    if (names.every((name) => name !== "") && new Set(names).size === names.length) return names;
    throw new InvalidArgumentError(`${option.long} wants different names between commas, such as ${such}.`);
  });
}

import { Option } from "@commander-js/extra-typings";
import { InvalidArgumentError } from "commander";

/** A text that is not empty: a variable of the shell that is not set would mean the folder that one stands in. */
export function filledOption<const Usage extends string>(usage: Usage, about: string) {
  const option = new Option(usage, about);
  return option.argParser((text): string => {
    if (text.trim() !== "") return text;
    throw new InvalidArgumentError(`${option.long} wants something that is not empty, or is left out.`);
  });
}

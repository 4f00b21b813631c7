import { spellOptions } from "../../models/errors.ts";

/** A message of the library as the command line says it: its options are flags. */
export function flagsInMessage(message: string): string {
  return spellOptions(message, (name, value) => (value === undefined ? flagOf(name) : `${flagOf(name)} ${value}`));
}

/** `maxSteps` is `--max-steps`. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

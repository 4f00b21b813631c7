import { Option } from "@commander-js/extra-typings";
import { InvalidArgumentError } from "commander";

/** A finite number. */
export function numberOption<const Usage extends string>(usage: Usage, about: string) {
  const option = new Option(usage, about);
  return option.argParser((text) => parseNumber(text, longOf(option)));
}

/** A whole number not below `least`. */
export function wholeOption<const Usage extends string>(usage: Usage, about: string, least: number) {
  const option = new Option(usage, about);
  return option.argParser((text): number => {
    const value = Number(text);
    if (!/^[+-]?\d+$/.test(text.trim()) || !Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`${longOf(option)} wants a whole number from ${least} on.`);
    return value;
  });
}

/** Finite numbers between commas. */
export function numbersOption<const Usage extends string>(usage: Usage, about: string) {
  const option = new Option(usage, about);
  return option.argParser((text) => parseNumbers(text, longOf(option)));
}

/** Cosines between commas. */
export function cosinesOption<const Usage extends string>(usage: Usage, about: string) {
  const option = new Option(usage, about);
  return option.argParser((text) => {
    const values = parseNumbers(text, longOf(option));
    if (values.every((value) => Math.abs(value) <= 1)) return values;
    throw new InvalidArgumentError(`${longOf(option)} wants cosines, from -1 to 1.`);
  });
}

/** Two numbers, lo < hi, neither 0. */
export function rangeOption<const Usage extends string>(usage: Usage, about: string) {
  const option = new Option(usage, about);
  return option.argParser((text): [number, number] => {
    const [lo, hi, ...rest] = text.split(",").map(Number);
    if (rest.length === 0 && Number.isFinite(hi - lo) && hi > lo && lo !== 0 && hi !== 0) return [lo, hi];
    throw new InvalidArgumentError(`${longOf(option)} wants lo,hi with lo < hi, neither of them 0.`);
  });
}

export function parseNumbers(text: string, flag: string): number[] {
  return text.split(",").map((part) => parseNumber(part, flag));
}

function parseNumber(text: string, flag: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError(`${flag} wants a finite number.`);
  return value;
}

/** `--beta` of `--beta <number>`. */
function longOf({ long, flags }: { readonly long?: string; readonly flags: string }): string {
  return long ?? flags;
}

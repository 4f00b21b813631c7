import { Option } from "@commander-js/extra-typings";
import { InvalidArgumentError } from "commander";

/** What a model may be varied by: the flag of the same name. */
export const VARIED = ["depth", "heads", "random-init", "shuffle-tokens"] as const;

/** A flag and the values that it takes, a run each. */
export interface By {
  readonly flag: (typeof VARIED)[number];
  /** Empty: with the flag and without. */
  readonly values: readonly number[];
}

/** Whether the model is run several times, and in what the runs differ. */
export const BY = [
  new Option(
    "--by <flag=values>",
    "a run for each value, side by side: depth=12,24,48, heads=1,6; random-init and shuffle-tokens (=seeds) beside the model as it is",
  ).argParser(parseBy),
] as const;

/** What says the same otherwise, or makes runs of its own. */
export const BY_CONFLICTS = [
  {
    flags: ["preset", "looped"],
    with: ["by"],
    except: 0,
    says: "{flag} beside --by: both read the weights in ways of their own. leave one of the two out",
  },
] as const;

function parseBy(text: string): By {
  const [name, list] = text.split("=");
  const flag = VARIED.find((one) => one === name?.trim());
  const values = (list ?? "").split(",").filter((one) => one.trim() !== "");
  const numbers = values.map(Number);
  const least = flag === "depth" || flag === "heads" ? 1 : 0;
  const sound = numbers.every((value) => Number.isSafeInteger(value) && value >= least);
  const enough = least === 0 || numbers.length > 1;
  if (flag && sound && enough && new Set(numbers).size === numbers.length) return { flag, values: numbers };
  throw new InvalidArgumentError(
    `--by wants depth= or heads= with two values or more, random-init or shuffle-tokens: depth=12,24, random-init=1,2.`,
  );
}

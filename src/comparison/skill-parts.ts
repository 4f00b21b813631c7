import { percent } from "../words/format-number.ts";

/** Skills at three levels as parts of a sentence; what is not known is left out. */
export function skillParts(w1: number | null, pairs: number | null, tokens: number | null): readonly string[] {
  return [
    ...(w1 === null ? [] : [`${percent(w1)} of the change of the histograms`]),
    ...(pairs === null ? [] : [`${percent(pairs)} pair by pair`]),
    ...(tokens === null ? [] : [`${percent(tokens)} token by token`]),
  ];
}

import { formatFixed, formatSignificant } from "../words/format-number.ts";
import { listInWords } from "../words/list-in-words.ts";
import type { Difference } from "./difference.ts";
import { conclusionInWords } from "./in-words.ts";
import type { SideBySide } from "./side-by-side.ts";

/** "0.56 (0.54 … 0.58)". */
export function differenceInWords(one: Difference | null, format: (value: number) => string = formatFixed): string {
  if (one === null) return "–";
  return one.lo === null || one.hi === null || (one.lo === one.value && one.hi === one.value)
    ? format(one.value)
    : `${format(one.value)} (${format(one.lo)} … ${format(one.hi)})`;
}

/** What stands out: the mean cosine after the last layers, β family by family, what was concluded. */
export function sideBySideInWords(all: SideBySide): readonly string[] {
  const [first] = all.runs;
  const betas = all.families.flatMap(({ family, ratios }) =>
    ratios.flatMap((ratio, k) => {
      if (ratio === null) return [];
      const times = differenceInWords(ratio, formatSignificant);
      return [`β of ${family} in ${all.runs[k]!.name} is ${times} times that in ${first!.name}${undecided(ratio)}.`];
    }),
  );
  return [...lastInWords(all), ...betas, ...concludedInWords(all)];
}

function lastInWords({ runs, last }: SideBySide): readonly string[] {
  if (last === null) return [];
  return runs.slice(1).flatMap((run, k) => {
    const gap = last.differences[k + 1];
    if (!gap) return [];
    const [from, to] = [last.layers[0], last.layers[k + 1]];
    const where = from === to ? "" : ` (layer ${from})`;
    const values = `${formatFixed(last.values[k + 1])}, that of ${runs[0]!.name}${where} ${formatFixed(last.values[0])}`;
    return [`After layer ${to} the mean cosine of ${run.name} is ${values}: ${judged(gap)}.`];
  });
}

function concludedInWords({ runs }: SideBySide): readonly string[] {
  const concluded = runs.filter(({ conclusion }) => conclusion !== null);
  const kinds = new Set(concluded.map(({ conclusion }) => conclusion));
  if (kinds.size === 0) return [];
  if (kinds.size === 1) return [`All that were fitted conclude: ${conclusionInWords(concluded[0]!)}.`];
  return [`Concluded: ${listInWords(concluded.map((run) => `${run.name} ${conclusionInWords(run)}`))}.`];
}

function judged(gap: Difference): string {
  const size = differenceInWords(gap);
  if (gap.value === 0 && gap.lo === 0 && gap.hi === 0) return "the same";
  const within = gap.lo !== null && gap.hi !== null && gap.lo <= 0 && gap.hi >= 0;
  return within ? `no difference that its interval tells from 0, ${size}` : `a difference of ${size}`;
}

function undecided({ lo, hi }: Difference): string {
  return lo !== null && hi !== null && lo <= 1 && hi >= 1 ? ", which is no difference beyond doubt" : "";
}

/** What the intervals are. */
export function intervalsInWords({ intervals, runs }: SideBySide): string {
  if (intervals === "texts")
    return "Intervals of 95 % are those of Student’s t over the texts, which all runs share, pair by pair.";
  return runs.some(({ tokens }) => tokens.length > 1)
    ? "Of several texts that the runs do not share, differences have no interval."
    : "Intervals of 95 % join those of the two runs over their tokens as if these were independent (Zou and Donner 2008); of the same tokens they are rather too wide.";
}

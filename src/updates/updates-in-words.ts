import { percent } from "../words/format-number.ts";
import { listInWords } from "../words/list-in-words.ts";
import { isOwnPart } from "./fields.ts";
import { ownPartsInWords } from "./own-parts-in-words.ts";
import { betasInWords, labelOf, shares, stepsInWords } from "./rows-in-words.ts";
import type { UntrainedRow, UpdateRow } from "./update-row.ts";
import { byDraw } from "./updates-over-texts.ts";

/**
 * What one row decides: `adds` where the field adds more than 95 % of its permutations and its interval lies above 0; `nothing`
 * where permutations add as much; `open` where it adds more than they but the interval holds 0, or nothing is known of one of them;
 * `none` where there is no number.
 */
export type Decision = "adds" | "nothing" | "open" | "none";

export function decisionOf({ added, added_interval, null: shuffled }: UpdateRow): Decision {
  if (added === null) return "none";
  if (shuffled === null) return added > 0 ? "open" : "nothing";
  if (added <= shuffled) return "nothing";
  return added_interval !== null && added_interval[0] > 0 ? "adds" : "open";
}

/**
 * What the updates say, in two sentences: where which field adds to the change of inner products, at which β and how much beside
 * shuffled tokens; how much of the motion itself it is. What the network's own parts are of it follows, where they were measured.
 *
 * @param all - Of one text, or means over texts.
 */
export function updatesInWords(all: readonly UpdateRow[]): string {
  const own = ownPartsInWords(all);
  const rows = all.filter(({ field }) => !isOwnPart(field));
  const chosen = strongest(rows);
  const told = chosen === null ? [nothingKnown(rows)] : [additionInWords(rows, chosen), motionInWords(rows, chosen)];
  return [...told, own].filter((part) => part !== "").join(" ");
}

/**
 * What the same field adds in the same steps of the same network untrained, at most over the draws of its weights, and where it adds more
 * than that here: what is there without training was not learned. Empty where no field adds beyond doubt, or nothing is known of the untrained network.
 */
export function besideUntrained(all: readonly UpdateRow[], untrained: readonly UntrainedRow[]): string {
  const chosen = strongest(all.filter(({ field }) => !isOwnPart(field))) ?? [];
  const steps = chosen.flatMap((row) => {
    if (decisionOf(row) !== "adds") return [];
    const same = untrained.filter(
      ({ text, layer, field }) => text === row.text && layer === row.layer && field === row.field,
    );
    const [other] = same.filter(({ added }) => added !== null).sort((a, b) => (b.added ?? 0) - (a.added ?? 0));
    return other?.added == null ? [] : [{ row, other, more: (row.added ?? 0) > other.added }];
  });
  if (steps.length === 0) return "";
  const others = steps.map(({ other }) => other);
  const more = steps.filter((step) => step.more).map(({ row }) => row);
  const there = `${shares(others.map(({ added }) => added))}${betasInWords(others)}`;
  const label = labelOf(chosen[0].field);
  const follows =
    more.length === 0
      ? "as much or more in every one, so nothing of it is a sign of training"
      : more.length === steps.length
        ? "less in every one"
        : `less only in ${stepsInWords(more)}`;
  const draws = byDraw(untrained).length;
  const network = draws > 1 ? `untrained, of ${draws} draws, ${label} adds at most` : `untrained ${label} adds`;
  return `In those steps of the same network ${network} ${there}: ${follows}.`;
}

/** The rows of one field, at its best β or at one that was given. */
type Group = readonly UpdateRow[];

function groups(rows: readonly UpdateRow[]): readonly Group[] {
  const found = new Map<string, UpdateRow[]>();
  for (const row of rows) {
    const key = `${row.field} ${row.beta_from === "given" ? row.beta : ""}`;
    found.set(key, [...(found.get(key) ?? []), row]);
  }
  return [...found.values()];
}

/** The group that adds most where it adds; with none, the one that adds most in all. Those that add by no means are left out. */
function strongest(rows: readonly UpdateRow[]): Group | null {
  const weigh = (group: Group, which: readonly Decision[]) =>
    group.reduce((sum, row) => sum + (which.includes(decisionOf(row)) ? (row.added ?? 0) : 0), 0);
  const able = groups(rows).filter((group) => group.some(({ partial }) => partial !== null));
  if (able.length === 0) return null;
  const best = (which: readonly Decision[]) =>
    able.reduce((most, group) => (weigh(group, which) > weigh(most, which) ? group : most));
  return able.some((group) => weigh(group, ["adds"]) > 0) ? best(["adds"]) : best(["nothing", "open"]);
}

function additionInWords(rows: readonly UpdateRow[], group: Group): string {
  const by = (decision: Decision) => group.filter((row) => decisionOf(row) === decision);
  const [adds, nothing, open] = [by("adds"), by("nothing"), by("open")];
  const label = labelOf(group[0].field);
  if (adds.length === 0) {
    const others = groups(rows).filter((one) => one.some(({ partial }) => partial !== null));
    const names = [...new Set(others.map(([row]) => labelOf(row.field)))];
    const none = names.length === 1 ? `${names[0]} does not add` : `none of ${listInWords(names)} adds`;
    const most = Math.max(...group.map(({ added }) => added ?? 0));
    const where = open.length === 0 ? "" : `; ${stepsInWords(open)} ${open.length === 1 ? "is" : "are"} undecided`;
    return `${capital(none)} to the change of inner products in any step beyond doubt (${names.length === 1 ? "" : `${label} `}at most ${percent(most)})${where}.`;
  }
  const beside = [
    `without selection among tokens ${shares(adds.map((row) => row.without_selection))}`,
    `shuffled ${shares(adds.map((row) => row.null))}`,
  ];
  const rest = [
    ...(nothing.length > 0 ? [`nothing in ${stepsInWords(nothing)}`] : []),
    ...(open.length > 0 ? [`undecided in ${stepsInWords(open)}`] : []),
  ];
  const told = `${label}${betasInWords(adds)} adds ${shares(adds.map((row) => row.added))} to the change of inner products in ${stepsInWords(adds)}`;
  return `${[`${told} (${beside.join(", ")})`, ...rest].join(", ")}.`;
}

/** "Of the motion of the tokens themselves SA makes at most 3 % in any step, averaging at most 4 %." */
function motionInWords(rows: readonly UpdateRow[], group: Group): string {
  const most = (of: readonly UpdateRow[]) => {
    const known = of.flatMap(({ update }) => (update === null ? [] : [update]));
    return known.length === 0 ? null : Math.max(0, ...known);
  };
  const own = most(group);
  if (own === null) return "";
  const mean = group[0].field === "averaging" ? null : most(rows.filter(({ field }) => field === "averaging"));
  const beside = mean === null ? "" : `, averaging at most ${percent(mean)}`;
  return `Of the motion of the tokens themselves ${labelOf(group[0].field)} makes at most ${percent(own)} in any step${beside}.`;
}

function nothingKnown(rows: readonly UpdateRow[]): string {
  const free = rows.filter(({ added, partial }) => added === 0 && partial === null);
  if (free.length > 0) {
    const made = shares(free.map((row) => row.gram_beyond_mean));
    const names = [...new Set(free.map(({ field }) => labelOf(field)))];
    return `${capital(listInWords(names))} needs no selection among tokens, and makes ${made} of the change of inner products beyond its mean.`;
  }
  const notes = rows.flatMap(({ note }) => (note === "" ? [] : [note]));
  if (rows.length === 0) return "There is no step: two layers are needed.";
  const [first] = notes;
  return `What fields add to the change of inner products cannot be told${first ? `: ${first}` : ""}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

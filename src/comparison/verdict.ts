import type { FamilyFit, Observed } from "../fit/fit-result.ts";
import { isFrozen, familyLabel as label, withoutFrozen } from "../laws/families.ts";
import { digits, percent, withMinus } from "../words/format-number.ts";
import { listInWords } from "../words/list-in-words.ts";
import type { Comparison, LevelledFamily, RivalFit } from "./comparison.ts";
import { type Concluded, SAME_WAY } from "./conclude.ts";
import type { HeldOutLevels } from "./held-levels.ts";
import { lawsSentence } from "./laws-sentence.ts";
import { isNearerThanStill, nearestFamily } from "./nearest-family.ts";
import { misplacedMass, observedSentence } from "./observed-sentence.ts";
import { skillParts } from "./skill-parts.ts";

/** All that the verdict is made of: plain numbers, no judgement. */
export interface Findings {
  readonly observed: Observed;
  /** Whether tokens see only what comes before them. */
  readonly causal?: boolean;
  readonly families: readonly LevelledFamily[];
  readonly comparison: Pick<Comparison, "conclusion" | "conclusions" | "tie" | "rivals" | "basis" | "ceiling">;
  readonly held_out: readonly HeldOutLevels[];
  readonly concluded: Pick<Concluded, "best" | "unbeaten">;
  /** Sentences that others make: of the updates, of the untrained network, of the intervention. Empty where there are none. */
  readonly beside: readonly string[];
}

/**
 * What was found, in this order: what the network does; what of it needs no attention; what attention dynamics adds, beside its
 * rivals; what they miss. Every sentence follows from numbers of the fit.
 */
export function verdict(findings: Findings): string {
  const { observed, beside } = findings;
  return [
    observedSentence(observed),
    ...(findings.causal ? [CAUSAL] : []),
    ...(changes(findings)
      ? [
          withoutAttention(findings),
          attentionSentence(findings),
          lawsSentence(findings.comparison.rivals, nearestFamily(findings.families, findings.concluded.best)!),
          ...textsSentence(findings),
          heldOutSentence(findings),
          ...beside,
          missing(findings),
        ]
      : [unchanged(findings)]),
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

const CAUSAL = "No token sees what comes after it, so averaging is over what comes before.";

/** Whether any inner product changes by more than rounding. */
function changes({ families }: Findings): boolean {
  return families[families.length - 1].skill !== null;
}

/** A rotation of all tokens leaves every inner product as it is: "nothing moves" would be false of it. */
function unchanged({ comparison: { rivals } }: Findings): string {
  const moved = rivals.some(({ token_skill }) => token_skill !== null);
  return `No inner product changes between the layers${moved ? ", though the tokens move: together, as one rotation moves them" : ""}. There is nothing for a dynamics to explain.`;
}

/** The distribution first, since most readers know it; then pairs and tokens, each with the rival that comes nearest. */
function withoutAttention({ comparison: { rivals, basis } }: Findings): string {
  const averaging = rivals.find(({ name }) => name === "averaging");
  const held = rivals.filter(({ rival, name }) => rival && name !== "frozen");
  const parts = [
    ...(averaging ? skillParts(averaging.w1_skill, averaging.pair_skill, averaging.token_skill) : []),
    ...nearestInWords(nearestAt(held, "pair_skill"), nearestAt(held, "token_skill"), averaging),
  ];
  if (parts.length === 0) return "";
  const why = basis === null ? "" : ` Places of tokens are left out: ${basis}.`;
  return `Without attention: averaging gives ${parts.join(", ")}.${why}`;
}

/** The rivals that come nearest pair by pair and token by token, once where it is the same; averaging was told. */
function nearestInWords(pairs: Near | null, tokens: Near | null, averaging: RivalFit | undefined): readonly string[] {
  const told = [
    ...(pairs ? [{ ...pairs, how: `${percent(pairs.value)} pair by pair` }] : []),
    ...(tokens ? [{ ...tokens, how: `${percent(tokens.value)} token by token` }] : []),
  ].filter(({ name }) => name !== averaging?.name);
  const [first, second] = told;
  if (first && second && first.name === second.name) return [`${first.label} ${first.how} and ${second.how}`];
  return told.map(({ label: named, how }) => `${named} ${how}`);
}

/** A rival at a level. */
interface Near {
  readonly name: string;
  readonly label: string;
  readonly value: number;
}

function nearestAt(rivals: readonly RivalFit[], level: "pair_skill" | "token_skill"): Near | null {
  const able = rivals.flatMap((one) =>
    one[level] === null ? [] : [{ name: one.name, label: one.label, value: one[level] }],
  );
  return able.length === 0 ? null : able.reduce((a, b) => (b.value > a.value ? b : a));
}

/** What the families do beside that, and what follows. */
function attentionSentence(findings: Findings): string {
  const { families, comparison, concluded } = findings;
  const moving = withoutFrozen(families);
  const nearest = nearestFamily(families, concluded.best)!;
  const beta = nearest.beta === null ? "" : ` at β = ${digits(nearest.beta, 3)}${interval(nearest)}`;
  const does = `${label(nearest)}${beta}`;
  const numbers = skillsInWords(nearest, comparison.rivals);
  if (nearest.start)
    return `${does} starts from other tokens than the network's, so that its distribution alone can be compared: ${numbers}. This is no evidence of which tokens move where${others(findings, nearest)}.`;
  switch (comparison.conclusion) {
    case "attention":
      return `${tied(findings)}${does} moves the tokens as the network does: ${numbers}; nothing without attention comes as near${others(findings, nearest)}.`;
    case "averaging":
      return `Averaging alone does it: ${does} is no nearer (${numbers}), so no selection among tokens is seen here.`;
    case "common_motion":
      return `One vector a layer, added to all tokens, explains it: ${does} is no nearer (${numbers}).`;
    case "none":
      return `Neither attention dynamics nor averaging nor a common motion is nearer than nothing moving (${does} gives ${numbers}): this theory does not describe these layers.`;
    case "undecided":
      if (isFrozen(concluded.best) && isNearerThanStill(comparison.rivals))
        return `${does} gives ${numbers}; but ${orderInWords(findings)}. So these layers are no evidence that tokens move as attention would move them.`;
      if (isFrozen(concluded.best))
        return `${noneOf(moving)} nearer than nothing moving (${does} gives ${numbers}): attention does not describe these layers.`;
      return `${tied(findings)}${does} gives ${numbers}; but ${unbeatenInWords(findings)}. So these layers are no evidence that tokens move as attention would move them.`;
  }
}

function noneOf(moving: readonly LevelledFamily[]): string {
  return moving.length === 1 ? `${label(moving[0])} is no` : `None of ${listInWords(moving.map(label))} is`;
}

function skillsInWords(family: LevelledFamily, rivals: readonly RivalFit[]): string {
  const between = rivals.find(({ name }) => name === "interpolation")?.w1_skill ?? null;
  const held = family.skill_held_out;
  const naive = between === null ? "" : `, where the middle of their neighbours gives ${percent(between)}`;
  const leftOut = held === null ? "" : ` (${percent(held)} on left-out layers${naive})`;
  const [w1, ...rest] = skillParts(family.skill, family.pair_skill ?? null, family.token_skill ?? null);
  const cosine = family.displacement_cosine ?? null;
  return [
    ...(w1 === undefined ? [] : [`${w1}${family.skill === null ? "" : leftOut}`]),
    ...rest,
    ...(cosine === null ? [] : [`cosine of real and predicted motion ${signed(cosine)}`]),
  ].join(", ");
}

function signed(value: number): string {
  return withMinus(String(Number(value.toFixed(2))));
}

/** Families that do as well are named before any is praised. */
function tied({ families, comparison: { tie } }: Findings): string {
  if (tie.length === 0) return "";
  const names = tie.map((name) => label(families.find((one) => one.name === name)!));
  return `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]} cannot be told apart here. `;
}

function others({ families, comparison: { tie } }: Findings, nearest: LevelledFamily): string {
  const rest = withoutFrozen(families).filter((one) => one !== nearest && !tie.includes(one.name));
  return rest
    .map((one) =>
      one.start
        ? `; ${label(one)}, from other tokens, gives ${percent(one.skill ?? 0)} of the distribution`
        : `; ${label(one)} gives ${percent(one.pair_skill ?? 0)} pair by pair`,
    )
    .join("");
}

/** Layers that are fitted in any order, and what does as well beside that. */
function orderInWords(findings: Findings): string {
  const { pairs, tokens } = findings.concluded.unbeaten;
  const more = pairs.length + tokens.length === 0 ? "" : `, and ${unbeatenInWords(findings)}`;
  return `layers in a random order are fitted as well${more}`;
}

function unbeatenInWords({ comparison: { rivals }, concluded: { best, unbeaten }, families }: Findings): string {
  const named = (names: readonly string[]) =>
    listInWords(names.map((name) => rivals.find((one) => one.name === name)?.label ?? name));
  const does = (names: readonly string[]) => (names.length === 1 ? "does" : "do");
  const parts = (["pairs", "tokens"] as const).flatMap((level) => {
    const names = unbeaten[level];
    const how = level === "pairs" ? "pair by pair" : "token by token";
    return names.length === 0 ? [] : [`${how} ${named(names)} ${does(names)} as well or better`];
  });
  if (parts.length > 0) return parts.join(", ");
  const cosine = nearestFamily(families, best)?.displacement_cosine ?? null;
  if (cosine === null) return "in the updates selection among tokens adds no more than chance or a linear map";
  if (cosine > SAME_WAY)
    return "layers in a random order fit as well, or the updates do not depend on the other tokens";
  return `tokens do not go where it sends them (cosine of real and predicted motion ${signed(cosine)})`;
}

/** Several texts: whether each comes to the same. */
function textsSentence({ comparison: { conclusion, conclusions } }: Findings): readonly string[] {
  if (conclusions.length < 2) return [];
  const same = conclusions.filter((one) => one.conclusion === conclusion).length;
  const counts = new Map<string, number>();
  for (const one of conclusions) counts.set(one.conclusion, (counts.get(one.conclusion) ?? 0) + 1);
  const told = [...counts].map(([what, count]) => `${what.replace("_", " ")} in ${count}`).join(", ");
  return same === conclusions.length
    ? [`Each of the ${conclusions.length} texts alone comes to the same.`]
    : [`Text by text the conclusion is ${told}.`];
}

/** What the last third of the layers, predicted from those before, and the other half of the tokens say of the nearest family. */
function heldOutSentence({ families, concluded, held_out, comparison: { conclusion } }: Findings): string {
  if (conclusion === "none") return "";
  const nearest = families.find(({ name }) => name === concluded.best);
  if (!nearest || isFrozen(nearest.name)) return "";
  const told = KINDS.flatMap(([kind, words]) => {
    const of = (name: string) => held_out.find((row) => row.kind === kind && row.family === name);
    const [own, averaging] = [of(nearest.name), of("averaging")];
    if (own?.w1_skill == null) return [];
    const beside = averaging?.w1_skill == null ? "" : ` (averaging ${percent(averaging.w1_skill)})`;
    return [`${percent(own.w1_skill)} on ${words}${beside}`];
  });
  return told.length === 0
    ? ""
    : `Not fitted to them, ${label(nearest)} gives ${told.join(", ")} of the change of the histograms.`;
}

const KINDS = [
  ["last_third", "the last third of the layers under equal steps"],
  ["texts", "other texts"],
  ["tokens", "the other half of the tokens"],
] as const;

/** The limits that weigh most. */
function missing({ observed, families, concluded }: Findings): string {
  const nearest = families.find(({ name }) => name === concluded.best);
  if (!nearest || isFrozen(nearest.name)) return "";
  const limits = [...nearest.warnings.slice(0, 2), misplacedMass(observed, nearest)].filter((limit) => limit !== null);
  return limits.length === 0 ? "" : `Mind this: ${limits.join("; ")}.`;
}

function interval({ beta_interval }: FamilyFit): string {
  return beta_interval ? ` (95 % interval ${beta_interval.map((end) => digits(end, 3)).join(" to ")})` : "";
}

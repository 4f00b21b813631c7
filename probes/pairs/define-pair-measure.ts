import { TokensphereError } from "../../models/errors.ts";
import { madeValues } from "../../models/foreign/made-values.ts";
import { askedNumber } from "../measures/asked-number.ts";
import { type CloudView, handedCloud, type MeasuredCloud } from "../measures/cloud-view.ts";
import { type DefinitionHead, definitionHead, functionIn } from "../measures/definition.ts";
import type { PairMeasure } from "./pair-measure.ts";
import { PAIR_MEASURES } from "./pair-measures.ts";

/** A measure of two clouds as its author writes it. */
export interface PairMeasureDefinition {
  /** What its rows are called: a letter, then letters, digits, `_` and `.`. */
  readonly name: string;
  /** What it is, in a line. */
  readonly about?: string;
  /** See `PairMeasure`: without it two texts are not compared. */
  readonly anyTokens?: boolean;
  /**
   * The number, of the same n tokens in two states as the policy made them, unit vectors unless another `normalize` was asked for.
   * `null` where it does not exist. Both are copies.
   */
  value(a: MeasuredCloud, b: MeasuredCloud): number | null;
}

/**
 * A measure of pairs of clouds: two layers, two texts, network and prediction. What was made here, or is one of ours, is handed back;
 * of any other whole measure what it gives is checked.
 *
 * @throws TokensphereError `input` for a definition without shape; `usage` where one of ours has that name. When it is asked, `input`
 *   where it throws or gives no finite number.
 */
export function definePairMeasure(definition: PairMeasureDefinition | PairMeasure): PairMeasure {
  return asPairMeasure(definition);
}

const made = madeValues(PAIR_MEASURES);

/**
 * `definePairMeasure` of what somebody else's code gives. Throws the same.
 *
 * @param origin - The file it is from; faults then name the file.
 */
export function asPairMeasure(value: unknown, origin?: string): PairMeasure {
  const earlier = made.find(value);
  if (earlier && origin === undefined) return earlier.made;
  const from = earlier ? earlier.from : value;
  const head = definitionHead(from, "pair measure", origin);
  const between = "between" in head.given ? wholeBetween(head) : definedBetween(head);
  const measure = { ...head.labels, anyTokens: Reflect.get(head.given, "anyTokens") === true, between };
  requireDistinctPairs([...PAIR_MEASURES, measure]);
  return made.keep(measure, from);
}

function definedBetween(head: DefinitionHead): PairMeasure["between"] {
  const value = functionIn(head, "value");
  const asked = (a: CloudView, b: CloudView) => value(handedCloud(a), handedCloud(b));
  return (a, b, where) => askedNumber({ ...head.named, where }, "value", () => asked(a, b));
}

function wholeBetween(head: DefinitionHead): PairMeasure["between"] {
  const between = functionIn(head, "between");
  return (a, b, where) => askedNumber({ ...head.named, where }, "between", () => between(a, b, where));
}

/** Throws `usage` where two measures have one name. */
export function requireDistinctPairs(measures: readonly PairMeasure[]): void {
  const twice = measures.find(({ name }, i) => measures.findIndex((one) => one.name === name) < i);
  if (twice === undefined) return;
  throw new TokensphereError("usage", `pair measure ${twice.name}: there is one already. choose another name`);
}

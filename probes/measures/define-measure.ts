import { TokensphereError } from "../../models/errors.ts";
import { definitionFault, inWords } from "../../models/foreign/definition-fault.ts";
import { madeValues } from "../../models/foreign/made-values.ts";
import { askedNumber, askMeasure } from "./asked-number.ts";
import { checkedRows } from "./checked-rows.ts";
import { handedCloud, type MeasuredCloud } from "./cloud-view.ts";
import { type DefinitionHead, definitionHead, functionIn, optionalFunctionIn } from "./definition.ts";
import type { Measure } from "./measure.ts";
import { MEASURES } from "./measures.ts";

/** A measure of one cloud as its author writes it. */
export interface MeasureDefinition {
  /** The name of its row: a letter, then letters, digits, `_` and `.`. */
  readonly name: string;
  /** What it is, in a line. */
  readonly about?: string;
  /**
   * The number, of the tokens as the policy made them: unit vectors unless another `normalize` was asked for (`cloud.unit`).
   * `null` where it does not exist for this cloud, which then has no row. The cloud is a copy.
   */
  value(cloud: MeasuredCloud): number | null;
  /** What it is on average for n independent uniform unit vectors in d dimensions; asked where the cloud is comparable. */
  floor?(n: number, d: number): number | null;
}

/**
 * A measure that gives one row, to be put beside ours: `probeCloud(cloud, { measures: [...MEASURES, mine] })`. What was made here,
 * or is one of ours, is handed back; of any other whole measure what it gives is checked.
 *
 * @throws TokensphereError `input` for a definition without shape; `usage` where a measure of ours has a row of that name. Its
 *   functions, when they are asked, fail with `input` where they throw or give what no row can hold.
 */
export function defineMeasure(definition: MeasureDefinition | Measure): Measure {
  return asMeasure(definition);
}

const made = madeValues(MEASURES);

/**
 * `defineMeasure` of what somebody else's code gives. Throws the same.
 *
 * @param origin - The file it is from; faults then name the file.
 */
export function asMeasure(value: unknown, origin?: string): Measure {
  const earlier = made.find(value);
  if (earlier && origin === undefined) return earlier.made;
  const from = earlier ? earlier.from : value;
  const head = definitionHead(from, "measure", origin);
  const whole = "rows" in head.given && "owns" in head.given;
  const measure = whole ? wholeMeasure(head) : oneRowMeasure(head);
  requireDistinct([...MEASURES, measure]);
  return made.keep(measure, from);
}

/** Throws `usage` where two measures would give rows of one name. */
export function requireDistinct(measures: readonly Measure[]): void {
  for (const [i, { name }] of measures.entries()) {
    const other = measures.find((one, k) => k !== i && (one.owns(name) || one.name === name));
    if (other === undefined) continue;
    const whose = other.name === name ? "there is one already" : `${other.name} gives a row of this name`;
    throw new TokensphereError("usage", `measure ${name}: ${whose}. choose another name`);
  }
}

function oneRowMeasure(head: DefinitionHead): Measure {
  const { labels } = head;
  const [value, floor] = [functionIn(head, "value"), optionalFunctionIn(head, "floor")];
  return {
    ...labels,
    rows: (cloud) => {
      const named = { ...head.named, where: cloud.where };
      const own = askedNumber(named, "value", () => value(handedCloud(cloud)));
      if (own === null) return [];
      const usual = floor && cloud.hasFloor ? askedNumber(named, "floor", () => floor(cloud.n, cloud.d) ?? null) : null;
      return [{ measure: labels.name, value: own, lo: null, hi: null, floor: usual }];
    },
    owns: (row) => row === labels.name,
  };
}

function wholeMeasure(head: DefinitionHead): Measure {
  const { named, labels, given } = head;
  const [rows, owns] = [functionIn(head, "rows"), functionIn(head, "owns")];
  return {
    ...labels,
    rows: (cloud) => {
      const asked = { ...named, where: cloud.where };
      return checkedRows(
        asked,
        askMeasure(asked, "rows", () => rows(cloud)),
      );
    },
    owns: (row) => {
      const answer = askMeasure(named, "owns", () => owns(row));
      if (typeof answer === "boolean") return answer;
      throw definitionFault("input", named, `owns gave ${inWords(answer)}. return true or false`);
    },
    usesSpectrum: Reflect.get(given, "usesSpectrum") === true,
  };
}

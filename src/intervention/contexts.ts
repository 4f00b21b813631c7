import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import type { Cloud } from "../../probes/cloud.ts";
import { applyPolicyToSelection } from "../../probes/policy/apply-policy.ts";
import type { Policy } from "../../probes/policy/policy.ts";
import { keptPositions, selectTokens } from "../../probes/policy/select-tokens.ts";
import type { Step, TwoContexts } from "../../probes/updates/intervention.ts";
import type { Halves } from "./half-tokens.ts";

/** States around every block: layer k of `before` is what block k starts from, layer k + 1 of `after` what it makes of it. */
export interface BlockStates {
  readonly before: HiddenStates;
  readonly after: HiddenStates;
}

/** Some texts in their full context and in two others, each without one half of the tokens. */
export interface Contexts {
  readonly full: BlockStates;
  readonly halves: readonly BlockStates[];
}

/** One block in all contexts. */
export interface BlockContexts {
  /** All tokens that count, at layer k. */
  readonly cloud: Cloud;
  readonly parts: readonly PartContext[];
}

export interface PartContext {
  /** The tokens that count and are in this context, at layer k. */
  readonly cloud: Cloud;
  /** Places of the tokens compared, in the full cloud and in this one. */
  readonly inFull: readonly number[];
  readonly inPart: readonly number[];
  /** These tokens alone. */
  readonly steps: TwoContexts;
}

/** What of the texts is looked at. */
export interface ComparedTokens extends Halves {
  /** Unit tokens that are not centred: a centre would change with the context. */
  readonly policy: Policy;
  /** `[batch, n]`: 1 where a token counts in the full context. */
  readonly counted: Uint8Array;
}

/** Which tokens count under a policy: of a text's own the sample that is compared, of the template's as the policy says. */
export function comparedTokens(states: HiddenStates, halves: Halves, asked: Policy): ComparedTokens {
  const policy: Policy = { ...asked, normalize: "l2", center: "none" };
  const counted = new Uint8Array(states.batch * states.n);
  for (const row of halves.rows) {
    for (const i of keptPositions(states, row, policy)) {
      const at = row * states.n + i;
      counted[at] = states.special?.[at] ? 1 : halves.compared[at];
    }
  }
  return { ...halves, policy, counted };
}

/** The block that leads from layer k to k + 1, in one row. */
export function blockContexts(
  { full, halves }: Contexts,
  tokens: ComparedTokens,
  row: number,
  k: number,
): BlockContexts {
  const { counted, compared, policy } = tokens;
  const [from, to] = [row * full.before.n, (row + 1) * full.before.n];
  const whole = stepOf(full, counted, null, policy, row, k);
  const parts = halves.map((half, h): PartContext => {
    const removed = tokens.removed[h];
    const there = counted.map((one, at) => (removed[at] === 1 ? 0 : one));
    const part = stepOf(half, there, removed, policy, row, k);
    const placesIn = (cloud: Uint8Array) =>
      placesOf(cloud.subarray(from, to), (i) => there[from + i] * compared[from + i]);
    const [inFull, inPart] = [placesIn(counted), placesIn(there)];
    const [first, second] = [pickStep(whole, inFull), pickStep(part, inPart)];
    const isFixed = half.before === full.before;
    return {
      cloud: part.x,
      inFull,
      inPart,
      steps: { full: first, part: isFixed ? { ...second, x: first.x } : second },
    };
  });
  return { cloud: whole.x, parts };
}

/** @param removed where the states may lack tokens: which. */
function stepOf(
  { before, after }: BlockStates,
  counted: Uint8Array,
  removed: Uint8Array | null,
  policy: Policy,
  row: number,
  k: number,
): Step {
  const cloudAt = (states: HiddenStates, layer: number) => {
    const isWhole = states.batch * states.n === counted.length;
    const mask = isWhole ? counted : counted.filter((_, at) => removed?.[at] === 0);
    const index = states.layers.findIndex((one) => one.layer === layer);
    return applyPolicyToSelection(selectTokens({ ...states, mask }, row, index, policy), policy);
  };
  return { x: cloudAt(before, k), y: cloudAt(after, k + 1) };
}

/** Of the tokens that are in a cloud, the places of those that are chosen. */
function placesOf(inCloud: Uint8Array, isChosen: (i: number) => number): number[] {
  const members = [...inCloud.keys()].filter((i) => inCloud[i] === 1);
  return members.flatMap((i, place) => (isChosen(i) === 1 ? [place] : []));
}

function pickStep({ x, y }: Step, places: readonly number[]): Step {
  const pick = ({ d, x: rows }: Cloud): Cloud => ({ n: places.length, d, x: pickRows(rows, d, places) });
  return { x: pick(x), y: pick(y) };
}

/** Rows `[places, d]`. */
export function pickRows(x: Cloud["x"], d: number, places: readonly number[]): Float64Array {
  const out = new Float64Array(places.length * d);
  places.forEach((place, i) => {
    out.set(x.subarray(place * d, (place + 1) * d), i * d);
  });
  return out;
}

import { randomSource } from "../../models/random.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { quantiles } from "../../probes/numerics/quantiles.ts";
import type { Policy } from "../../probes/policy/policy.ts";
import { type ProductsAcross, plainProducts } from "../../probes/updates/layer-step.ts";
import { leaveOneOut } from "../../probes/updates/leave-one-out.ts";
import { leastP, permutations, type ShuffledShares, shuffledShares } from "../../probes/updates/shuffled.ts";
import { withoutSelection } from "../../probes/updates/without-selection.ts";
import { askField, type Examined, type StepParts } from "./examine-field.ts";
import { textSteps } from "./text-steps.ts";
import type { FieldInput, UpdateField } from "./update-field.ts";
import type { UpdateRow } from "./update-row.ts";

/** What is asked of the updates of a text. */
export interface UpdatesOptions {
  readonly fields: readonly UpdateField[];
  /** One row for each of these in the place of one at the best β. */
  readonly betas?: readonly number[];
  /** Permutations of the field's tokens; default 199, 0 for none. */
  readonly draws?: number;
  readonly seed?: number;
  /** Jackknife intervals, which leave each token out in turn; default true. */
  readonly intervals?: boolean;
}

/** What the text is measured under and by. */
export interface UpdatesPlace {
  readonly policy: Policy;
  /** A GEMM; without one, plain TypeScript. */
  readonly across?: ProductsAcross;
  /** Its number in the rows; default: its row in the states. */
  readonly text?: number;
  readonly progress?: (fraction: number) => void;
}

const DRAWS = 199;
/** A permutation test that cannot give so small a p is not made. */
const LARGEST_P = 0.05;

/**
 * The law of the updates of text `row`, layer by layer: what part of each step the fields make, at which β, how sure that is, and
 * what they would make were their tokens others. One row a step and field, or one a step, field and β where β is given.
 *
 * @throws TokensphereError `input` for a state that is not finite, fewer than two tokens, or a field whose velocity is not finite.
 */
export async function measureUpdates(
  states: HiddenStates,
  row: number,
  options: UpdatesOptions,
  { policy, across = plainProducts, text = row, progress = () => {} }: UpdatesPlace,
): Promise<UpdateRow[]> {
  const fields = options.fields.flatMap((field) => field.parts?.(states) ?? [field]);
  const steps = states.layers.filter(({ layer }) => typeof layer === "number").length - 1;
  const rows: UpdateRow[] = [];
  let done = 0;
  for await (const at of textSteps(states, row, policy, across)) {
    if ("missing" in at)
      rows.push(...fields.map(({ name }) => ({ ...NOTHING, ...named(text, at.layer, name), note: at.missing })));
    else rows.push(...(await rowsOfStep(at, text, fields, options, across)));
    progress(++done / steps);
  }
  return rows;
}

async function rowsOfStep(
  at: FieldInput,
  text: number,
  fields: readonly UpdateField[],
  { betas, draws = DRAWS, seed, intervals = true }: UpdatesOptions,
  across: ProductsAcross,
): Promise<UpdateRow[]> {
  const { step, layer } = at;
  const remainder = withoutSelection(step);
  const parts: StepParts = { at, remainder, without: intervals ? leaveOneOut(step, remainder) : null };
  const found: { readonly field: UpdateField; readonly examined: Examined }[] = [];
  for (const field of fields) {
    for (const examined of await askField(parts, field, betas)) found.push({ field, examined });
  }
  // Of a field that lies within the functions without selection nothing is left to permute.
  const shuffled = leastP(step.n, draws) <= LARGEST_P ? found.filter(({ examined }) => examined.curves.length > 0) : [];
  const curves = shuffled.map(({ examined }) => examined.curves);
  const orders = permutations(step.n, draws, randomSource(seed));
  const nulls = curves.length === 0 ? [] : await shuffledShares(step, remainder, curves, orders, across);
  return found.map((one) => {
    const { field, examined } = one;
    const draw = shuffled.indexOf(one);
    return {
      ...NOTHING,
      ...named(text, layer, field.name),
      size: step.size,
      without_selection: remainder.withoutSelection,
      ...examined.numbers,
      ...(draw < 0 ? {} : nullOf(nulls[draw], examined.numbers.added ?? 0)),
    };
  });
}

/** Ties, such as the order that changes nothing, count against the field. */
function nullOf(shares: ShuffledShares, added: number): Pick<UpdateRow, "null" | "null_partial" | "p"> {
  const tie = 1e-12;
  const reached = shares.added.reduce((count, value) => count + (value >= added - tie ? 1 : 0), 0);
  return {
    null: quantiles(shares.added, [0.95])[0],
    null_partial: quantiles(shares.partial, [0.95])[0],
    p: (1 + reached) / (1 + shares.added.length),
  };
}

function named(text: number, layer: number, field: string) {
  return { text, layer, field };
}

/** A row before anything is known. */
const NOTHING: Omit<UpdateRow, "text" | "layer" | "field"> = {
  beta: null,
  beta_from: "",
  beta_interval: null,
  size: null,
  step: null,
  update: null,
  gram: null,
  gram_beyond_mean: null,
  partial: null,
  partial_interval: null,
  added: null,
  added_interval: null,
  null: null,
  null_partial: null,
  p: null,
  without_selection: null,
  note: "",
};

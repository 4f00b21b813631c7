import type { Model } from "../../models/open-model.ts";
import type { StreamExtras } from "../../models/stream/stream-extras.ts";

/** What is read or measured beside the layers. */
export type ExtraName = keyof StreamExtras | "spectra";

/** What it costs to read and measure something beside the layers. */
export interface ExtraCost {
  /** Whether it costs less than the run of the model, or next to nothing, and no more memory than there may be. */
  readonly isCheap: boolean;
  /** Held of one text at once, all blocks together. */
  readonly bytes: number;
}

/** More is held of no text unless it is asked for. */
export const MOST_BYTES = 2 ** 30;

/** Multiplications that are next to nothing: seconds at most, however small the model. */
const NEXT_TO_NOTHING = 2 ** 32;

/**
 * Multiplications for each pair of tokens and head, in round numbers: the logarithms of entropy and slope, the shares of a field
 * in an update and its permutations, as far as fields do not share them.
 */
const A_PAIR = 200;

/** Multiplications for eigenvalues of a matrix and of its symmetric part, in cubes of its width (Golub and Van Loan, §7.5). */
const A_CUBE = 60;

/** What of a model's description the costs follow from. */
type Sizes = Pick<Model["description"], "layers" | "heads" | "hidden_size" | "shared_weights">;

/**
 * Counts, in multiplications, what attention, resid_mid and the spectra of value and output weights cost beside the blocks
 * themselves: 12 n d² each in their weights (4 d² of attention, 8 d² of an MLP four times as wide) and 2 n² d in attention. A
 * head's attention is n² numbers, which are measured and multiplied by n² inner products; resid_mid is measured like a layer, and
 * two fields come of it. A count, not a clock: the same command measures the same things on every machine.
 *
 * @param n - Tokens of the longest text.
 * @param texts - How many there are.
 * @returns null for what depends on a width or a number of heads that is not known.
 */
export function extraCosts(
  { layers, heads, hidden_size: d, shared_weights: shared }: Sizes,
  n: number,
  texts: number,
): Readonly<Record<ExtraName, ExtraCost | null>> {
  if (d === null) return { residMid: null, attentions: null, spectra: null };
  const each = layers * texts;
  const run = each * (12 * n * d ** 2 + 2 * n ** 2 * d);
  const cost = (work: number, numbers: number): ExtraCost => {
    const bytes = 4 * layers * numbers;
    return { isCheap: work <= Math.max(run, NEXT_TO_NOTHING) && bytes <= MOST_BYTES, bytes };
  };
  return {
    residMid: cost(each * n ** 2 * (2 * d + 2 * A_PAIR), n * d),
    attentions: heads === null ? null : cost(each * heads * n ** 2 * (A_PAIR + n), heads * n ** 2),
    spectra: heads === null ? null : cost((shared ? 1 : layers) * heads * A_CUBE * (d / heads) ** 3, 0),
  };
}

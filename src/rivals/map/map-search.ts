/** Ridge strengths that are tried, half a decade apart; products of unit tokens are at most 1. */
export const LAMBDAS: readonly number[] = Array.from({ length: 15 }, (_, i) => 10 ** (i / 2 - 5));

/** Mean lengths σ of targets that are tried, 13 % apart: beyond the largest it is the direction alone that is left. */
const SIGMAS: readonly number[] = Array.from({ length: 45 }, (_, i) => Math.exp(i / 8 - 1.5));

/**
 * A token's prediction is A + σB. Beside what was observed, y, all that matters of it: ⟨A, y⟩, ⟨B, y⟩, |A|², ⟨A, B⟩, |B|², each
 * one a token.
 */
export interface PredictedForms {
  readonly ay: Float64Array;
  readonly by: Float64Array;
  readonly aa: Float64Array;
  readonly ab: Float64Array;
  readonly bb: Float64Array;
}

/** The σ at which directions come closest to what was observed, and the mean chord there. */
export function bestSigma(forms: PredictedForms): { readonly sigma: number; readonly chord: number } {
  let best = { sigma: 1, chord: Number.POSITIVE_INFINITY };
  for (const sigma of SIGMAS) {
    const chord = chordAt(forms, sigma);
    if (chord < best.chord) best = { sigma, chord };
  }
  return best;
}

function chordAt({ ay, by, aa, ab, bb }: PredictedForms, sigma: number): number {
  let sum = 0;
  for (let i = 0; i < ay.length; i++) {
    const square = aa[i] + sigma * (2 * ab[i] + sigma * bb[i]);
    const cosine = square > 0 ? (ay[i] + sigma * by[i]) / Math.sqrt(square) : 0;
    sum += Math.sqrt(Math.max(0, 2 - 2 * cosine));
  }
  return sum / ay.length;
}

/** Without a place to begin at, every so many indices are looked at first, then nearer ones. */
const STRIDES = [4, 2];

/** The index of a least value among `count`: neighbours are tried until none is less, from `start` or from the least of a few. */
export function descend(count: number, start: number | null, value: (index: number) => number): number {
  const at = (index: number): number => (index < 0 || index >= count ? Number.POSITIVE_INFINITY : value(index));
  const down = (from: number, stride: number): number => {
    const next = at(from - stride) < at(from + stride) ? from - stride : from + stride;
    return at(next) < at(from) ? down(next, stride) : from;
  };
  if (start !== null) return down(start, 1);
  let best = 0;
  for (let i = STRIDES[0]; i < count; i += STRIDES[0]) if (at(i) < at(best)) best = i;
  return STRIDES.slice(1).concat(1).reduce(down, best);
}

/** float32 states make inner products uncertain by about 1e-7: where layers keep a mean W1 below this from the first, nothing moves. */
const ROUNDING = 1e-6;

/** 1 − W1 / W1(frozen); `null` where nothing moves but for rounding. */
export function skillOf(w1: number, baseline: number): number | null {
  return baseline < ROUNDING ? null : 1 - w1 / baseline;
}

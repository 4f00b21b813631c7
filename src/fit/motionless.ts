/** float32 states make inner products uncertain by about 1e-7; a mean W1 below this is rounding in good part. */
const ROUNDING = 1e-6;

/** Whether the distance that layers keep from the first, a mean W1 of inner products, is no more than rounding. */
export function isMotionless(w1: number): boolean {
  return w1 < ROUNDING;
}

/** Cosines this close to 1 are 1: below it float32 only has rounding. */
const SMALLEST_GAP = 1e-9;

/**
 * log(1 − c) between the ends of a step by the cubic that has its values and slopes there (Hermite). Near clustering
 * 1 − c falls as e^{−2t}, so that its logarithm is almost straight where c itself is stiff.
 */
export interface LogGap {
  readonly from: number;
  readonly to: number;
  /** Derivatives in units of the step. */
  readonly fromSlope: number;
  readonly toSlope: number;
}

/**
 * @param from - Cosine at the start of the step, and `fromRate` its derivative.
 * @param h - Length of the step.
 */
export function logGap(from: number, fromRate: number, to: number, toRate: number, h: number): LogGap {
  const [a, b] = [Math.max(SMALLEST_GAP, 1 - from), Math.max(SMALLEST_GAP, 1 - to)];
  return { from: Math.log(a), to: Math.log(b), fromSlope: (-h * fromRate) / a, toSlope: (-h * toRate) / b };
}

/** log(1 − c) at the fraction `theta` of the step. */
export function logGapAt({ from, to, fromSlope, toSlope }: LogGap, theta: number): number {
  const rest = 1 - theta;
  const values = from * (1 + 2 * theta) * rest * rest + to * theta * theta * (3 - 2 * theta);
  return values + theta * rest * (fromSlope * rest - toSlope * theta);
}

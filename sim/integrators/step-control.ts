/** How steps are chosen. A step is accepted where the largest error of any token is at most atol + rtol ‖x_i‖. */
export interface StepControl {
  readonly rtol: number;
  readonly atol: number;
  /** A fixed step, in time units of the dynamics; `null`: chosen by the error of the embedded pair. */
  readonly step: number | null;
  /** Steps and rejections together after which a system is given up. */
  readonly maxSteps: number;
}

const SAFETY = 0.9;
const SHRINK_MOST = 0.2;
const GROW_MOST = 10;

/**
 * Factor for the next step after an accepted one: proportional–integral control (Hairer, Nørsett & Wanner, Solving
 * ODEs I, II.4; Gustafsson), which stays calm where stability and not accuracy limits the step.
 *
 * @param error - Of this step, in units of the tolerance, ≤ 1.
 * @param previous - Of the accepted step before.
 * @param order - Of the method.
 */
export function growth(error: number, previous: number, order: number): number {
  const factor = SAFETY * Math.max(error, 1e-10) ** (-0.7 / order) * Math.max(previous, 1e-4) ** (0.4 / order);
  return Math.min(GROW_MOST, Math.max(SHRINK_MOST, factor));
}

/** Factor for the next try after a rejected step; an error that is not a number counts as huge. */
export function shrinkage(error: number, order: number): number {
  return Number.isFinite(error) ? Math.max(SHRINK_MOST, SAFETY * error ** (-1 / order)) : SHRINK_MOST;
}

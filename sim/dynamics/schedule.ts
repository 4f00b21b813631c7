/**
 * Makes an engine's velocity that of time t, in place, where an equation depends on time. Engines know no time.
 *
 * @param t - In time units of the dynamics.
 * @param x - `[n, d]`, where the tokens are.
 * @param velocity - `[n, d]`, changed.
 */
export type Schedule = (t: number, x: Float64Array, velocity: Float64Array, n: number, d: number) => void;

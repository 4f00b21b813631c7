/** τ = e^{clock} t without the overflow of the factor alone. */
export function scaledTime(t: number, clock: number): number {
  return clock === 0 || t === 0 ? t : Math.exp(Math.log(t) + clock);
}

/** t = e^{−clock} τ. */
export function unscaledTime(tau: number, clock: number): number {
  return scaledTime(tau, -clock);
}

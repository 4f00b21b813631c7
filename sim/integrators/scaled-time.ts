/** τ = e^{logScale} t without the overflow of the factor alone. */
export function scaledTime(t: number, logScale: number): number {
  return logScale === 0 || t === 0 ? t : Math.exp(Math.log(t) + logScale);
}

/** t = e^{−logScale} τ. */
export function unscaledTime(tau: number, logScale: number): number {
  return scaledTime(tau, -logScale);
}

import { marchenkoPasturMean } from "./marchenko-pastur.ts";

/** (Σλ)²/E Σλ² = nd/(n + d − 1), the participation ratio of n independent uniform unit vectors in d dimensions. */
export function isotropicParticipationRatio(n: number, d: number): number {
  return (n * d) / (n + d - 1);
}

/**
 * Effective rank (of singular values) of an isotropic cloud: its entropy is ln m + ln E√x − E[√x ln √x]/E√x under
 * Marchenko and Pastur with ratio (m − ½)/M, m = min(n, d), M = max(n, d). No chance enters. The ratio m/M of the limit comes
 * out low where M is well above m, (m − 1)/M high. Monte Carlo agrees within 0.1 % where M ≥ 2m; where M = m this is high, by 2.4 % at
 * m = 8, 1.2 % at 16 and 0.7 % at 48.
 */
export function isotropicEffectiveRank(n: number, d: number): number {
  const m = Math.min(n, d);
  const y = (m - 0.5) / Math.max(n, d);
  const mean = marchenkoPasturMean(Math.sqrt, y);
  const meanLog = marchenkoPasturMean((x) => Math.sqrt(x) * Math.log(Math.sqrt(x)), y);
  return Math.max(1, m * mean * Math.exp(-meanLog / mean));
}

/**
 * The same of eigenvalues: m e^{−y/2}, for E[x ln x] = y/2 under Marchenko and Pastur with mean 1 (Page 1993). The ratio
 * y = (m − 1)/M makes the second moment exact at finite size, Σλ² = n + n(n−1)/d. Within 0.6 % where M ≥ 2m; where M = m
 * high by 2.2 % at m = 8, 0.9 % at 16 and 0.6 % at 48.
 */
export function isotropicEffectiveRankOfEigenvalues(n: number, d: number): number {
  const m = Math.min(n, d);
  return m * Math.exp(-(m - 1) / Math.max(n, d) / 2);
}

import { clusteringTime } from "../../sim/theory/clustering-time.ts";
import { continuousUpTo, criticalNoise } from "../../sim/theory/critical-noise.ts";
import { equiangularCurve } from "../../sim/theory/equiangular.ts";
import { expectedModes } from "../../sim/theory/expected-modes.ts";
import { growthRates } from "../../sim/theory/growth-rates.ts";
import { longContext } from "../../sim/theory/long-context.ts";
import { twoClusterLifetime } from "../../sim/theory/two-clusters.ts";
import type { Effects } from "../effects/effects.ts";
import { table } from "../effects/table.ts";
import { parseTimes } from "../options/parse-times.ts";
import type { CLUSTERS, CRITICAL_NOISE, EQUIANGULAR, GROWTH, LONG_CONTEXT, TheoryOptions } from "../options/theory.ts";
import { shortCell } from "../words/number-cell.ts";

/** Growth rates of perturbations of the uniform measure (BPA25a) and the noise that holds them down (R §7). */
export function theoryGrowth(effects: Effects, o: TheoryOptions<typeof GROWTH>): void {
  const { usa, sa, logUsa, fastest } = growthRates(o.d, o.beta, o.kmax);
  const noise = criticalNoise(o.d, o.beta);
  const result = {
    d: o.d,
    beta: o.beta,
    usa,
    sa,
    log_usa: logUsa,
    kmax: fastest,
    critical_noise: { usa: positive(noise.usa), sa: noise.sa },
    log_critical_noise: { usa: noise.logUsa, sa: noise.logSa },
  };
  if (o.json) return void effects.print(JSON.stringify(result));
  const rows = sa.map((rate, i) => [String(i + 1), number(rate), number(usa[i])]);
  for (const line of table(["k", "SA", "USA"], rows)) effects.print(line);
  effects.print(`fastest: k = ${fastest}; critical noise: SA ${number(noise.sa)}, USA ${number(noise.usa)}`);
}

/** Inner product of an equiangular cloud along time, and when it has clustered (R §6). */
export function theoryEquiangular(effects: Effects, o: TheoryOptions<typeof EQUIANGULAR>): void {
  const times = parseTimes(o.times);
  const { scheme, dynamics, n, beta, rho0, alpha, tau } = o;
  const { rho, gap, radius } = equiangularCurve({ scheme, dynamics, n, beta, rho0, times, alpha, tau });
  const clustered =
    scheme === "post" && rho0 < CLUSTERED && beta <= 300 ? clusteringTime(dynamics, n, beta, rho0, CLUSTERED) : null;
  if (o.json) {
    return void effects.print(
      JSON.stringify({ scheme, dynamics, n, beta, rho0, times, rho, gap, radius, clustering_time: clustered }),
    );
  }
  const rows = times.map((t, i) => [String(t), number(rho[i]), number(gap[i]), number(radius[i])]);
  for (const line of table(["time", "rho", "1 - rho", "radius"], rows)) effects.print(line);
  if (clustered !== null) effects.print(`1 - rho = 0.001 at t = ${number(clustered)}`);
}

/** One attention layer on a long equiangular context (R §6.3, Theorem 7). */
export function theoryLongContext(effects: Effects, o: TheoryOptions<typeof LONG_CONTEXT>): void {
  const { n, rho, gamma } = o;
  const { cosine, limit } = longContext(n, rho, gamma);
  if (o.json) return void effects.print(JSON.stringify({ n, rho, gamma, cosine, limit }));
  effects.print(`cosine ${number(cosine)} at n = ${n}, ${number(limit)} as n grows`);
}

/** Where noise destroys the clusters (R §7). */
export function theoryNoise(effects: Effects, o: TheoryOptions<typeof CRITICAL_NOISE>): void {
  const { usa, sa, logUsa, logSa } = criticalNoise(o.d, o.beta);
  const star = continuousUpTo(o.d);
  const result = {
    d: o.d,
    beta: o.beta,
    critical_noise: { usa: positive(usa), sa },
    log_critical_noise: { usa: logUsa, sa: logSa },
    beta_star: star,
  };
  if (o.json) return void effects.print(JSON.stringify(result));
  effects.print(`critical noise: SA ${number(sa)}, USA ${number(usa)}`);
  effects.print(
    `the transition of USA is ${o.beta <= star ? "continuous" : "discontinuous"} (beta_* = ${number(star)})`,
  );
}

/** Lifetime of two clusters at an angle, and the scale of how many clusters there are (R §5). */
export function theoryClusters(effects: Effects, o: TheoryOptions<typeof CLUSTERS>): void {
  const { beta, phi0, phi1, dynamics, mass } = o;
  const lifetime = twoClusterLifetime(beta, phi0, phi1, { dynamics, mass });
  const modes = expectedModes(beta);
  if (o.json) return void effects.print(JSON.stringify({ dynamics, beta, mass, phi0, phi1, lifetime, modes }));
  effects.print(`lifetime ${number(lifetime)} from ${phi0} to ${phi1} rad at beta = ${beta}`);
  effects.print(`modes of a Gaussian sample: of order sqrt(beta log beta) = ${number(modes)}`);
}

/** 1 − ρ = 10⁻³ counts as clustered, as in the published phase diagrams (R Figure 3). */
const CLUSTERED = 0.999;

/** Values below the range of float64 are told by their logarithm alone. */
function positive(value: number): number | null {
  return value > 0 ? value : null;
}

function number(value: number | null): string {
  return shortCell(value, 8);
}

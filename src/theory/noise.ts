import { TokensphereError } from "../../models/errors.ts";
import { anisotropicNoise } from "../../sim/theory/anisotropic-noise.ts";
import { commonNoise } from "../../sim/theory/common-noise.ts";
import { continuousUpTo, criticalNoise } from "../../sim/theory/critical-noise.ts";
import { noisyPairCosine, noisyPairPassage } from "../../sim/theory/noisy-pair.ts";
import { stationaryOrderSquared } from "../../sim/theory/stationary-order.ts";
import type { Effects } from "../effects/effects.ts";
import { table } from "../effects/table.ts";
import type { ANISOTROPIC, COMMON_NOISE, CRITICAL_NOISE, PAIR, STATIONARY, TheoryOptions } from "../options/theory.ts";
import { cell, inRange, orLog } from "./cell.ts";

/** Where noise destroys the clusters (R §7). */
export function theoryNoise(effects: Effects, o: TheoryOptions<typeof CRITICAL_NOISE>): void {
  const { usa, sa, logUsa, logSa } = criticalNoise(o.d, o.beta);
  const star = continuousUpTo(o.d);
  const result = {
    d: o.d,
    beta: o.beta,
    critical_noise: { usa: inRange(usa), sa },
    log_critical_noise: { usa: logUsa, sa: logSa },
    beta_star: star,
  };
  if (o.json) return void effects.print(JSON.stringify(result));
  effects.print(`critical noise: SA ${cell(sa)}, USA ${orLog(inRange(usa), logUsa)}`);
  effects.print(`the transition of USA is ${o.beta <= star ? "continuous" : "discontinuous"} (beta_* = ${cell(star)})`);
}

/** Two tokens under noise: how near they stay, and when they meet. */
export function theoryPair(effects: Effects, o: TheoryOptions<typeof PAIR>): void {
  const { beta, kappa, dynamics, d, phi0 = Math.PI, phi1 } = o;
  const [m1 = 1, m2 = 1, ...more] = o.tokens ?? [];
  if (more.length > 0) throw new TokensphereError("usage", `--tokens: ${o.tokens}. give two whole numbers`);
  const pair = { dynamics, beta, kappa, d, tokens: [m1, m2] as const };
  const [cosine, passage] = [noisyPairCosine(pair), noisyPairPassage(pair, phi0, phi1)];
  const result = { ...pair, mean_cosine: cosine, phi0, phi1, passage_time: passage };
  if (o.json) return void effects.print(JSON.stringify(result));
  effects.print(`mean cosine at rest ${cell(cosine)}`);
  effects.print(`mean time from ${cell(phi0)} to ${cell(phi1)} rad ${cell(passage)}`);
}

/** How ordered n tokens are at rest under noise, exactly. */
export function theoryStationary(effects: Effects, o: TheoryOptions<typeof STATIONARY>): void {
  const squares = o.sizes.map((n) => stationaryOrderSquared(n, o.d, o.kappa));
  const result = {
    ...{ d: o.d, beta: 0, kappa: o.kappa, sizes: o.sizes },
    order_squared: Object.fromEntries(o.sizes.map((n, i) => [String(n), squares[i]])),
  };
  if (o.json) return void effects.print(JSON.stringify(result));
  const rows = o.sizes.map((n, i) => [String(n), cell(squares[i]), cell(n * squares[i])]);
  for (const line of table(["n", "E r²", "n E r²"], rows)) effects.print(line);
  effects.print(`r = ‖Σ x_i‖/n in the stationary law at beta = 0 (kappa ${o.kappa}, d ${o.d})`);
}

/** Thresholds of noise with two strengths. */
export function theoryAnisotropic(effects: Effects, o: TheoryOptions<typeof ANISOTROPIC>): void {
  const { critical, orders } = anisotropicNoise(o.s1, o.s2);
  const rows = o.taus.map((tau) => {
    const [e1, e2] = orders(tau);
    return { tau, e1, e2 };
  });
  const result = { d: 2, beta: 0, s1: o.s1, s2: o.s2, tau_c: { e1: critical[0], e2: critical[1] }, orders: rows };
  if (o.json) return void effects.print(JSON.stringify(result));
  const lines = rows.map(({ tau, e1, e2 }) => [cell(tau), cell(e1), cell(e2)]);
  for (const line of table(["tau", "order along e1", "order along e2"], lines)) effects.print(line);
  effects.print(`order begins below tau = ${cell(critical[0])} along e1, ${cell(critical[1])} along e2`);
}

/** How one noise for all tokens pulls them together. */
export function theoryCommonNoise(effects: Effects, o: TheoryOptions<typeof COMMON_NOISE>): void {
  const { noise, withSa, withUsa } = commonNoise(o.d, o.sigma, o.beta);
  const result = { d: o.d, sigma: o.sigma, beta: o.beta, noise, with_sa: withSa, with_usa: inRange(withUsa) };
  if (o.json) return void effects.print(JSON.stringify(result));
  effects.print(`log distance changes at ${cell(noise)}; with SA ${cell(withSa)}, with USA ${cell(inRange(withUsa))}`);
}

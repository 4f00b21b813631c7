import { criticalNoise } from "../../sim/theory/critical-noise.ts";
import { growthRates } from "../../sim/theory/growth-rates.ts";
import { KERNELS } from "../../sim/theory/kernels.ts";
import { ringStability } from "../../sim/theory/ring-stability.ts";
import type { Effects } from "../effects/effects.ts";
import { table } from "../effects/table.ts";
import type { GROWTH, RINGS, TheoryOptions } from "../options/theory.ts";
import { cell, inRange } from "./cell.ts";

/** Growth rates of perturbations of the uniform measure (BPA25a) and the noise that holds them down (R §7). */
export function theoryGrowth(effects: Effects, o: TheoryOptions<typeof GROWTH>): void {
  const { sa, usa, turning, fastest, frozen } = KERNELS[o.kernel](o);
  const plain = o.kernel === "plain" && o.beta !== undefined ? plainRates(o.d, o.beta, o.kmax) : null;
  const result = {
    d: o.d,
    beta: o.beta ?? null,
    kernel: o.kernel,
    usa,
    sa,
    kmax: fastest,
    turning,
    frozen,
    ...(plain ?? {}),
  };
  if (o.json) return void effects.print(JSON.stringify(result));
  const rows = sa.map((rate, i) => [String(i + 1), cell(rate), cell(usa[i])]);
  for (const line of table(["k", "SA", "USA"], rows)) effects.print(line);
  const noise = plain?.critical_noise;
  const critical = noise ? `; critical noise: SA ${cell(noise.sa)}, USA ${cell(noise.usa)}` : "";
  effects.print(`fastest: k = ${fastest}${critical}`);
  if (turning) effects.print(`the uniform density turns at ${cell(turning.sa)} (SA), ${cell(turning.usa)} (USA)`);
}

/** What is known of plain attention besides: logarithms, and critical noise. */
function plainRates(d: number, beta: number, kmax: number) {
  const { logUsa, logSa } = growthRates(d, beta, kmax);
  const noise = criticalNoise(d, beta);
  return {
    log_usa: logUsa,
    log_sa: logSa,
    critical_noise: { usa: inRange(noise.usa), sa: noise.sa },
    log_critical_noise: { usa: noise.logUsa, sa: noise.logSa },
  };
}

/** How fast k equal clusters round the circle leave their places. */
export function theoryRings(effects: Effects, o: TheoryOptions<typeof RINGS>): void {
  const { sa, usa } = ringStability(o.k, o.beta);
  const fastest = { sa: Math.max(...sa), usa: usa.includes(null) ? null : Math.max(...usa.map(Number)) };
  const result = { k: o.k, beta: o.beta, eigenvalues: { usa, sa }, fastest, stable: fastest.sa <= 0 };
  if (o.json) return void effects.print(JSON.stringify(result));
  const rows = sa.map((rate, m) => [String(m), cell(rate), cell(usa[m])]);
  for (const line of table(["m", "SA", "USA"], rows)) effects.print(line);
  const word = result.stable ? "stable" : "unstable";
  effects.print(`at rest, ${word}, fastest rate ${cell(fastest.sa)} (SA), ${cell(fastest.usa)} (USA)`);
}

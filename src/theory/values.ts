import { logClusteringTime } from "../../sim/theory/clustering-time.ts";
import { equiangularCurve } from "../../sim/theory/equiangular.ts";
import { expectedModes } from "../../sim/theory/expected-modes.ts";
import { longContext } from "../../sim/theory/long-context.ts";
import { reweightingTime } from "../../sim/theory/reweighting-time.ts";
import { schemeClusteringTime } from "../../sim/theory/scheme-clustering-time.ts";
import { logTwoClusterLifetime } from "../../sim/theory/two-clusters.ts";
import type { Effects } from "../effects/effects.ts";
import { table } from "../effects/table.ts";
import { parseTimes } from "../options/parse-times.ts";
import type { CLUSTERS, EQUIANGULAR, LONG_CONTEXT, REWEIGHTING, TheoryOptions } from "../options/theory.ts";
import { cell, inRange, orLog } from "./cell.ts";

/** Inner product of an equiangular cloud along time, and when it has clustered (R §6). */
export function theoryEquiangular(effects: Effects, o: TheoryOptions<typeof EQUIANGULAR>): void {
  const times = parseTimes(o.times);
  const { scheme, dynamics, n, beta, rho0, alpha, tau, timeUnit } = o;
  const system = { scheme, dynamics, n, beta, rho0, alpha, tau, timeUnit };
  const { rho, gap, radius } = equiangularCurve({ ...system, times });
  const clustered = clusteredAt(system);
  if (o.json) {
    const asked = { scheme, dynamics, n, beta, rho0, time_unit: timeUnit, times };
    return void effects.print(JSON.stringify({ ...asked, rho, gap, radius, ...clustered }));
  }
  const rows = times.map((t, i) => [String(t), cell(rho[i]), cell(gap[i]), cell(radius[i])]);
  for (const line of table(["time", "rho", "1 - rho", "radius"], rows)) effects.print(line);
  const { clustering_time: time, log_clustering_time: log } = clustered;
  if (log !== null) effects.print(`1 - rho = 0.001 at t = ${orLog(time, log)}${timeUnit === "exp" ? " e^-beta" : ""}`);
}

/** When 1 − ρ = 10⁻³, in the unit of the times; nothing where it is so at the start. */
function clusteredAt(system: Omit<Parameters<typeof equiangularCurve>[0], "times">) {
  const { scheme, dynamics, n, beta, rho0, timeUnit } = system;
  if (rho0 >= CLUSTERED) return { clustering_time: null, log_clustering_time: null };
  if (scheme === "post") {
    const log = logClusteringTime(dynamics, n, beta, rho0, CLUSTERED) + (timeUnit === "exp" ? beta : 0);
    return { clustering_time: inRange(Math.exp(log)), log_clustering_time: log };
  }
  const time = schemeClusteringTime(system, CLUSTERED);
  return { clustering_time: time, log_clustering_time: time === null ? null : Math.log(time) };
}

/** One attention layer on a long equiangular context (R §6.3, Theorem 7). */
export function theoryLongContext(effects: Effects, o: TheoryOptions<typeof LONG_CONTEXT>): void {
  const { n, rho, gamma } = o;
  const { cosine, limit } = longContext(n, rho, gamma);
  if (o.json) return void effects.print(JSON.stringify({ n, rho, gamma, cosine, limit }));
  effects.print(`cosine ${cell(cosine)} at n = ${n}, ${cell(limit)} as n grows`);
}

/** Lifetime of two clusters at an angle, and the scale of how many clusters there are (R §5). */
export function theoryClusters(effects: Effects, o: TheoryOptions<typeof CLUSTERS>): void {
  const { beta, phi0, phi1, dynamics, mass } = o;
  const log = logTwoClusterLifetime(beta, phi0, phi1, { dynamics, mass });
  const lifetime = Number.isFinite(log) ? inRange(Math.exp(log)) : 0;
  const modes = beta > 0 ? expectedModes(beta) : null;
  const told = { lifetime, log_lifetime: Number.isFinite(log) ? log : null, modes };
  if (o.json) return void effects.print(JSON.stringify({ dynamics, beta, mass, phi0, phi1, ...told }));
  effects.print(`lifetime ${orLog(lifetime, log)} from ${phi0} to ${phi1} rad at beta = ${beta}`);
  effects.print(`modes of a Gaussian sample: of order sqrt(beta log beta) = ${cell(modes)}`);
}

/** How long one of two antipodal clusters takes the mass of the other (CPR25). */
export function theoryReweighting(effects: Effects, o: TheoryOptions<typeof REWEIGHTING>): void {
  const { beta, lambda, mass, endMass } = o;
  const time = reweightingTime({ beta, lambda }, mass, endMass);
  if (o.json) return void effects.print(JSON.stringify({ beta, lambda, mass, end_mass: endMass, time }));
  effects.print(`from mass ${mass} to ${endMass} in time ${cell(time)} at beta = ${beta}`);
}

/** 1 − ρ = 10⁻³ counts as clustered, as in the published phase diagrams (R Figure 3). */
const CLUSTERED = 0.999;

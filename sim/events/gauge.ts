import { connectedComponents } from "../../probes/clusters/clusters.ts";
import { innerProductsInto, pairCount } from "../../probes/products/inner-products.ts";
import { meanCosine } from "../../probes/products/mean-cosine.ts";
import type { Float64Cloud } from "../clouds/uniform-cloud.ts";
import type { EventRule, SimulationEvent } from "./event.ts";

/** What an event adds to its kind, level and time. */
export type EventDetails = Pick<SimulationEvent, "clusters" | "tokens">;

/** Tells on which side of an event a cloud is. */
export interface Gauge {
  readonly rule: EventRule;
  /** A number that changes where the event happens. @param x - Unit rows, `[n, d]`. */
  readonly side: (x: Float64Array) => number;
  /** What happened, seen just behind the event; `null`: nothing that the rule asks for. */
  readonly pass: (x: Float64Array) => EventDetails | null;
}

/** The gauge of a rule for one system of n tokens, n ≥ 2, of width d. */
export function gaugeOf(rule: EventRule, n: number, d: number): Gauge {
  if (rule.kind === "merge") return mergeGauge(rule, n, d);
  if (rule.kind === "clusters") return clusterGauge(rule, n, d);
  const value = rule.kind === "mean cosine" ? meanCosine : minCosine;
  return { rule, side: (x) => (value({ n, d, x }) >= rule.level ? 1 : 0), pass: () => ({}) };
}

/** Groups join for good: a pair that parts and meets again is no second merge. */
function mergeGauge(rule: EventRule, n: number, d: number): Gauge {
  const group = Int32Array.from({ length: n }, (_, i) => i);
  return {
    rule,
    side: (x) => (closestPair(x, n, d, group).product >= rule.level ? 1 : 0),
    pass: (x) => {
      const { i, j } = closestPair(x, n, d, group);
      const [kept, gone] = [group[i], group[j]];
      for (let m = 0; m < n; m++) if (group[m] === gone) group[m] = kept;
      return { tokens: [i, j], clusters: new Set(group).size };
    },
  };
}

function clusterGauge(rule: EventRule, n: number, d: number): Gauge {
  const pairs = new Float64Array(pairCount(n));
  const count = (x: Float64Array) => {
    innerProductsInto(x, n, d, pairs);
    return new Set(connectedComponents(pairs, n, rule.level)).size;
  };
  return {
    rule,
    side: count,
    pass: (x) => {
      const clusters = count(x);
      return rule.count === undefined || rule.count === clusters ? { clusters } : null;
    },
  };
}

/** The largest inner product between tokens i < j of different groups; −2 where there is one group. */
function closestPair(x: Float64Array, n: number, d: number, group: Int32Array) {
  let [product, i, j] = [-2, 0, 0];
  for (let a = 0; a < n; a++) {
    for (let b = a + 1; b < n; b++) {
      if (group[a] === group[b]) continue;
      const p = dot(x, a, b, d);
      if (p > product) [product, i, j] = [p, a, b];
    }
  }
  return { product, i, j };
}

function minCosine({ n, d, x }: Float64Cloud): number {
  let least = 1;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) least = Math.min(least, dot(x, i, j, d));
  return least;
}

function dot(x: Float64Array, i: number, j: number, d: number): number {
  let sum = 0;
  for (let k = 0; k < d; k++) sum += x[i * d + k] * x[j * d + k];
  return sum;
}

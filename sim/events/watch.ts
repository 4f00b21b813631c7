import { renormalize } from "../clouds/renormalize.ts";
import type { EventRule, SimulationEvent } from "./event.ts";
import { type Gauge, gaugeOf } from "./gauge.ts";

/** The gauges of one system, with the side each has seen last. */
export interface Watcher {
  readonly gauges: readonly Gauge[];
  /** Empty until the start has been seen. */
  readonly sides: number[];
}

/** Looks out for events in all systems of an integration. */
export interface Watch {
  readonly watcherOf: (system: number) => Watcher;
  /** Unit rows of a state. */
  readonly directions: (x: Float64Array) => Float64Array;
  /** Added to the integrator's time. */
  readonly origin: number;
  readonly tell: (system: number, event: SimulationEvent, x: Float64Array) => void;
  /** The same for an integration of some of the systems that starts at a later time. */
  readonly from: (systems: readonly number[], origin: number) => Watch;
}

/**
 * @param free - Tokens have lengths of their own, which events do not see.
 * @param tell - Called with every event and the state, valid during the call only.
 */
export function makeWatch(
  rules: readonly EventRule[],
  n: number,
  d: number,
  free: boolean,
  tell: Watch["tell"],
): Watch {
  const watchers = new Map<number, Watcher>();
  const unit = new Float64Array(n * d);
  const directions = (x: Float64Array): Float64Array => {
    if (!free) return x;
    renormalize(x, 0, n, d, unit);
    return unit;
  };
  const watcherOf = (system: number): Watcher => {
    const watcher = watchers.get(system) ?? { gauges: rules.map((rule) => gaugeOf(rule, n, d)), sides: [] };
    watchers.set(system, watcher);
    return watcher;
  };
  return part(watcherOf, directions, 0, tell);
}

function part(
  watcherOf: Watch["watcherOf"],
  directions: Watch["directions"],
  origin: number,
  tell: Watch["tell"],
): Watch {
  const from: Watch["from"] = (systems, later) =>
    part(
      (s) => watcherOf(systems[s]),
      directions,
      later,
      (s, event, x) => tell(systems[s], event, x),
    );
  return { watcherOf, directions, origin, tell, from };
}

/** Sees the start of a system: what holds there already is no event. */
export function seeStart({ watcherOf, directions }: Watch, system: number, x: Float64Array): void {
  const { gauges, sides } = watcherOf(system);
  if (sides.length > 0) return;
  const unit = directions(x);
  for (const gauge of gauges) {
    while (gauge.rule.kind === "merge" && gauge.side(unit) === 1) gauge.pass(unit);
    sides.push(gauge.side(unit));
  }
}

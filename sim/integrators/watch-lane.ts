import type { SimulationEvent } from "../events/event.ts";
import type { Watch, Watcher } from "../events/watch.ts";
import { type Run, tallyOf } from "./run.ts";
import { interpolate } from "./save-lane.ts";
import { unscaledTime } from "./scaled-time.ts";

/** Fractions of a step at which gauges are read: what passes and comes back between two of them is not seen. */
const LOOKS = [0.5, 1] as const;

/** Halvings of half a step after which an event's time is known to the last bits. */
const HALVINGS = 52;

/**
 * Finds the events of an accepted step of length `h` by bisection on the dense output, in their order, and tells each.
 *
 * @returns The fraction of the step at which a terminal event ends the system; `null`: none does.
 */
export function watchStep(run: Run, lane: number, h: number): number | null {
  const { lanes, saving } = run;
  if (!saving.watch) return null;
  const end = Math.min(1, (lanes.end[lane] - lanes.tau[lane]) / h);
  let from = 0;
  for (const look of LOOKS) {
    const to = look * end;
    for (;;) {
      const next = firstEvent(run, saving.watch, lane, h, from, to);
      if (next === null) break;
      from = next.theta;
      if (passEvent(run, saving.watch, lane, h, next.theta, next.gauge)) return next.theta;
    }
    from = to;
  }
  return null;
}

/** The first gauge to change its side between two fractions of the step, and just behind where. */
function firstEvent(run: Run, watch: Watch, lane: number, h: number, from: number, to: number) {
  const watcher = watch.watcherOf(run.lanes.system[lane]);
  const sides = sidesAt(run, watch, watcher, lane, h, to);
  let [theta, gauge] = [Number.POSITIVE_INFINITY, -1];
  sides.forEach((side, g) => {
    if (side === watcher.sides[g]) return;
    const at = changeOf(run, watch, watcher, g, lane, { h, from, to });
    if (at < theta) [theta, gauge] = [at, g];
  });
  return gauge < 0 ? null : { theta, gauge };
}

function sidesAt(run: Run, watch: Watch, { gauges }: Watcher, lane: number, h: number, theta: number): number[] {
  const x = watch.directions(interpolate(run, lane, theta, h));
  return gauges.map((gauge) => gauge.side(x));
}

/** Bisects for where gauge `g` leaves its side; returns the far end of the last bracket. */
function changeOf(
  run: Run,
  watch: Watch,
  { gauges, sides }: Watcher,
  g: number,
  lane: number,
  { h, from, to }: { readonly h: number; readonly from: number; readonly to: number },
): number {
  let [near, far] = [from, to];
  for (let k = 0; k < HALVINGS; k++) {
    const middle = (near + far) / 2;
    if (middle === near || middle === far) break;
    const x = watch.directions(interpolate(run, lane, middle, h));
    if (gauges[g].side(x) === sides[g]) near = middle;
    else far = middle;
  }
  return far;
}

/** Notes an event and tells it; returns whether it ends the system. */
function passEvent(run: Run, watch: Watch, lane: number, h: number, theta: number, g: number): boolean {
  const { lanes } = run;
  const system = lanes.system[lane];
  const { gauges, sides } = watch.watcherOf(system);
  const state = interpolate(run, lane, theta, h);
  const x = watch.directions(state);
  const { rule, pass } = gauges[g];
  const details = pass(x);
  sides[g] = gauges[g].side(x);
  if (!details) return false;
  const time = watch.origin + unscaledTime(lanes.tau[lane] + theta * h, lanes.clock[lane]);
  const event: SimulationEvent = { kind: rule.kind, level: rule.level, time, ...details };
  tallyOf(run, lane).events.push(event);
  watch.tell(system, event, state);
  return rule.terminal ?? false;
}

import type { z } from "zod";
import type { Cloud } from "../../probes/cloud.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { type Rest, type RestTask, restOf } from "../../sim/simulate/rest.ts";
import type { REST } from "../formats/theory-formats.ts";
import { cell, shortCell } from "../words/number-cell.ts";

/** Whether a cloud rests, in the units of the times that are told. */
export type ToldRest = z.infer<typeof REST>;

/** Multiplications of one velocity beyond which nobody looks whether it is 0. */
const MOST_WORK = 2e7;
/** Slower than this a cloud rests. */
const SLOW = 1e-10;
/** Rates below this are those of turns, or of differences that are not exact. */
const TURNING = 1e-7;
/** Rounding grows from 1e-16 to what can be seen by e^{this}. */
const SEEN = 30;
/** Inner products that differ by this are those of another cloud. */
const MOVED = 1e-3;

/** `null` where the cloud is large, leaves the sphere or follows an equation that depends on time. */
export function toldRest(task: RestTask, x: Float64Array, timeUnit: "one" | "exp"): ToldRest | null {
  if (task.n ** 2 * Math.min(task.n, task.d) > MOST_WORK) return null;
  const rest = restOf(task, x);
  if (rest === null) return null;
  const unit = Math.exp(rest.logScale - (timeUnit === "exp" ? task.beta : 0));
  const told = (value: number) => (Number.isFinite(unit * value) ? unit * value : null);
  const { rates } = rest;
  return {
    at_rest: rest.speed <= SLOW,
    speed: told(rest.speed),
    rates: rates?.map(told) ?? null,
    unstable: rates && isUnstable(rates),
  };
}

function isUnstable(rates: NonNullable<Rest["rates"]>): boolean {
  return rates[0] > TURNING;
}

/**
 * What the last cloud is, where it rests.
 *
 * @param ties - Its field jumps, and its tokens do not coincide.
 */
export function restWords({ at_rest, speed, rates, unstable }: ToldRest, ties: boolean): string | null {
  if (!at_rest) return null;
  if (ties) return `at rest (speed ${cell(speed, 2)}): the nearest tokens of each tie and cancel`;
  const how = unstable === null ? "" : unstable ? `, unstable, fastest rate ${shortCell(rates?.[0], 4)}` : ", stable";
  return `at rest (speed ${cell(speed, 2)})${how}`;
}

/** The warning where a cloud that rests has left its place all the same. */
export function roundingWords(start: ToldRest, from: Cloud, to: Cloud): string | null {
  if (!start.at_rest || start.unstable !== true || !differs(from, to)) return null;
  const rate = start.rates?.[0] ?? null;
  const until = rate === null ? "" : ` from time ${shortCell(SEEN / rate, 2)} or so on`;
  const remedy = "move the start a little to say where tokens go";
  return `rounding decided: the start is at rest, unstable, fastest rate ${shortCell(rate, 4)}, and left it${until}. ${remedy}`;
}

function differs(a: Cloud, b: Cloud): boolean {
  const [before, after] = [innerProducts(a, true), innerProducts(b, true)];
  return before.some((value, p) => Math.abs(value - after[p]) > MOVED);
}

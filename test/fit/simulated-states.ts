import { randomSource } from "../../models/random.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { uniformCloud } from "../../sim/clouds/uniform-cloud.ts";
import type { DynamicsName } from "../../sim/dynamics/dynamics-table.ts";
import { simulate } from "../../sim/simulate/simulate.ts";

/** A cloud whose past is known. */
export interface Truth {
  readonly dynamics: DynamicsName;
  readonly beta: number;
  /** One a layer, the first 0. */
  readonly times: readonly number[];
  readonly n: number;
  readonly d: number;
  readonly seed: number;
}

/** The states of a network that is the theory itself: layer k is the cloud at `times[k]`, from uniform points. */
export async function simulatedStates({ dynamics, beta, times, n, d, seed }: Truth): Promise<HiddenStates> {
  const x0 = Float64Array.from(uniformCloud(n, d, randomSource(seed)).x);
  const layers: Float32Array[] = [];
  const keep = (_system: number, _index: number, _t: number, cloud: { readonly x: ArrayLike<number> }): void => {
    layers.push(Float32Array.from(cloud.x));
  };
  await simulate({ dynamics, n, d, systems: [{ beta, x0 }], times, lift: true }, { save: keep });
  return statesOf(layers, n, d);
}

/** Layers that know nothing of each other: a new uniform cloud each. */
export function independentStates(layers: number, n: number, d: number, seed: number): HiddenStates {
  const random = randomSource(seed);
  return statesOf(
    Array.from({ length: layers }, () => Float32Array.from(uniformCloud(n, d, random).x)),
    n,
    d,
  );
}

/** One text of n tokens, all counted, as a file of states without a tokenizer gives it. */
export function statesOf(layers: readonly Float32Array[], n: number, d: number): HiddenStates {
  return {
    batch: 1,
    n,
    d,
    layers: layers.map((x, layer) => ({ layer, x })),
    mask: new Uint8Array(n).fill(1),
    special: null,
    tokens: null,
  };
}

/** The layers of `states` in another order, numbered as if that were theirs. */
export function reorderLayers(states: HiddenStates, order: readonly number[]): HiddenStates {
  return { ...states, layers: order.map((k, layer) => ({ layer, x: states.layers[k].x })) };
}

/** `steps + 1` times from 0 to `end`, evenly spaced. */
export function evenTimes(steps: number, end: number): number[] {
  return Array.from({ length: steps + 1 }, (_, k) => (end * k) / steps);
}

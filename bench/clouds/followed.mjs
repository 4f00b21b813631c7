// States of a law followed from five clusters at even times, with fresh noise of every token in every layer.
import { simulate } from "../../dist/sim/index.js";
import { statesOf } from "./kinds.mjs";
import { randomNumbers } from "./random.mjs";
import { clustered } from "./starts.mjs";

/** @param {{ dynamics: string; beta: number; n: number; d: number; layers: number; end: number; noise: number }} law `layers` after the first, the last at time `end`. */
export async function followedStates({ dynamics, beta, n, d, layers, end, noise }, seed = 1) {
  const x0 = clustered(randomNumbers(seed), { n, d });
  const times = Array.from({ length: layers + 1 }, (_, k) => (end * k) / layers);
  const clouds = [];
  const save = (_system, _index, _t, { x }) => void clouds.push(Float64Array.from(x));
  await simulate({ dynamics, n, d, systems: [{ beta, x0 }], times, lift: true, rtol: 1e-6, atol: 1e-6 }, { save });
  return statesOf({ n, d, noise, clouds: () => clouds }, 1);
}

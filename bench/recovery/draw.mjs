// The truths of bench/recovery.mjs: which law, at which β, from where, seen how.
import { attentionLayers } from "../clouds/attention-clouds.mjs";
import { statesOf } from "../clouds/kinds.mjs";
import { randomNumbers } from "../clouds/random.mjs";

const FAMILIES = ["sa", "usa"];
const MAPS = ["linear", "power"];
const SIZES = [32, 128];
const WIDTHS = [8, 64];
export const NOISES = [0, 0.03, 0.1];
const LAYERS = 12;
const [LOWEST, HIGHEST] = [0.5, 12];
/** From uniform tokens in 64 dimensions hardly anything moves above this β within the times that a fit looks at. */
const SLOW = 4;

/** Every combination in turn, so that each is met equally often; 48 of them, in an order that is shuffled within each round. */
const CELLS = FAMILIES.flatMap((family) =>
  MAPS.flatMap((map) =>
    SIZES.flatMap((n) => WIDTHS.flatMap((d) => NOISES.map((noise) => ({ family, map, n, d, noise })))),
  ),
);

/**
 * Truth number i: a combination, β log-uniform in .5 … 12, a start (uniform or five clusters, by lot where
 * uniform tokens move), the way that tokens move in root
 * mean square, and the power of time, log-uniform in .5 … 2 (1 where time is linear).
 */
export function truthOf(i) {
  const round = Math.floor(i / CELLS.length);
  const cell = CELLS[randomNumbers(7_000 + round).permutation(CELLS.length)[i % CELLS.length]];
  const { uniform: u } = randomNumbers(10_000 + i);
  const beta = LOWEST * (HIGHEST / LOWEST) ** u();
  return {
    ...{ id: i, ...cell, beta },
    start: u() < 0.5 && (cell.d < 64 || beta < SLOW) ? "uniform" : "clustered",
    way: 0.35 + 0.4 * u(),
    power: cell.map === "power" ? 0.5 * 4 ** u() : 1,
    layers: LAYERS,
  };
}

/** The states of a truth. */
export function recoveryStates(truth) {
  const time = (share) => share ** truth.power;
  return statesOf({ ...truth, clouds: (random) => attentionLayers(random, { ...truth, time }) }, 20_000 + truth.id);
}

// The truths of bench/flanks.mjs: layers of a known law, from far below the values of β that recovery draws to far above.
import { simulate } from "../../dist/sim/index.js";
import { statesOf } from "../clouds/kinds.mjs";
import { randomNumbers } from "../clouds/random.mjs";
import { dot, meanOf } from "../clouds/sphere.mjs";
import { clustered, uniform } from "../clouds/starts.mjs";

const STARTS = { clustered, uniform };
const SIZES = [16, 32, 64, 128];
const WIDTHS = [3, 16, 64];
const NOISES = [0, 0.05, 0.1];
const [LOWEST, HIGHEST] = [0.5, 45];
const LAYERS = 8;
/** The layers end where the squared length of the mean token has gone this part of its way. */
const WAY = 0.6;
/** Times that are tried for that: 1e-3 to 1e12. */
const TRIED = Array.from({ length: 40 }, (_, k) => 1e-3 * Math.exp(0.9 * k));
const COLLAPSED = 0.95;

/** Truth number i: law and start in turn, all else by lot; one text or two, of the same law. */
export function truthOf(i) {
  const { uniform: u } = randomNumbers(40_000 + i);
  const oneOf = (values) => values[Math.floor(u() * values.length)];
  return {
    ...{ id: i, dynamics: ["sa", "usa"][i % 2], start: ["clustered", "uniform"][(i >> 1) % 2] },
    beta: LOWEST * (HIGHEST / LOWEST) ** u(),
    ...{ n: oneOf(SIZES), d: oneOf(WIDTHS), noise: oneOf(NOISES), texts: oneOf([1, 2]) },
  };
}

/** The states of a truth, a batch of one for each text; without those that 20 000 steps do not bring to their end (USA at large β). */
export async function flankStates({ id, dynamics, beta, n, d, start, noise, texts }) {
  const states = [];
  for (let text = 0; text < texts; text++) {
    const random = randomNumbers(50_000 + 10 * id + text);
    const x0 = STARTS[start](random, { n, d });
    const asked = { dynamics, n, d, systems: [{ beta, x0 }], lift: true, maxSteps: 20_000 };
    const seen = [];
    const look = (_system, _index, t, { x }) => {
      const mean = meanOf(x, d);
      seen.push({ t, length: dot(mean, 0, mean, 0, d) });
      return seen.at(-1).length < COLLAPSED;
    };
    await simulate({ ...asked, times: [0, ...TRIED], rtol: 1e-5, atol: 1e-5 }, { save: look });
    const wanted = seen[0].length + WAY * (seen.at(-1).length - seen[0].length);
    const end = (seen.find(({ length }) => length >= wanted) ?? seen.at(-1)).t;
    const times = Array.from({ length: LAYERS + 1 }, (_, k) => (end * k) / LAYERS);
    const clouds = [];
    const save = (_system, _index, _t, { x }) => void clouds.push(Float64Array.from(x));
    await simulate({ ...asked, times, rtol: 1e-6, atol: 1e-6 }, { save });
    if (clouds.length > LAYERS) states.push(statesOf({ n, d, noise, clouds: () => clouds }, 60_000 + 10 * id + text));
  }
  return states;
}

// What a cloud of the bench is: its mechanism, what a fit may conclude of it, and why.
import { randomNumbers } from "./random.mjs";
import { noisy, normalize } from "./sphere.mjs";

/** Every conclusion but attention. */
export const NOT_ATTENTION = ["averaging", "common_motion", "none", "undecided"];
export const ANY = ["attention", ...NOT_ATTENTION];

/**
 * truth: "attention" (must be called so), "other" (never), "kin" (attention of another form or kernel: both are true, neither is
 * wrong) or "undecidable" (one trajectory cannot tell; why says the reason).
 */
const EXPECTED = { attention: ["attention"], other: NOT_ATTENTION, kin: ANY, undecidable: ANY };

/** A cloud of the catalogue: size {n, d, layers, …}, clouds(random, size) → layers + 1 arrays `[n, d]`; `noise` is added to each. */
export function kind(truth, name, why, size, clouds, { expected = EXPECTED[truth], noise = 0, options = {} } = {}) {
  const { n, d, layers, family = null, beta = null } = size;
  return {
    truth,
    name,
    why,
    n,
    d,
    layers,
    family,
    beta,
    expected,
    noise,
    options,
    clouds: (random) => clouds(random, size),
  };
}

/** The states that a fit is given, float32 as networks have them; `noise` is fresh in every layer, the first included. */
export function statesOf({ clouds, n, d, noise }, seed) {
  const fresh = randomNumbers(seed + 1_000_003);
  const layers = clouds(randomNumbers(seed)).map((x, layer) => ({
    layer,
    x: Float32Array.from(noise === 0 ? x : noisy(normalize(Float64Array.from(x), d), d, noise, fresh)),
  }));
  return { batch: 1, n, d, layers, mask: new Uint8Array(n).fill(1), special: null, tokens: null };
}

// The laws that bench/families.mjs simulates, and how.

import { randomSource } from "../../dist/models/random.js";
import { LAWS } from "../../dist/src/laws/laws.js";

/** All that can be told from others by pairs: tokens that start equiangular are none of a network's, and a simulated cloud has no weights. */
const NAMED = LAWS.filter(({ start, ofModel }) => !start && !ofModel);

export const FAMILIES = ["sa", "usa", ...NAMED.map(({ name }) => name)];

/** Where the truth of a searched parameter lies, [from, to]; of κ in powers of ten. */
const RANGES = { kappa: [1.5, 2.5], radius: [0.8, 1.6], growth: [-0.8, 0.8] };

/** One draw: β from 1.5 to 4 (USA to 2.5), other parameters within their ranges, growth never near 0. */
export function lawOf(name, seed) {
  const random = randomSource(seed);
  const usa = name.startsWith("usa");
  const beta = 1.5 * ((usa ? 2.5 : 4) / 1.5) ** random();
  /** @type {Pick<import("../../dist/src/laws/law.js").Law, "dynamics" | "free">} */
  const law = NAMED.find((one) => one.name === name) ?? { dynamics: name };
  const { dynamics, free } = law;
  const value = free && drawn(free.name, random());
  const given = free ? { [free.name]: value } : {};
  const { kappa, ...params } = given;
  return { dynamics, params, kappa, beta, end: usa ? 2 / Math.exp(beta - 1) : 2, truth: { beta, parameters: given } };
}

function drawn(name, u) {
  const [from, to] = RANGES[name];
  const value = from + (to - from) * u;
  if (name === "kappa") return 10 ** value;
  return name === "growth" ? Math.sign(value) * Math.max(0.4, Math.abs(value)) : value;
}

import { z } from "zod";
import { count, defineFormat, hashedFile, list, number, numberOrNull, optional } from "./format.ts";

const REMEDY = "simulate again with this version";
const dynamics = z.string().min(1);
const plugins = optional(list(hashedFile)).describe("files that were loaded");
const numbersOrNull = z.array(numberOrNull);
const many = list(numberOrNull);
const averages = z.strictObject({ mean: many, error: many });

const event = z.strictObject({
  kind: z.enum(["mean cosine", "min cosine", "merge", "clusters"]),
  level: number,
  time: number,
  tokens: optional(z.tuple([count, count]).readonly()).describe("of `merge`: the pair that reached the level"),
  clusters: optional(count).describe("groups or clusters from now on"),
});

/** Whether a cloud rests, and what becomes of what disturbs it. */
export const REST = z.strictObject({
  at_rest: z.boolean(),
  speed: numberOrNull.describe("of the fastest token"),
  rates: many
    .nullable()
    .describe("eigenvalues of the Jacobian, largest first: all where it is symmetric, else the leading one"),
  unstable: z.boolean().nullable().describe("null: not known"),
});

/** How fast tokens of a cap become one. */
export const CONTRACTION = z.strictObject({
  cap: number.describe("radians from the first axis within which tokens started"),
  rate: numberOrNull.describe("at which 1 − mean cosine falls, over the later half of `times`"),
  bound: numberOrNull.describe("what it falls by at least, where no two tokens start more than a right angle apart"),
  limit: numberOrNull.describe("what it tends to: 2, of usa 2e^β; null where that overflows"),
});

/** How far tokens lie in E_max. */
export const ALIGNMENT = z.strictObject({
  eigenvalue: number.describe("of V KᵀQ: the largest real part"),
  dimension: count.describe("of its generalized eigenspace E_max"),
  share: numbersOrNull.describe("mean squared length of a token's projection on E_max, along `times`"),
  least: numbersOrNull.describe("the least of them"),
  modes: optional(numbersOrNull).describe(
    "where E_max is a plane: modes of the kernel density of the angles in it, kernel e^{β cos θ}",
  ),
});

/** `simulate --json`: the flow from one start. */
export const SIMULATION = defineFormat({
  name: "tokensphere/simulation",
  version: 1,
  file: "simulation.json",
  about:
    "The flow from one start. Lists run along `times`; all but `states` is of directions x/‖x‖, energies of weighted tokens. Masses and energies are null above 32 768 tokens where d > 3 or β < 0.",
  remedy: REMEDY,
  fields: {
    dynamics,
    parameters: optional(z.record(z.string(), z.unknown()).readonly()).describe("those of flags"),
    plugins,
    beta: number,
    n: count,
    d: count,
    time_unit: optional(z.literal("exp")).describe("times are e^β t"),
    times: list(number),
    log_energy: numbersOrNull,
    energy: numbersOrNull,
    mean_cosine: numbersOrNull,
    mass: z.record(z.string(), numbersOrNull).describe("share of the pairs above each threshold"),
    states: optional(z.array(z.array(z.array(number)))).describe("`[time][token][coordinate]`, with --states"),
    angles: optional(z.array(z.array(number))).describe("at d = 2 beside `states`: in radians, from −π on"),
    weights: optional(z.array(z.array(number))).describe("masses of tokens that exchange them, of 1 in all"),
    attention: optional(z.array(z.array(z.array(z.array(number))))).describe(
      "`[time][head][token][token]`, with --attention",
    ),
    events: optional(list(event)).describe("in order of time, where events were asked for"),
    held_at_start: optional(list(z.strictObject({ kind: event.shape.kind, level: number }))).describe(
      "what was asked for and held at the start already: no event",
    ),
    contraction: optional(CONTRACTION).describe("of sa and usa with --cap (R, theorem 3)"),
    alignment: optional(ALIGNMENT).describe("of dynamics with Q, K, V, unless all of the space is E_max (BPA25b)"),
    rest: optional(z.strictObject({ start: REST.nullable(), end: REST.nullable() })).describe(
      "whether the start and the last cloud rest; null where that is not looked for",
    ),
    saved: count.describe("times that were reached: what lies behind is null"),
    steps: count,
    outcome: z.string(),
    message: z.string().describe("what may help where the last time was not reached; else empty"),
  },
});

/** `simulate --noise --json`. */
export const NOISY_SIMULATION = defineFormat({
  name: "tokensphere/noisy-simulation",
  version: 1,
  file: "simulation.json",
  about: "Paths of dX = v dt + √(2/κ) dW: means over paths with standard errors, lists along `times`.",
  remedy: REMEDY,
  fields: {
    dynamics,
    plugins,
    beta: number,
    kappa: number,
    step: number,
    paths: count,
    seed: number,
    n: count,
    d: count,
    times: list(number),
    order: averages.describe("r = ‖Σ x_i‖/n: 0 for a uniform cloud, 1 for a point"),
    order_squared: averages,
    mean_cosine: averages.describe("null for one token"),
    met: averages.describe("share of the pairs above .999"),
    noise: optional(z.enum(["common", "anisotropic", "multiplicative"])).describe("left out: isotropic"),
    strengths: optional(list(number)).describe("of anisotropic noise, along the coordinates"),
    passage: optional(
      z.strictObject({ level: number, happened: z.int(), mean: numberOrNull, error: numberOrNull }),
    ).describe("first of `times` when all tokens lay within the level, over the paths where they did"),
    failed: count.describe("paths that did not reach the last time"),
    outcome: z.string(),
  },
});

/** `simulate --layer-steps --json`. */
export const LAYER_STEPS = defineFormat({
  name: "tokensphere/layer-steps",
  version: 1,
  file: "simulation.json",
  about:
    "Residual layers of one step each beside the flow that small steps tend to. Lists run along layers, 0 being the start.",
  remedy: REMEDY,
  fields: {
    dynamics,
    beta: number,
    step: number,
    norm: z.enum(["post", "pre", "mix", "peri", "ngpt", "sqrt"]),
    n: count,
    d: count,
    layers: z.int(),
    outcome: z.string(),
    flow_outcome: z.string(),
    message: z.string().describe("what may help where the layers or the flow did not reach the end; else empty"),
    steps_mean_cosine: many,
    flow_mean_cosine: many,
    mean_angle: many.describe("radians between a token after the layer and the same token on the flow"),
    largest_angle: many,
    states: optional(
      z.strictObject({ steps: z.array(z.array(z.array(number))), flow: z.array(z.array(z.array(number))) }),
    ).describe("directions `[layer][token][coordinate]`, with --states"),
  },
});

/** The state of a sweep, and what `sweep --json` prints. Its settings stand beside these fields. */
export const SWEEP = (() => {
  const bounds = z.strictObject({ low: list(number), high: list(number) }).readonly();
  const format = defineFormat({
    name: "tokensphere/sweep",
    version: 1,
    file: "sweep.json",
    about: "Probability that tokens have met, by β and time: the settings of the sweep, and one row a β.",
    remedy: "give another folder",
    fields: {
      rows: list(
        z.strictObject({
          beta: number,
          probability: many.describe("along times; null: not all starts came so far"),
          mean_cosine: many,
          probability_bounds: optional(bounds).describe("where not all starts came to the end: lowest and highest"),
          mean_cosine_bounds: optional(bounds),
          failed: count.describe("starts that did not reach the end"),
          failures: optional(z.record(z.string(), count).readonly()).describe("how many ended how"),
        }),
      ),
    },
  });
  return { ...format, schema: z.looseObject(format.schema.shape) } as const;
})();

const lists = list(list(number));
const planar = z.enum(["sa", "usa"]);

/** Which density goes how, of both equations. */
const equation = {
  dynamics: planar,
  d: count,
  beta: number,
  sign: z.union([z.literal(1), z.literal(-1)]).describe("V = ±I"),
  kappa: numberOrNull.describe("null: no noise"),
  start: list(z.string()),
  modes: count,
};

/** W_2 to the point that a density may collapse to. */
export const TO_POINT = z.strictObject({
  at: number.describe("where the first moment points at the last time: radians, or 1 and −1 for e and −e"),
  w2: list(number).describe("by geodesic distance, in radians, along `times`"),
  rate: numberOrNull.describe("at which it falls, over the later half of the times"),
  bound: numberOrNull.describe(
    "1/100, for small |β|, in the unit of `times` (R, theorem 5); null with noise or V = −I",
  ),
});

/** `mean-field --json`. */
export const MEAN_FIELD = defineFormat({
  name: "tokensphere/mean-field",
  version: 1,
  file: "mean-field.json",
  about: "The continuity equation on the circle. Lists run along `times`, and within along θ or k = 1, 2 …",
  remedy: REMEDY,
  fields: {
    ...equation,
    method: z.enum(["characteristics", "modes"]).describe("points of fixed mass, or moments"),
    time_unit: z.enum(["one", "exp"]).describe("exp: times are e^β t"),
    times: list(number).describe("those that were reached"),
    outcome: z.string().describe("whether the last time was reached, and else why not"),
    orders: list(count).describe("of the moments in `sizes`"),
    sizes: lists.describe("|μ̂_k| of those orders"),
    variance: many.describe("−2 log |μ̂_1|, that of a wrapped normal law, in square radians"),
    heat_limit: many.describe("σ² ∓ 2t/β: for SA from one normal law without noise"),
    theta: list(number),
    density: lists.describe("per radian"),
    moments: z.strictObject({ re: lists, im: lists }),
    theory_growth: many.describe("what linear theory says of |μ̂_k| about the uniform density; null where it overflows"),
    growth: list(many).describe("log(|μ̂_k|/|μ̂_k| before)/Δt since the time before"),
    tail: list(number).describe("largest moment among those cut"),
    lowest: list(number).describe("least density"),
    to_point: TO_POINT.nullable().describe("null where the density has no direction"),
    particles: z
      .strictObject({
        n: count,
        seed: number,
        w1: list(number).describe("radians between tokens and density"),
        moments: lists,
      })
      .nullable()
      .describe("tokens drawn from the start that follow the same equation"),
  },
});

const state = z.strictObject({
  order: number,
  kappa: number,
  stable: z.boolean().nullable(),
  growth: numberOrNull.describe("rate of the fastest perturbation"),
  free_energy: numberOrNull,
  moments: optional(list(number)).describe("∫ P_k dμ, cos kθ on the circle; of the states in `rows`"),
});

/** `mean-field --d D --json` for D > 2. */
export const ZONAL_MEAN_FIELD = defineFormat({
  name: "tokensphere/zonal-mean-field",
  version: 1,
  file: "mean-field.json",
  about: "The continuity equation for densities about an axis e on S^{d−1}. Lists run along `times`.",
  remedy: REMEDY,
  fields: {
    ...equation,
    times: list(number).describe("those that were reached"),
    outcome: z.string().describe("whether the last time was reached, and else why not"),
    moments: lists.describe("∫ P_k(⟨x, e⟩) dμ, P_k Gegenbauer's polynomial with P_k(1) = 1"),
    t: list(number).describe("⟨x, e⟩ of `density`"),
    density: lists.describe("relative to the uniform one"),
    theory_growth: many.describe("what linear theory says of the moments about the uniform density"),
    tail: list(number).describe("what is cut off of the density is about as large"),
    lowest: list(number).describe("least density"),
    to_point: TO_POINT.nullable().describe("null where the density has no direction"),
  },
});

/** `mean-field bifurcation --json`. */
export const BIFURCATION = defineFormat({
  name: "tokensphere/bifurcation",
  version: 1,
  file: "bifurcation.json",
  about: "Densities at rest under noise, stable or not, by κ.",
  remedy: REMEDY,
  fields: {
    dynamics: planar,
    d: count,
    beta: number,
    peaks: count,
    critical_kappa: number,
    beta_star: numberOrNull.describe("for USA with one peak: β up to which the transition is continuous"),
    transition: z.enum(["continuous", "discontinuous"]),
    turns: list(state),
    equal_energy: numberOrNull,
    followed_to: number.describe("κ up to which the branch could be followed"),
    rows: list(z.strictObject({ kappa: number, states: list(state) })),
    branch: list(state),
  },
});

/** `mean-field phases --json`. */
export const PHASES = defineFormat({
  name: "tokensphere/noise-phases",
  version: 1,
  file: "phases.json",
  about: "Which densities are stable under noise, by β: the uniform one below κ_#, a peaked one from the turn on.",
  remedy: REMEDY,
  fields: {
    dynamics: planar,
    d: count,
    beta_star: numberOrNull.describe("for USA: β up to which the transition is continuous"),
    rows: list(
      z.strictObject({
        beta: number,
        critical_kappa: number,
        turn_kappa: numberOrNull.describe("null: the transition is continuous"),
        equal_energy_kappa: numberOrNull,
      }),
    ),
  },
});

/** `mean-field chaos --json`. */
export const CHAOS = defineFormat({
  name: "tokensphere/propagation-of-chaos",
  version: 1,
  file: "chaos.json",
  about:
    "W1 in radians between n tokens and the density that they follow, as n grows; for d > 2 of the angle to the axis.",
  remedy: REMEDY,
  fields: {
    dynamics: planar,
    d: optional(count).describe("left out: 2"),
    looks: optional(count).describe("left out: 1"),
    beta: number,
    kappa: numberOrNull.describe("null: no noise"),
    start: list(z.string()),
    time: number,
    copies: count,
    seed: number,
    rows: list(
      z.strictObject({
        n: count,
        start: number.describe("at the start"),
        w1: number.describe("at the time"),
        error: numberOrNull.describe("standard error of the mean over the copies"),
        largest: optional(number).describe("mean over the copies of the largest W1 at `looks` times up to the time"),
        largest_error: optional(numberOrNull),
      }),
    ),
    slope: numberOrNull.describe("d log W1/d log n; −1/2 where chaos propagates"),
    tail: number.describe("largest moment among those cut: below it W1 says nothing"),
  },
});

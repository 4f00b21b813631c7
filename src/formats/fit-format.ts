import { z } from "zod";
import {
  anything,
  count,
  defineFormat,
  interval,
  list,
  number,
  numberOrNull,
  optional,
  share,
  signedShare,
  skill,
} from "./format.ts";

const positive = number.positive();

/** Standard errors; what is more says no more. */
const standardErrors = number.min(-99).max(99).nullable();

/** Of β. */
const betaInterval = z.tuple([positive, positive]).readonly();

/** Statistics of inner products, one value a layer, mean over texts. */
export const statistics = {
  mean_cosine: list(number.min(-1).max(1)),
  sd_cosine: list(number.min(0)),
  mass: z.record(z.string(), list(share)).readonly().describe("share of the pairs above each threshold"),
  histograms: list(list(share)).describe("probabilities on `edges`"),
};

/** What draws a family again without its dynamics. */
export const style = {
  label: z.string().min(1),
  colour: z.string().regex(/^#[0-9A-F]{6}$/),
  dash: z.tuple([positive, number.min(0)]).readonly(),
  width: positive,
};

export const time = z
  .strictObject({ map: z.enum(["linear", "monotone"]), values: list(number.min(0)) })
  .describe("where along the simulated time each layer lies; the first is 0");

/** What is known of any candidate. */
export const candidate = {
  name: z.string().min(1),
  beta: numberOrNull.describe("`null` where the dynamics reads none"),
  parameters: optional(z.record(z.string(), number).readonly()).describe(
    "what its dynamics reads beside β, fitted or given; missing where it reads none",
  ),
  start: optional(z.enum(["iid", "equiangular"])).describe(
    "where its tokens start, if not where the network's do: only distributions are compared",
  ),
  beta_interval: betaInterval.nullable().describe("95 %, around beta_corrected where there is one"),
  time,
  w1: number
    .min(0)
    .max(2)
    .describe("mean over layers after the first of W1 between observed and predicted inner products"),
  w1_by_layer: list(number.min(0).max(2)),
  skill: skill.describe("1 − w1/w1 of frozen"),
  skill_held_out: skill.describe("the same on inner layers left out of the fit in turn"),
  w1_held_out: number.min(0).nullable(),
  complexity: count.describe("free parameters"),
  profile: list(z.strictObject({ beta: number, w1: number.min(0) })).describe("the smallest w1 at each β tried"),
  ...statistics,
  warnings: list(z.string().min(1)),
};

/** What stands beside a chosen fit. */
export const checks = {
  beta_intervals: z.strictObject({ "50": betaInterval, "80": betaInterval, "95": betaInterval }).nullable(),
  beta_next_start: z
    .strictObject({ layer: count, beta: positive })
    .nullable()
    .describe("β fitted from the next layer on"),
  beta_corrected: z
    .strictObject({ beta: positive, noise: number.min(0) })
    .nullable()
    .describe("β extrapolated to no noise that is fresh in every layer, and that noise in radians"),
  texts: list(
    z.strictObject({
      text: count,
      n: count,
      beta: positive.nullable(),
      beta_interval: betaInterval.nullable(),
      w1: number.min(0).max(2),
      skill,
    }),
  ).describe("each text by itself"),
  texts_agree: z
    .strictObject({ q: number.min(0), df: z.int().min(1), p: share, agree: z.boolean() })
    .nullable()
    .describe("Cochran's Q of ln β"),
  null_skill: skill.describe("what 95 % of random orders of the layers stay below"),
  null_p: share.nullable(),
  null_p_error: share.nullable(),
  null_orders: count,
};

/** A family at the levels of pairs and tokens. */
export const levels = {
  pair_skill: skill.describe("1 − Σ(G − Ĝ)²/Σ(G − G(0))²"),
  token_skill: skill.describe("1 − mean chord/mean chord of frozen at the last layer"),
  pair_correlation: signedShare,
  closest_1_percent: share.nullable(),
  cluster_agreement: signedShare,
  displacement_cosine: signedShare,
  pair_z: standardErrors.describe("standard errors between this family and the nearest other"),
  partition: z
    .strictObject({ unique: number, other: number, shared: number, unique_interval: interval })
    .nullable()
    .describe("shares of the change of inner products: only this family, only averaging, both"),
};

const missing = <Fields extends z.ZodRawShape>(fields: Fields) => {
  const entries = Object.entries(fields).map(([name, field]) => [name, optional(field as z.ZodType)]);
  return Object.fromEntries(entries) as { [K in keyof Fields]: z.ZodExactOptional<Fields[K]> };
};

const family = z.strictObject({ ...candidate, ...missing(style), ...missing(checks) });
const levelled = z.strictObject({ ...family.shape, ...missing(levels) });

export const conclusion = z.enum(["attention", "averaging", "common_motion", "none", "undecided"]);

export const rival = z.strictObject({
  name: z.string().min(1),
  label: z.string().min(1),
  rival: z.boolean().describe("whether a family has to beat it"),
  w1_skill: skill,
  pair_skill: skill,
  token_skill: skill,
  pair_z: standardErrors,
  token_z: standardErrors,
  complexity: optional(count).describe("numbers fitted, where they can be counted"),
  law: optional(
    z.strictObject({ beta: numberOrNull, parameters: optional(z.record(z.string(), number).readonly()) }),
  ).describe("of a law that families are held against: what was fitted of it, but for times"),
});

/** A row of the law of the updates, as in `updates.csv`. */
export const update = z.strictObject({
  text: count,
  layer: count,
  field: z.string().min(1),
  beta: numberOrNull,
  beta_from: z.enum(["best", "given", ""]),
  beta_interval: interval,
  size: number.min(0).nullable(),
  step: numberOrNull,
  update: signedShare,
  gram: signedShare,
  gram_beyond_mean: signedShare,
  partial: signedShare,
  partial_interval: interval,
  added: signedShare,
  added_interval: interval,
  null: signedShare,
  null_partial: signedShare,
  p: share.nullable(),
  without_selection: signedShare,
  note: z.string(),
});

export const heldOut = z.strictObject({
  kind: z.enum(["layers", "last_third", "texts", "tokens"]),
  family: z.string().min(1),
  w1_skill: skill,
  reason: z.string().min(1).nullable().describe("why there is none"),
  pair_skill: optional(skill),
  token_skill: optional(skill),
});

export const observed = z.strictObject({
  source: z.string(),
  texts: z.int().min(1),
  n: list(z.int().min(2)).describe("tokens of each text after the policies"),
  d: z.int().min(1),
  layers: list(count).describe("layers fitted; the first is where the simulation starts"),
  policy: anything,
  ...statistics,
});

const CHECKED = defineFormat({
  name: "tokensphere/fit",
  version: 1,
  file: "fit.json",
  about:
    "Families of dynamics fitted to the layers, and what the fit is evidence of. Files of older versions lack the comparison.",
  remedy: "make the run again with this version",
  fields: {
    observed,
    causal: optional(z.boolean()).describe("true where tokens see only what comes before them; missing elsewhere"),
    edges: list(number.min(-1).max(1)).describe("of all histograms here"),
    families: list(levelled).describe("under the time map chosen for all; frozen last"),
    alternatives: list(family).describe("the same under the other time map"),
    averaging: optional(family),
    held_out: optional(list(heldOut)),
    best: z.string().min(1),
    conclusion: optional(conclusion),
    conclusions: optional(
      list(z.strictObject({ text: count, conclusion, best: z.string(), tie: list(z.string()) })),
    ).describe("one a text"),
    tie: optional(list(z.string())).describe("families that cannot be told from the best"),
    rivals: optional(list(rival)),
    basis: optional(z.string().min(1).nullable()).describe(
      "`null` where layers share a basis, else why places are left out",
    ),
    ceiling: optional(
      z.strictObject({ lower: number, upper: number, by: z.enum(["texts", "halves"]) }).nullable(),
    ).describe(
      "how well anything could do at the distribution; pairs and tokens of a text are there once, so that nothing bounds them",
    ),
    updates: optional(list(update)),
    untrained_updates: optional(list(update.extend({ draw: count }))).describe(
      "the families in the same steps of the same network untrained, draw after draw of its weights, without nulls and intervals",
    ),
    verdict: z.string(),
    seed: number,
  },
});

type Result = z.infer<typeof CHECKED.schema>;

/** Lists along layers that are not as long as there are layers, by their place. */
function wrongLengths({ observed: { layers, ...seen }, families, alternatives, averaging, edges }: Result) {
  const named = (group: string, all: Result["families"]) => all.map((one, k) => [`${group}.${k}`, one] as const);
  const all = [...named("families", families), ...named("alternatives", alternatives)];
  const moving = averaging ? [...all, ["averaging", averaging] as const] : all;
  const lists = [
    ...[["observed", seen] as const, ...moving].flatMap(([place, { mean_cosine, sd_cosine, mass, histograms }]) => [
      ...Object.entries({ mean_cosine, sd_cosine, histograms }).map(
        ([name, values]) => [`${place}.${name}`, values] as const,
      ),
      ...Object.entries(mass).map(([threshold, values]) => [`${place}.mass.${threshold}`, values] as const),
    ]),
    ...moving.flatMap(([place, { time, w1_by_layer }]) => [
      [`${place}.time.values`, time.values] as const,
      [`${place}.w1_by_layer`, w1_by_layer] as const,
    ]),
  ];
  const bins = [["observed", seen] as const, ...moving].flatMap(([place, { histograms }]) =>
    histograms.map((bars, k) => [`${place}.histograms.${k}`, bars] as const),
  );
  return [
    ...lists
      .filter(([, { length }]) => length !== layers.length)
      .map(([place, { length }]) => ({ place, length, wanted: layers.length })),
    ...bins
      .filter(([, { length }]) => length !== edges.length - 1)
      .map(([place, { length }]) => ({ place, length, wanted: edges.length - 1 })),
  ];
}

/** `fit.json`, and what `fit --json` prints. */
export const FIT = {
  ...CHECKED,
  schema: CHECKED.schema.superRefine((result, context) => {
    for (const { place, length, wanted } of wrongLengths(result))
      context.addIssue({
        code: "custom",
        path: place.split("."),
        message: `Expected ${wanted} values, received ${length}`,
      });
  }),
} as const;

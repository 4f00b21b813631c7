import { z } from "zod";

const finite = z.number();
const statistics = {
  mean_cosine: z.array(finite.min(-1).max(1)),
  sd_cosine: z.array(finite.min(0)),
  mass: z.strictObject({
    "0.9": z.array(finite.min(0).max(1)),
    "0.99": z.array(finite.min(0).max(1)),
    "0.999": z.array(finite.min(0).max(1)),
  }),
  histograms: z.array(z.array(finite.min(0).max(1))),
};

const time = z.strictObject({ map: z.enum(["linear", "monotone"]), values: z.array(finite.min(0)) });

/** What draws a family again without the dynamics. */
const style = {
  label: z.string().min(1),
  colour: z.string().regex(/^#[0-9A-F]{6}$/),
  dash: z.tuple([finite.positive(), finite.min(0)]),
  width: finite.positive(),
};

const interval = z.tuple([finite.positive(), finite.positive()]);

/** What stands beside a chosen fit, and not beside its other time map. */
const checks = {
  beta_intervals: z.strictObject({ "50": interval, "80": interval, "95": interval }).nullable(),
  beta_next_start: z.strictObject({ layer: z.int().min(1), beta: finite.positive() }).nullable(),
  beta_corrected: z.strictObject({ beta: finite.positive(), noise: finite.min(0) }).nullable(),
  texts: z.array(
    z.strictObject({
      text: z.int().min(0),
      n: z.int().min(2),
      beta: finite.positive(),
      beta_interval: interval.nullable(),
      w1: finite.min(0).max(2),
      skill: finite.max(1).nullable(),
    }),
  ),
  texts_agree: z
    .strictObject({ q: finite.min(0), df: z.int().min(1), p: finite.min(0).max(1), agree: z.boolean() })
    .nullable(),
  // Null with fewer than four layers after the first, whose orders are too few.
  null_skill: finite.max(1).nullable(),
  null_p: finite.min(0).max(1).nullable(),
  null_p_error: finite.min(0).max(1).nullable(),
  null_orders: z.int().min(0),
};

const common = {
  ...style,
  time,
  w1: finite.min(0).max(2),
  w1_by_layer: z.array(finite.min(0).max(2)),
  // Null where frozen is exact, or where no layer can be left out.
  skill: finite.max(1).nullable(),
  skill_held_out: finite.max(1).nullable(),
  w1_held_out: finite.min(0).nullable(),
  complexity: z.int().min(0),
  ...statistics,
  warnings: z.array(z.string().min(1)),
};

const moving = z.strictObject({
  name: z.enum(["sa", "usa"]),
  beta: finite.positive(),
  // Null where no bootstrap was asked for, with fewer than five tokens, or where β is not determined.
  beta_interval: interval.nullable(),
  profile: z.array(z.strictObject({ beta: finite.positive(), w1: finite.min(0) })).min(3),
  ...common,
});

const skill = finite.max(1).nullable();
const share = finite.min(-1).max(1).nullable();

/** A family at the levels of pairs and tokens. */
const levels = {
  pair_skill: skill,
  token_skill: skill,
  pair_correlation: share,
  closest_1_percent: finite.min(0).max(1).nullable(),
  cluster_agreement: share,
  displacement_cosine: share,
  pair_z: finite.min(-99).max(99).nullable(),
  partition: z
    .strictObject({
      unique: finite,
      other: finite,
      shared: finite,
      unique_interval: z.tuple([finite, finite]).nullable(),
    })
    .nullable(),
};

const chosen = moving.extend(checks).extend(levels);

const conclusion = z.enum(["attention", "averaging", "common_motion", "none", "undecided"]);
const best = z.enum(["sa", "usa", "frozen"]);

const rival = z.strictObject({
  name: z.string().min(1),
  label: z.string().min(1),
  rival: z.boolean(),
  w1_skill: skill,
  pair_skill: skill,
  token_skill: skill,
  pair_z: finite.min(-99).max(99).nullable(),
  token_z: finite.min(-99).max(99).nullable(),
});

const bounds = z.tuple([finite, finite]).nullable();
const update = z.strictObject({
  text: z.int().min(0),
  layer: z.int().min(0),
  field: z.string().min(1),
  beta: finite.positive().nullable(),
  beta_from: z.enum(["best", "given", ""]),
  beta_interval: bounds,
  size: finite.min(0).nullable(),
  step: finite.nullable(),
  ...{ update: share, gram: share, gram_beyond_mean: share, partial: share, added: share },
  ...{ partial_interval: bounds, added_interval: bounds, null: share, null_partial: share },
  p: finite.min(0).max(1).nullable(),
  without_selection: share,
  note: z.string(),
});

const averaging = z.strictObject({
  ...common,
  ...checks,
  name: z.literal("averaging"),
  beta: z.literal(0),
  beta_interval: z.null(),
  profile: z.tuple([z.strictObject({ beta: z.literal(0), w1: finite.min(0) })]),
});

const heldOut = z.strictObject({
  kind: z.enum(["layers", "last_third", "texts", "tokens"]),
  family: z.enum(["sa", "usa", "averaging", "frozen"]),
  w1_skill: skill,
  reason: z.string().min(1).nullable(),
  pair_skill: skill,
  token_skill: skill,
});

const frozen = z.strictObject({
  name: z.literal("frozen"),
  beta: z.null(),
  beta_interval: z.null(),
  profile: z.array(z.never()),
  ...common,
});

/** The promise of `fit.json` and `fit --json`: every key, no key more, every number finite. */
export const fitResultSchema = z.strictObject({
  format: z.literal("tokensphere/fit"),
  version: z.literal(1),
  observed: z.strictObject({
    source: z.string(),
    texts: z.int().min(1),
    n: z.array(z.int().min(2)),
    d: z.int().min(1),
    layers: z.array(z.int().min(0)).min(2),
    policy: z.looseObject({
      specialTokens: z.enum(["drop", "keep", "only"]),
      specialKnown: z.boolean(),
      normalize: z.literal("l2"),
      center: z.string(),
    }),
    ...statistics,
  }),
  edges: z.array(finite.min(-1).max(1)),
  families: z.tuple([chosen, chosen, frozen]),
  alternatives: z.tuple([moving, moving]),
  averaging,
  held_out: z.array(heldOut).length(16),
  best,
  conclusion,
  conclusions: z.array(z.strictObject({ text: z.int().min(0), conclusion, best, tie: z.array(z.string()) })).min(1),
  tie: z.array(z.enum(["sa", "usa"])),
  rivals: z.array(rival).min(5),
  basis: z.string().min(1).nullable(),
  ceiling: z.strictObject({ lower: finite, upper: finite, by: z.enum(["texts", "halves"]) }).nullable(),
  updates: z.array(update),
  verdict: z.string().min(40),
  seed: z.int(),
});

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
  // Null only where no bootstrap was asked for.
  beta_interval: z.tuple([finite.positive(), finite.positive()]).nullable(),
  profile: z.array(z.strictObject({ beta: finite.positive(), w1: finite.min(0) })).min(3),
  ...common,
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
  families: z.tuple([moving, moving, frozen]),
  alternatives: z.tuple([moving, moving]),
  best: z.enum(["sa", "usa", "frozen"]),
  verdict: z.string().min(40),
  seed: z.int(),
});

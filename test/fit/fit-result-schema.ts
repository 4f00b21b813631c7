import { z } from "zod";
import {
  candidate,
  checks,
  conclusion,
  heldOut,
  levels,
  observed,
  rival,
  style,
  update,
} from "../../src/formats/fit-format.ts";
import { list, share } from "../../src/formats/format.ts";

const finite = z.number();
const masses = { mass: z.strictObject({ "0.9": list(share), "0.99": list(share), "0.999": list(share) }) };

/** What today's fit says of every candidate, SA and USA at the usual thresholds: no field may be missing. */
const common = { ...candidate, ...style, ...masses };

const point = z.strictObject({ beta: finite.positive(), w1: finite.min(0) });
const moving = z.strictObject({
  ...common,
  name: z.enum(["sa", "usa"]),
  beta: finite.positive(),
  profile: z.array(point).min(3),
});

const chosen = moving.extend(checks).extend(levels);

const best = z.enum(["sa", "usa", "frozen"]);

const averaging = z.strictObject({
  ...common,
  ...checks,
  name: z.literal("averaging"),
  beta: z.literal(0),
  beta_interval: z.null(),
  profile: z.tuple([z.strictObject({ beta: z.literal(0), w1: finite.min(0) })]),
});

const frozen = z.strictObject({
  ...common,
  name: z.literal("frozen"),
  beta: z.null(),
  beta_interval: z.null(),
  profile: z.array(z.never()),
});

/** The promise of `fit.json` and `fit --json` on a usual fit: every key, no key more, every number finite. */
export const fitResultSchema = z.strictObject({
  format: z.literal("tokensphere/fit"),
  version: z.literal(1),
  observed: observed.extend({
    ...masses,
    layers: z.array(z.int().min(0)).min(2),
    policy: z.looseObject({
      specialTokens: z.enum(["drop", "keep", "only"]),
      specialKnown: z.boolean(),
      normalize: z.literal("l2"),
      center: z.string(),
    }),
  }),
  edges: z.array(finite.min(-1).max(1)),
  families: z.tuple([chosen, chosen, frozen]),
  alternatives: z.tuple([moving, moving]),
  averaging,
  held_out: z.array(heldOut.required().extend({ family: z.enum(["sa", "usa", "averaging", "frozen"]) })).length(16),
  best,
  conclusion,
  conclusions: z.array(z.strictObject({ text: z.int().min(0), conclusion, best, tie: z.array(z.string()) })).min(1),
  tie: z.array(z.enum(["sa", "usa"])),
  rivals: z.array(rival).min(5),
  basis: z.string().min(1).nullable(),
  ceiling: z.strictObject({ lower: finite, upper: finite, by: z.enum(["texts", "halves"]) }).nullable(),
  updates: z.array(update),
  untrained_updates: z.array(update.extend({ draw: z.int().min(0).max(2) })).optional(),
  verdict: z.string().min(40),
  seed: z.int(),
});

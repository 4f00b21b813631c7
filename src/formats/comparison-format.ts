import { z } from "zod";
import { count, defineFormat, interval, list, number, numberOrNull, optional, skill } from "./format.ts";

const difference = z
  .strictObject({ value: number, lo: numberOrNull, hi: numberOrNull })
  .nullable()
  .describe("from the first run with its 95 % interval; null for the first and where one of the two has no value");

const summary = z.strictObject({
  folder: z.string(),
  name: z.string(),
  note: z.string().nullable(),
  created: z.string(),
  command: z.string(),
  model: z.string(),
  overrides: list(z.string()).describe("what was asked of the model against its files"),
  texts: z.string(),
  tokens: list(count).describe("of each text"),
  layers: count,
  heads: optional(count.nullable()).describe("of its model; null where that is not known"),
  mean_cosine: list(z.strictObject({ layer: count, value: number, lo: numberOrNull, hi: numberOrNull })),
  conclusion: z.string().nullable(),
  family: z.string().nullable().describe("that comes nearest"),
  beta: numberOrNull,
  beta_interval: interval,
  w1_skill: skill,
  pair_skill: skill,
  token_skill: skill,
});

const measure = z.strictObject({
  measure: z.string(),
  layer: count,
  values: list(numberOrNull).describe("one a run; null where it has no such layer"),
  differences: list(difference),
});

const family = z.strictObject({
  family: z.string(),
  beta: list(numberOrNull),
  ratios: list(difference).describe("β over that of the first run"),
  w1_skill: list(skill),
  pair_skill: list(skill),
  token_skill: list(skill),
});

/** `comparison.json`. */
export const COMPARISON = defineFormat({
  name: "tokensphere/comparison",
  version: 1,
  file: "comparison.json",
  about: "Runs side by side, each held against the first.",
  remedy: "compare the runs again with this version",
  fields: {
    runs: list(summary),
    differs: list(z.strictObject({ flag: z.string(), values: list(z.string()) })).describe("flags that differ"),
    intervals: z.enum(["texts", "tokens"]).describe("what intervals of differences are over"),
    measures: list(measure),
    last: z
      .strictObject({ layers: list(count), values: list(number), differences: list(difference) })
      .nullable()
      .describe("the mean cosine after each run's own last layer"),
    families: list(family),
  },
});

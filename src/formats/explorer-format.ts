import { z } from "zod";
import { count, defineFormat, list, number, numberOrNull } from "./format.ts";

const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/);

const series = z.strictObject({
  name: z.string().describe("`network`, or the family that predicts"),
  label: z.string(),
  beta: numberOrNull,
  mean_cosine: list(numberOrNull).describe(
    "of the pairs i < j by row: the layers, then of the network the half-steps between every two, where they were measured; null where a layer was not predicted",
  ),
  kept: list(number).describe("share of squared length that the three directions keep, by row"),
  points: base64.describe("int16 / 32767, [rows][shown][3]: projection on the network's top three directions"),
  near: base64.describe("uint16, [rows][shown][6, or one less than shown]: nearest tokens, nearest first"),
  near_cosines: base64.describe("int16 / 32767, likewise: their inner products"),
  tree: base64.describe("uint16, [rows][shown − 1][2]: spanning tree of largest inner products, heaviest edge first"),
  tree_cosines: base64.describe("int16 / 32767, [rows][shown − 1]: their inner products"),
  histogram: base64.describe("uint16 / 65535, [rows][80]: shares of the pairs, equal bins on [−1, 1]"),
  gram: base64.describe(
    "int8 / 127, [rows][side (side + 1) / 2], rows from the diagonal on: means over blocks of tokens",
  ),
});

const text = z.strictObject({
  text: count.describe("its number among the run's texts"),
  name: z.string().nullable(),
  n: count.describe("tokens that were counted"),
  shown: count.describe("the first so many of them are here"),
  words: list(z.string()).nullable().describe("tokens as they read, with the spaces before them"),
  series: list(series).describe("the network, then what each family predicts"),
});

/** `explorer.json`. */
export const EXPLORER = defineFormat({
  name: "tokensphere/explorer",
  version: 1,
  file: "explorer.json",
  about:
    "What the report lets its reader explore: places, neighbours and clusters of tokens; integers as base64, little-endian.",
  remedy: "make the run again with this version",
  fields: {
    layers: list(count),
    texts: list(text),
    texts_left_out: count.describe("for want of room"),
  },
});

import { z } from "zod";
import { count, defineFormat, list, number } from "./format.ts";

/** `theory schemes`. */
export const SCHEMES_BY_LAYER = defineFormat({
  name: "tokensphere/random-layers",
  version: 1,
  file: "schemes.json",
  about: "Mean cosines of transformers with random weights, by scheme: lists run along layers, 0 being the start.",
  remedy: "run again with this version",
  fields: {
    n: count,
    d: count,
    beta: number,
    step: number,
    layers: count,
    copies: count,
    mlp: count.nullable().describe("hidden units after attention; null for attention alone"),
    seed: number,
    schemes: list(
      z.strictObject({
        scheme: z.string(),
        mean: list(number).describe("over the copies"),
        low: list(number).describe("5 % of the copies lie below"),
        high: list(number).describe("5 % of the copies lie above"),
      }),
    ),
  },
});

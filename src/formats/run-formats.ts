import { z } from "zod";
import { anything, count, defineFormat, hashedFile, list, number, numberOrNull, optional } from "./format.ts";

const REMEDY = "make the run again with this version";

/** A file of the run's own folder. */
const fileName = z.string().regex(/^[\w-]+\.(csv|json)$/);

/** How a preset's figure is drawn. */
const figure = z.looseObject({
  title: z.string(),
  contrast: z.string().default("with different numbers of heads").describe("what the readings differ in"),
  panels: list(count).describe("layers that get a panel"),
  x: z.tuple([number, number]).readonly().describe("limits of the drawn inner products"),
  diagonal: z.boolean().describe("whether a token's product with itself was counted"),
  trainedDepth: numberOrNull.describe("the last layer that was trained, where the readings go further"),
  remarks: list(z.string()),
});

/** One reading of the weights. */
const variant = z.looseObject({
  name: z.string(),
  label: z.string(),
  words: z.string().describe("what this network is"),
  metrics: fileName.describe("its measures"),
  histograms: fileName.describe("its histograms"),
  panels: optional(z.array(count).min(1).readonly()).describe("layers of its own that get a panel"),
});

const readings = z.looseObject({
  figure,
  variants: z.array(variant).min(1).readonly().describe("readings of the weights, the first of them the run's own"),
});

const stage = z.strictObject({
  stage: z.string(),
  seconds: number.min(0),
  peak_mb: number.min(0).describe("largest memory of the whole process up to the end of the stage"),
});

/** `manifest.json`. */
export const RUN = defineFormat({
  name: "tokensphere/run",
  version: 1,
  file: "manifest.json",
  about: "What a run was made from and how, so that it can be made again.",
  remedy: REMEDY,
  fields: {
    name: optional(z.string()).describe("what the user called it"),
    note: optional(z.string()).describe("the user's remark"),
    command: z.string(),
    arguments: anything.describe("the flags, those left out with their defaults"),
    created: z.string().describe("when it was measured; ISO 8601, UTC"),
    versions: z.record(z.string(), z.string()).readonly().describe("of tokensphere and Node that measured it"),
    drawn: optional(z.strictObject({ at: z.string(), tokensphere: z.string() })).describe(
      "when its report was drawn again, and by which version",
    ),
    seed: number,
    states: optional(hashedFile).describe("the file of states that was measured"),
    model: optional(anything).describe("the description that `inspect` gives"),
    texts: optional(list(anything)).describe("name, characters, positions, counted positions and tokens of each text"),
    policy: optional(anything).describe("policies of the measurement"),
    causal: optional(z.boolean()).describe(
      "true where no token saw what comes after it, as attention or another run showed; missing elsewhere",
    ),
    plugins: optional(list(hashedFile)).describe("plugin files that were loaded"),
    preset: optional(readings).describe(
      "what a preset set, what won over it, and the readings of the weights that it made",
    ),
    looped: optional(readings).describe(
      "how the network looped on beyond its own layers was read beside it, and drawn",
    ),
    stages: list(stage).describe("what each stage cost"),
    files: z
      .record(z.string(), z.string().regex(/^[0-9a-f]{64}$/))
      .readonly()
      .describe("SHA-256 of every other file of the folder"),
  },
});

const edges = z.array(number).min(2).readonly();

const layerHistogram = z.strictObject({
  layer: z.union([count, z.literal("final_norm")]),
  counts: list(number.min(0)).describe("one a bin, `[i, i+1)` of the edges, the last bin closed"),
  edges: optional(edges).describe("of its own, where inner products are no cosines and have no fixed range"),
});

const CHECKED = defineFormat({
  name: "tokensphere/histograms",
  version: 1,
  file: "histograms.json",
  about: "Counts of the inner products of token pairs on fixed edges, by text and layer.",
  remedy: REMEDY,
  fields: {
    edges: list(number).describe("increasing; empty where nothing was counted"),
    texts: list(z.strictObject({ text: count, n: count, d: count, layers: list(layerHistogram) })).describe(
      "n tokens of width d each",
    ),
  },
});

/** `histograms.json`. */
export const HISTOGRAMS = {
  ...CHECKED,
  schema: CHECKED.schema.superRefine(({ edges, texts }, context) => {
    for (const [t, { layers }] of texts.entries())
      for (const [l, { counts, edges: own = edges }] of layers.entries())
        if (counts.length !== own.length - 1) {
          const message = `Expected ${own.length - 1} values, one a bin, received ${counts.length}`;
          context.addIssue({ code: "custom", path: ["texts", t, "layers", l, "counts"], message });
        }
  }),
} as const;

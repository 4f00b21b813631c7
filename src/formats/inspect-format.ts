import { z } from "zod";
import { anything, count, defineFormat, hashedFile, list } from "./format.ts";

const name = z.string();
const value = z.looseObject({ name });
const norm = z.enum(["post", "pre"]);

/** `inspect.json`. */
export const INSPECT = defineFormat({
  name: "tokensphere/inspect",
  version: 1,
  file: "inspect.json",
  about: "What a model is made of, found without running it.",
  remedy: "inspect the model again with this version",
  fields: {
    model: z.string(),
    source: z.enum(["onnx", "checkpoint"]),
    sha256: z.string().describe("of the weights; of several files, of the lines that sha256sum prints for them"),
    files: list(hashedFile),
    overrides: anything.describe("what was asked for against what the files say"),
    layers: count,
    hidden_size: count.nullable(),
    norm,
    parallel: z.boolean(),
    shared_weights: z.boolean(),
    heads: count.nullable(),
    precision: z.string(),
    opset: count,
    producer: z.string(),
    inputs: list(value),
    outputs: list(value),
    streams: list(anything).describe("all streams of the file, with the input that each starts from"),
    stream: list(z.looseObject({ tensor: name })).describe("the tensor that holds each layer's state"),
    resid_mid: list(name.nullable()),
    attentions: list(list(name)),
    blocks: list(
      z.looseObject({
        block: count,
        branches: list(anything).describe("in the order in which they are added"),
        weights: z.string().nullable().describe("blocks with the same letter share theirs"),
        precision: z.string(),
        resid_mid: name.nullable(),
        attentions: list(name),
      }),
    ),
    notes: list(z.string()),
    warnings: list(z.string()),
  },
});

import { Option } from "@commander-js/extra-typings";
import { InvalidArgumentError } from "commander";
import type { ChunkPolicy } from "../../models/inputs/chunk-encoded.ts";
import type { Conflict } from "../command-line/conflicts.ts";
import type { OptionsOf } from "../command-line/options-of.ts";
import { repeatedOption } from "../command-line/repeated-option.ts";

/** What a model is given: texts, images or raw inputs. */
export const TEXTS = [
  repeatedOption("--text <text>", "a text; may be given more than once (- reads stdin)"),
  repeatedOption("--text-file <file>", "a file with one text; may be given more than once (- is stdin)"),
  new Option("--lines", "every line of a text file that is not empty is a text of its own"),
  new Option("--inputs <file>", "raw model inputs: JSON {name: {dtype, shape, data}} or .safetensors"),
  new Option("--truncate", "cut texts that are longer than the model's limit, where otherwise they are refused"),
  new Option(
    "--chunk <size[:overlap]>",
    "split longer texts into windows of that many tokens (max: as many as the model takes), each a text of its own",
  ).argParser(parseChunk),
  repeatedOption("--image <file>", "an image for a vision model; may be given more than once"),
] as const;

export type TextOptions = OptionsOf<typeof TEXTS>;

/** Flags that contradict each other, or that nothing would come of. */
export const TEXT_CONFLICTS: readonly Conflict<keyof TextOptions>[] = [
  {
    flags: ["truncate"],
    with: ["chunk"],
    says: "--truncate and --chunk: one cuts what the other keeps. give one of them",
  },
  {
    flags: ["image", "inputs"],
    with: ["chunk"],
    says: "--chunk and {flag}: only a text is split into windows. give one of them",
  },
  {
    flags: ["image", "inputs"],
    with: ["truncate"],
    says: "--truncate and {flag}: only a text is cut. give one of them",
  },
  {
    flags: ["inputs"],
    with: ["text", "textFile"],
    says: "--inputs and --text or --text-file: both say what is put in. give one of them",
  },
  {
    flags: ["image"],
    with: ["inputs", "text", "textFile"],
    says: "--image and --inputs, --text or --text-file: both say what is put in. give one of them",
  },
  {
    flags: ["lines"],
    without: ["textFile"],
    says: "--lines: only a text file has lines. add --text-file, or leave it out",
  },
];

/** Windows as `N`, `N:OVERLAP`, `max` or `max:OVERLAP`. */
function parseChunk(text: string): ChunkPolicy {
  const [, size, overlap = "0"] = /^(\d{1,9}|max)(?::(\d{1,9}))?$/.exec(text.trim()) ?? [];
  if (size === undefined || size === "0") {
    throw new InvalidArgumentError("--chunk wants tokens a window and, after a colon, of overlap: 512:64, max.");
  }
  return { size: size === "max" ? null : Number(size), overlap: Number(overlap) };
}

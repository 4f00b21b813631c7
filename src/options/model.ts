import { Option } from "@commander-js/extra-typings";
import { DTYPE_SUFFIXES } from "../../models/files/model-files.ts";
import { namesOf } from "../command-line/names-of.ts";
import { wholeOption } from "../command-line/number-options.ts";
import type { OptionsOf } from "../command-line/options-of.ts";

/** What is measured: a model, or states that were saved. */
export const MODEL_OR_STATES = {
  usage: "[model]",
  about:
    "hub id, folder, .onnx or .safetensors file (default: the bundled model); or saved states: run folder, .safetensors, .npz, .npy",
} as const;

/** The same, or runs that are put side by side. */
export const MODEL_STATES_OR_RUNS = {
  usage: "[model...]",
  about: `${MODEL_OR_STATES.about}; several runs: side by side`,
} as const;

/** Which file of a model runs, where it comes from, and what is changed in it before. */
export const MODEL = [
  new Option("--dtype <name>", "precision of the file to run, where a model has several (default: fp32)").choices(
    namesOf(DTYPE_SUFFIXES),
  ),
  new Option(
    "--providers <list>",
    "execution providers of ONNX Runtime, the first asked first, as cuda,cpu (default: cpu)",
  ).argParser((text) => text.split(",")),
  new Option("--revision <name>", "branch, tag or commit of a hub model (default: main)"),
  new Option("--local-files-only", "never ask the network: what the cache has, or an error"),
  new Option(
    "--stream <name>",
    "which of several streams is read: inspect lists them (default: the one with most attention)",
  ),
  wholeOption("--depth <number>", "number of blocks, where they share their weights", 1),
  wholeOption("--heads <number>", "number of attention heads; needs a checkpoint", 1),
  wholeOption("--random-init <seed>", "fresh weights in the place of the trained ones; needs config.json", 0),
  wholeOption("--shuffle-tokens <seed>", "permute each text's tokens, a control", 0),
] as const;

export type ModelOptions = OptionsOf<typeof MODEL>;

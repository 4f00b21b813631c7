import { existsSync, type Stats, statSync } from "node:fs";
import { basename, extname, join, resolve } from "node:path";
import { type HashedFile, hashFile, hashOfAll } from "../../models/arrays/hash-file.ts";
import { npyNames } from "../../models/arrays/npy-folder.ts";
import { ARRAY_EXTENSIONS, openArrays } from "../../models/arrays/open-arrays.ts";
import { TokensphereError } from "../../models/errors.ts";
import { type StoredStates, storedStates } from "../../models/states/read-hidden-states.ts";
import { namesStates } from "../../models/states/state-names.ts";
import type { PartialPolicy } from "../../probes/policy/policy.ts";
import type { Effects } from "../effects/effects.ts";
import { shownPath } from "../effects/shown-path.ts";
import { readFormat } from "../formats/read-format.ts";
import { RUN } from "../formats/run-formats.ts";
import type { Manifest } from "../run/manifest.ts";
import { RUN_FILES } from "../run/rows/run-files.ts";
import type { ModelBatch, StateSource } from "./state-source.ts";

/** Large batches are read in pieces of this many bytes of states. */
const PIECE = 2 ** 26;

/** What a run folder says of its texts, as far as it is used. */
interface RecordedText {
  readonly name?: string;
  readonly tokens?: readonly string[] | null;
}

/**
 * Opens states that were saved: those of a run folder, with the policy that it was measured under, or a file of any kind
 * that is read. The one way in for all commands.
 *
 * @throws TokensphereError `input` where there is no such file or folder, or it holds no states.
 */
export async function openStoredStates(effects: Effects, reference: string): Promise<StateSource> {
  const path = resolve(effects.cwd, reference);
  if (!existsSync(path)) {
    throw new TokensphereError("input", `no such run or file: ${reference}. give a run folder or a file of states`);
  }
  const arrays = await holdsArrays(path);
  const run = statSync(path).isDirectory() && !arrays ? path : null;
  const file = run === null ? path : join(run, RUN_FILES.states);
  if (run !== null && !existsSync(file)) {
    const what = `no ${RUN_FILES.states} in ${reference}`;
    const remedy = isRun(path)
      ? "run probe or compare again with --save-states"
      : "give a run that was made with --save-states, or a file of states";
    throw new TokensphereError("input", `${what}. ${remedy}`);
  }
  const { policy, texts, causal } = run === null ? { policy: {}, texts: [] } : recorded(join(run, RUN_FILES.manifest));
  return {
    kind: "states",
    name: reference,
    run,
    recorded: policy,
    ...(causal === undefined ? {} : { causal }),
    opened: null,
    extras: {},
    batches: () => namedBatches(effects, file, reference, texts),
    record: async () => ({
      arguments: { states: reference },
      states: arrays ? await hashArrays(path) : await hashFile(file),
    }),
    close: async () => undefined,
  };
}

/** What lies at a path; null where nothing can be read: no such file, a link to itself, a path through a file, a byte that no path has. */
function statOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null; // Whoever opens it says why.
  }
}

/** Ends of names that say states, or that no model is read from: opening says which. A pickle never runs. */
const NO_MODEL = new Set([...ARRAY_EXTENSIONS, ".pt", ".pth", ".pkl", ".pickle"]);

/**
 * Whether a reference names saved states rather than a model. A .safetensors file may hold either: its tensors decide. A
 * folder is a run where it holds saved states or a run's manifest, and no model.
 */
export async function isStoredStates(effects: Effects, reference: string): Promise<boolean> {
  const path = resolve(effects.cwd, reference);
  const extension = extname(path).toLowerCase();
  const found = statOf(path);
  if (found?.isDirectory()) return isRun(path) || (await holdsArrays(path));
  if (extension !== ".safetensors" || !found) return extension !== ".safetensors" && NO_MODEL.has(extension);
  const file = await openArrays(path).catch((error) => Promise.reject(shownPath(error, path, reference)));
  await file.close();
  return namesStates(file.names);
}

/** Whether a reference names a file or folder that is there and holds saved states or a run, whatever it is given to. */
export async function holdsStates(effects: Effects, reference: string): Promise<boolean> {
  const path = resolve(effects.cwd, reference);
  const isArray = new Set<string>(ARRAY_EXTENSIONS).has(extname(path).toLowerCase());
  if (!existsSync(path) || (!isArray && !statSync(path).isDirectory())) return false;
  return isStoredStates(effects, reference).catch(() => false); // A broken file: opening it as a model says so.
}

/** Whether a folder holds layers as .npy files of their own, and neither a run nor a model. */
async function holdsArrays(path: string): Promise<boolean> {
  return !isRun(path) && !isModel(path) && namesStates(await npyNames(path));
}

async function hashArrays(folder: string): Promise<HashedFile> {
  const files = await Promise.all((await npyNames(folder)).sort().map((name) => hashFile(join(folder, `${name}.npy`))));
  return { name: basename(folder), sha256: hashOfAll(files) };
}

function isModel(folder: string): boolean {
  return ["config.json", "model.onnx", "model.safetensors", "onnx"].some((name) => existsSync(join(folder, name)));
}

function isRun(folder: string): boolean {
  const has = (name: string): boolean => existsSync(join(folder, name));
  return !isModel(folder) && (has(RUN_FILES.states) || has(RUN_FILES.manifest));
}

/** The batches; what is wrong with the file is said of the file or run that the user named. */
async function* namedBatches(
  effects: Effects,
  file: string,
  reference: string,
  texts: readonly RecordedText[],
): AsyncGenerator<ModelBatch> {
  try {
    yield* batchesOf(effects, file, basename(reference), texts);
  } catch (error) {
    const inRun = basename(file) !== basename(reference);
    throw shownPath(error, file, inRun ? join(reference, basename(file)) : reference);
  }
}

async function* batchesOf(
  effects: Effects,
  file: string,
  name: string,
  texts: readonly RecordedText[],
): AsyncGenerator<ModelBatch> {
  let text = 0;
  for await (const stored of storedStates(file, PIECE, (message) => effects.say(`note: ${message}`))) {
    const { batch, layers, n, d } = stored.states;
    const numbers = layers.flatMap(({ layer }) => (layer === "final_norm" ? [] : [layer]));
    if (numbers.length < 2) throw oneLayer(file);
    if (n < 2) throw oneToken(file);
    if (text === 0) {
      effects.say(`note: ${name} holds hidden states of ${numbers.length} layers, d = ${d}: no model is run`);
      if (numbers[0] !== 0)
        effects.say(
          `note: no embedding (layer 0) in ${name}: layers are ${numbers[0]} to ${numbers.at(-1)}, and a fit starts at layer ${numbers[0]}`,
        );
    }
    const about = texts.slice(text, text + batch);
    effects.progress.update(stored.row / stored.rows, `reading ${name}`);
    const tokens = stored.states.tokens ?? recordedTokens(about, batch, n);
    yield { name, names: namesOf(stored, name, about), text: null, states: { ...stored.states, tokens } };
    text += batch;
  }
}

/** A run's texts keep their names; else rows are numbered as the file numbers them. */
function namesOf({ text, row, rows, states }: StoredStates, name: string, about: readonly RecordedText[]): string[] {
  const whole = text === null ? name : `${name} text ${text}`;
  return Array.from(
    { length: states.batch },
    (_, k) => about[k]?.name ?? (rows === 1 ? whole : `${whole} row ${row + k}`),
  );
}

function recordedTokens(
  about: readonly RecordedText[],
  batch: number,
  n: number,
): readonly (readonly string[])[] | null {
  const tokens = about.flatMap((text) => (Array.isArray(text.tokens) && text.tokens.length === n ? [text.tokens] : []));
  return tokens.length === batch ? tokens : null;
}

function recorded(manifest: string): {
  readonly policy: PartialPolicy;
  readonly texts: readonly RecordedText[];
  readonly causal?: boolean | undefined;
} {
  if (!existsSync(manifest)) return { policy: {}, texts: [] };
  const { policy = {}, texts = [], causal }: Manifest = readFormat(RUN, manifest);
  const { specialTokens, normalize, center } = policy as PartialPolicy;
  return { policy: { specialTokens, normalize, center }, texts, causal };
}

function oneToken(path: string): TokensphereError {
  const what = `not usable as hidden states: ${path}: one token a text, two are needed`;
  return new TokensphereError("input", `${what}. give states of texts with two tokens at least`);
}

function oneLayer(path: string): TokensphereError {
  const remedy = "give the embedding and the state after every block";
  return new TokensphereError(
    "input",
    `not usable as hidden states: ${path}: one layer only, two are needed. ${remedy}`,
  );
}

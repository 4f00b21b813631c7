import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { TokensphereError } from "../../models/errors.ts";
import type { Effects } from "../effects/effects.ts";
import { readsAsText } from "./other-than-text.ts";

/** Bytes that tell a text from a model. */
const HEAD = 4096;
/** A file of one of these ends is a model, or opening it says what it is. */
const MODEL_FILE = /\.(onnx|json|safetensors|bin|pth?|gguf|tflite|h5|ort|npy|npz)$/i;

/**
 * Refuses what is plainly given in the place of a model.
 *
 * @param revision - The one that was asked for.
 * @throws TokensphereError `usage` for a text, a file of text, and the revision of what is not of the hub.
 */
export function refuseReference(effects: Effects, reference: string | undefined, revision: string | undefined): void {
  const path = reference === undefined ? null : resolve(effects.cwd, reference);
  const there = path === null || existsSync(path);
  if (reference !== undefined && path !== null) refuseText(reference, path, there);
  // What was asked for would not be what is measured.
  if (revision === undefined || !there) return;
  const what = reference === undefined ? "the bundled model" : reference;
  throw new TokensphereError("usage", `--revision: ${what} is not of the hub. leave it out`);
}

/** A text in the place of a model is the most usual slip, its file the next. */
function refuseText(reference: string, path: string, there: boolean): void {
  if (there && !MODEL_FILE.test(reference) && readsAsText(headOf(path)))
    throw new TokensphereError("usage", `model: ${reference} holds text. a text's file wants --text-file before it`);
  if (there || !/\s/.test(reference.trim())) return;
  const start = reference.length > 40 ? `${reference.slice(0, 39)}…` : reference;
  throw new TokensphereError("usage", `model: no such file or folder: ${start}. a text wants --text before it`);
}

/** The first bytes of a file; none of what is no file, or cannot be read: opening it says why. */
function headOf(path: string): Uint8Array {
  try {
    if (!statSync(path).isFile()) return new Uint8Array(0);
    const file = openSync(path, "r");
    const head = new Uint8Array(HEAD);
    const size = readSync(file, head);
    closeSync(file);
    return head.subarray(0, size);
  } catch {
    return new Uint8Array(0);
  }
}

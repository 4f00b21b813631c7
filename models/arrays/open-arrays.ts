import { stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { TokensphereError } from "../errors.ts";
import type { ArrayFile } from "./array-file.ts";
import { openNpyFolder } from "./npy-folder.ts";
import { openNpz } from "./npz.ts";
import { openNpy } from "./open-npy.ts";
import { SAFETENSORS_TYPES } from "./safetensors-header.ts";
import { openSafetensors, viewAs } from "./safetensors-reader.ts";

/** Files of arrays by the ends of their names. */
const OPENERS: Readonly<Record<string, (path: string) => Promise<ArrayFile>>> = {
  ".npy": openNpy,
  ".npz": openNpz,
  ".safetensors": openTensors,
};

/** What a run folder's states are called. */
const RUN_STATES = "states.safetensors";

/** Ends of names that arrays are read from. */
export const ARRAY_EXTENSIONS: readonly string[] = Object.keys(OPENERS);

/**
 * Opens a file of arrays: .npy, .npz or .safetensors by its name; a run folder, or a folder of .npy files.
 *
 * @throws TokensphereError `input` for another name, a file that is missing, or one that is not what its name says.
 */
export async function openArrays(path: string): Promise<ArrayFile> {
  if (typeof path !== "string") {
    throw new TokensphereError("usage", `no path: ${typeof path}. give that of a file of arrays or of a folder`);
  }
  if ((await stat(path).catch(() => null))?.isDirectory()) {
    const saved = join(path, RUN_STATES);
    return (await stat(saved).catch(() => null))?.isFile() ? openTensors(saved) : openNpyFolder(path);
  }
  const open = OPENERS[extname(path).toLowerCase()];
  if (open) return open(path);
  const pickle = /\.(pt|pth|bin|pkl|pickle|ckpt)$/i.test(path) ? "a pickle is never read" : "no file of arrays";
  const remedy = "save states as .safetensors, .npz or .npy";
  throw new TokensphereError("input", `not usable as hidden states: ${path}: ${pickle}. ${remedy}`);
}

async function openTensors(path: string): Promise<ArrayFile> {
  const file = await openSafetensors(path);
  const entryOf = (name: string) => {
    const { type, shape, start } = file.tensors.get(name)!;
    return { ...SAFETENSORS_TYPES[type], type, shape, start };
  };
  return {
    path,
    names: [...file.tensors.keys()],
    metadata: file.metadata,
    async entry(name) {
      const { dtype, shape } = entryOf(name);
      return { dtype, shape, inParts: true };
    },
    async read(name, first, count) {
      const { dtype, type, bytes, start } = entryOf(name);
      const from = start + first * bytes;
      return { dtype, data: viewAs(type, await file.read(from, from + count * bytes)) };
    },
    strings: async () => [],
    close: file.close,
  };
}

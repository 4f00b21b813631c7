import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { ArrayFile } from "./array-file.ts";
import { openNpy } from "./open-npy.ts";

/** Names of the .npy files of a folder, without their ends. */
export async function npyNames(folder: string): Promise<string[]> {
  const files = await readdir(folder).catch(() => []);
  return files.filter((file) => file.endsWith(".npy")).map((file) => file.slice(0, -4));
}

/**
 * A folder of .npy files as one file of arrays, each under its file's name. One of them is open at a time.
 *
 * @throws TokensphereError `input`, its functions too, where a file is no .npy file.
 */
export async function openNpyFolder(folder: string): Promise<ArrayFile> {
  const names = await npyNames(folder);
  let open: { readonly name: string; readonly file: ArrayFile } | null = null;
  const fileOf = async (name: string): Promise<ArrayFile> => {
    if (open?.name !== name) {
      await open?.file.close();
      open = null;
      open = { name, file: await openNpy(join(folder, `${name}.npy`)) };
    }
    return open.file;
  };
  return {
    path: folder,
    names,
    metadata: {},
    entry: async (name) => (await fileOf(name)).entry(name),
    read: async (name, start, count) => (await fileOf(name)).read(name, start, count),
    strings: async (name) => (await fileOf(name)).strings(name),
    close: async () => open?.file.close(),
  };
}

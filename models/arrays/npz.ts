import { TokensphereError } from "../errors.ts";
import type { ArrayFile } from "./array-file.ts";
import { type FileBytes, openBytes } from "./file-bytes.ts";
import { decodeNpy, decodeStrings } from "./npy.ts";
import { parseNpyHeader } from "./npy-header.ts";
import type { RawTensor, TensorData } from "./raw-tensor.ts";
import { readZipDirectory, readZipEntry, readZipStart, type ZipEntry } from "./zip.ts";

/**
 * Opens what `numpy.savez` or `numpy.savez_compressed` wrote: a zip archive of .npy files, whose names without the end
 * are the arrays' names. The array read last is kept, one at a time.
 *
 * @throws TokensphereError `input` where the file is no such archive; so do its functions where an array is damaged.
 */
export async function openNpz(path: string): Promise<ArrayFile> {
  const file = await openBytes(path, ".npz");
  try {
    const entries = await npyEntries(file);
    const kept: { name?: string; array?: Omit<RawTensor, "shape"> } = {};
    return {
      path,
      names: [...entries.keys()],
      metadata: {},
      async entry(name) {
        const { dtype, shape } = parseNpyHeader(await readZipStart(file, found(entries, name)), `${path}: ${name}`);
        return { dtype, shape, inParts: false };
      },
      async read(name, start, count) {
        if (kept.name !== name) Object.assign(kept, { name, array: await readArray(file, found(entries, name)) });
        const { dtype, data } = kept.array as RawTensor;
        return { dtype, data: count === data.length ? data : (data.slice(start, start + count) as TensorData) };
      },
      async strings(name) {
        const bytes = await readZipEntry(file, found(entries, name));
        const header = parseNpyHeader(bytes, `${path}: ${name}`);
        return decodeStrings(header, bytes.subarray(header.dataStart), `${path}: ${name}`);
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readArray(file: FileBytes, entry: ZipEntry): Promise<RawTensor> {
  const bytes = await readZipEntry(file, entry);
  const where = `${file.path}: ${entry.name}`;
  const header = parseNpyHeader(bytes, where);
  return decodeNpy(header, bytes.subarray(header.dataStart), where);
}

async function npyEntries(file: FileBytes): Promise<Map<string, ZipEntry>> {
  const all = await readZipDirectory(file);
  const arrays = new Map<string, ZipEntry>();
  for (const [name, entry] of all) if (name.endsWith(".npy")) arrays.set(name.slice(0, -4), entry);
  if (arrays.size > 0) return arrays;
  const pickled = [...all.keys()].some((name) => name.endsWith("data.pkl"));
  const what = pickled ? "a pickle of torch.save, which is never read" : "an archive without arrays";
  throw new TokensphereError("input", `arrays cannot be read: ${file.path}: ${what}. save them with numpy.savez`);
}

/** Names come from the archive's own list. */
function found(entries: ReadonlyMap<string, ZipEntry>, name: string): ZipEntry {
  return entries.get(name) as ZipEntry;
}

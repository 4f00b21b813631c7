import { TokensphereError } from "../errors.ts";
import type { ArrayFile } from "./array-file.ts";
import { openBytes } from "./file-bytes.ts";
import { checkNothingBehind, decodeElements, decodeNpy } from "./npy.ts";
import { MOST_NPY_HEADER, parseNpyHeader } from "./npy-header.ts";
import { type RawTensor, sizeOf } from "./raw-tensor.ts";

/** What the one array of a .npy file is called: it has no name of its own. */
export const STACKED = "hidden_states";

/**
 * Opens what `numpy.save` wrote. A column-major array is turned around as a whole; of any other, parts are read.
 *
 * @throws TokensphereError `input` where the file is no .npy file or ends too early.
 */
export async function openNpy(path: string): Promise<ArrayFile> {
  const file = await openBytes(path, ".npy");
  try {
    const header = parseNpyHeader(await file.read(0, Math.min(file.size, MOST_NPY_HEADER)), path);
    const { dtype, shape, columnMajor, dataStart, itemBytes } = header;
    // Of pickled objects there is no telling how long they are; they are not read either.
    if (dtype !== "object" && dataStart + sizeOf(shape) * itemBytes > file.size) {
      throw new TokensphereError("input", `file is truncated: ${path}. write it again`);
    }
    if (dtype !== "object") checkNothingBehind(header, file.size - dataStart, path);
    let turned: RawTensor | null = null;
    return {
      path,
      names: [STACKED],
      metadata: {},
      entry: async () => ({ dtype, shape, inParts: !columnMajor }),
      async read(_, start, count) {
        if (columnMajor) {
          turned ??= decodeNpy(header, await file.read(dataStart, file.size), path);
          return { dtype, data: turned.data.slice(start, start + count) };
        }
        const from = dataStart + start * itemBytes;
        const bytes = await file.read(from, from + count * itemBytes);
        return { dtype, data: decodeElements(header, bytes, count, path) };
      },
      strings: async () => [],
      close: file.close,
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";

/** A file that was used, by its name and hexadecimal SHA-256. */
export interface HashedFile {
  readonly name: string;
  readonly sha256: string;
}

/** Hashes a file without holding it. */
export async function hashFile(path: string): Promise<HashedFile> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return { name: basename(path), sha256: hash.digest("hex") };
}

/** One hash for several files: that of a lone file, else of the lines `hash  name` that sha256sum prints. */
export function hashOfAll(files: readonly HashedFile[]): string {
  if (files.length === 1) return files[0].sha256;
  const lines = files.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join("");
  return createHash("sha256").update(lines).digest("hex");
}

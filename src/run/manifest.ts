import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { hashFile } from "../../models/arrays/hash-file.ts";
import type { Effects } from "../effects/effects.ts";
import { VERSION } from "../effects/version.ts";
import { RUN } from "../formats/run-formats.ts";
import { LOCK, RUN_FILES } from "./rows/run-files.ts";

/** What a run was made from and how, so that it can be made again. `manifest.json`. */
export type Manifest = z.infer<typeof RUN.schema>;

/** What the caller knows; a run that is drawn again knows when and by what it was made. */
type Given = Omit<Manifest, "format" | "version" | "created" | "versions" | "files"> &
  Partial<Pick<Manifest, "created" | "versions">>;

/** Fills in versions and the moment, where they are not given, and the hashes of the files that `folder` holds by now. */
export async function makeManifest(effects: Effects, folder: string, given: Given): Promise<Manifest> {
  return {
    format: RUN.name,
    version: 1,
    created: effects.date().toISOString(),
    versions: { tokensphere: VERSION, node: process.versions.node },
    ...given,
    files: await hashFiles(folder),
  };
}

async function hashFiles(folder: string): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  // A manifest that is there already is of an earlier drawing.
  const names = readdirSync(folder).filter((name) => name !== RUN_FILES.manifest && name !== LOCK);
  for (const name of names.sort()) {
    hashes[name] = (await hashFile(join(folder, name))).sha256;
  }
  return hashes;
}

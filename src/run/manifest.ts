import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type HashedFile, hashFile } from "../../models/arrays/hash-file.ts";
import type { Effects } from "../effects/effects.ts";
import { VERSION } from "../effects/version.ts";
import { RUN_FILES } from "./run-files.ts";
import type { StageCost } from "./stage-clock.ts";

/** What a run was made from and how, so that it can be made again. `manifest.json`. */
export interface Manifest {
  readonly format: "tokensphere/run";
  readonly version: 1;
  readonly command: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly created: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly seed: number;
  /** The file of states that was fitted. */
  readonly states?: HashedFile;
  readonly model?: Readonly<Record<string, unknown>>;
  readonly texts?: readonly Readonly<Record<string, unknown>>[];
  readonly policy?: Readonly<Record<string, unknown>>;
  /** The plugin files that were loaded. */
  readonly plugins?: readonly HashedFile[];
  /** What a preset set, what won over it, and the readings of the weights that it made. */
  readonly preset?: Readonly<Record<string, unknown>>;
  readonly stages: readonly StageCost[];
  /** sha256 of every other file of the folder. */
  readonly files: Readonly<Record<string, string>>;
}

type Given = Omit<Manifest, "format" | "version" | "created" | "versions" | "files">;

/** Fills in versions, the moment and the hashes of the files that `folder` holds by now. */
export async function makeManifest(effects: Effects, folder: string, given: Given): Promise<Manifest> {
  return {
    format: "tokensphere/run",
    version: 1,
    ...given,
    created: effects.date().toISOString(),
    versions: { tokensphere: VERSION, node: process.versions.node },
    files: await hashFiles(folder),
  };
}

async function hashFiles(folder: string): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  // A manifest that is there already is of an earlier drawing.
  const names = readdirSync(folder).filter((name) => name !== RUN_FILES.manifest);
  for (const name of names.sort()) {
    hashes[name] = (await hashFile(join(folder, name))).sha256;
  }
  return hashes;
}

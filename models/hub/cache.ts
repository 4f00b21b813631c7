import { copyFile, link, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { notWritable } from "./errors.ts";

/**
 * A model's folder in the cache, laid out as huggingface_hub does: `blobs/<etag>`, `snapshots/<commit>/<path>` as
 * relative links to blobs, `refs/<revision>` with the commit, `.no_exist/<commit>/<path>` for files known not to be.
 */
export function repositoryFolder(cache: string, id: string): string {
  return join(cache, `models--${id.replaceAll("/", "--")}`);
}

export function snapshotFolder(repository: string, commit: string): string {
  return join(repository, "snapshots", commit);
}

/** Whether a name stands for a commit wherever commits are named: hexadecimal, or nearly so on small servers. */
export function isCommit(name: unknown): name is string {
  return typeof name === "string" && /^\w{4,64}$/.test(name);
}

/** The commit of a revision as the cache knows it; null where it does not. */
export async function cachedCommit(repository: string, revision: string): Promise<string | null> {
  const named = await readFile(join(repository, "refs", revision), "utf8").catch(() => "");
  if (isCommit(named.trim())) return named.trim();
  const whole =
    /^[0-9a-f]{40}$/.test(revision) || (isCommit(revision) && (await exists(snapshotFolder(repository, revision))));
  return whole ? revision : null;
}

/** The paths of a snapshot's files, with `/`; links to blobs that are gone do not count. */
export async function cachedPaths(snapshot: string): Promise<string[]> {
  const names = await readdir(snapshot, { recursive: true }).catch(() => []);
  const paths: string[] = [];
  for (const name of names) {
    if ((await stat(join(snapshot, name)).catch(() => null))?.isFile()) paths.push(name.replaceAll("\\", "/"));
  }
  return paths;
}

/** Whether a file is known not to be in a commit. */
export function isKnownAbsent(repository: string, commit: string, path: string): Promise<boolean> {
  return exists(join(repository, ".no_exist", commit, path));
}

/** Keeps that files are not in a commit, so that nobody asks again. */
export async function recordAbsent(repository: string, commit: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) await write(join(repository, ".no_exist", commit, path), "");
}

/** Keeps which commit a branch or tag names. */
export async function recordRevision(repository: string, revision: string, commit: string): Promise<void> {
  if (revision !== commit) await write(join(repository, "refs", revision), commit);
}

/**
 * Puts a blob under its name in a snapshot by a relative link. Where the file system has none, a second name of the
 * same file, else a copy.
 */
export function linkBlob(blob: string, target: string): Promise<void> {
  return made(target, async (own) => {
    if (await exists(target)) return;
    await rm(own, { force: true });
    await symlink(relative(dirname(target), blob), own).catch((error) => withoutLinks(error, blob, own));
    await rename(own, target);
    await rm(own, { force: true }); // Two names of one file are not renamed into each other.
  });
}

/** Whoever else makes the same at once may be this often in between. */
const TRIES = 3;

/**
 * Makes a file by way of a name beside it, so that it is there whole or not at all, whoever else does the same. The name beside it is the
 * same for all: what a kill leaves under it goes with the next try.
 *
 * @throws TokensphereError `disk` where it cannot.
 */
async function made(target: string, work: (own: string) => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await mkdir(dirname(target), { recursive: true });
      return await work(`${target}.part`);
    } catch (error) {
      const crossed = ["ENOENT", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "");
      if (crossed && (await exists(target))) return; // Another one was faster, and made the same.
      if (!crossed || tries === TRIES) throw notWritable(target, error);
    }
  }
}

async function withoutLinks(error: NodeJS.ErrnoException, blob: string, target: string): Promise<void> {
  if (!["EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "UNKNOWN"].includes(error.code ?? "")) throw error;
  await link(blob, target).catch(() => copyFile(blob, target));
}

export async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

function write(path: string, text: string): Promise<void> {
  return made(path, async (own) => {
    await writeFile(own, text);
    await rename(own, path);
  });
}

import { createWriteStream } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { TokensphereError } from "./errors.ts";
import { chooseOnnx, type Dtype, filesInFolder, type ModelFiles, noModelFile } from "./model-files.ts";

/** What the hub part needs of its surroundings. */
export interface HubOptions {
  /** HF_HOME, HF_HUB_CACHE, HF_TOKEN, HF_ENDPOINT, HF_HUB_OFFLINE are honoured. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly dtype: Dtype;
  /** Told of each file before it is fetched. */
  readonly progress?: (message: string) => void;
}

const COMPANIONS = ["config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"];

/**
 * The files of a model on the hub: from the cache that huggingface_hub uses, else fetched into it.
 *
 * @throws TokensphereError `environment` where the model is not found, not reachable, or has no ONNX file.
 */
export async function hubFiles(id: string, options: HubOptions): Promise<ModelFiles> {
  const repo = join(cacheFolder(options.env), `models--${id.replace("/", "--")}`);
  const cached = await cachedSnapshot(repo, options.dtype);
  if (cached) return filesInFolder(cached, options.dtype);
  if (isOffline(options.env)) {
    const remedy = "unset HF_HUB_OFFLINE once to fetch it, or give a folder";
    throw new TokensphereError("environment", `model not on this machine: ${id}. ${remedy}`);
  }
  return filesInFolder(await fetchSnapshot(id, repo, options), options.dtype);
}

function cacheFolder(env: HubOptions["env"]): string {
  return env.HF_HUB_CACHE || join(env.HF_HOME || join(homedir(), ".cache", "huggingface"), "hub");
}

function isOffline(env: HubOptions["env"]): boolean {
  return /^(1|true|yes|on)$/i.test(env.HF_HUB_OFFLINE ?? "");
}

/** The snapshot of `main`, where it holds the model file asked for. */
async function cachedSnapshot(repo: string, dtype: Dtype): Promise<string | null> {
  const revision = await readFile(join(repo, "refs", "main"), "utf8").catch(() => null);
  if (revision === null) return null;
  const folder = join(repo, "snapshots", revision.trim());
  const paths = await readdir(folder, { recursive: true }).catch(() => []);
  return chooseOnnx(paths.map(slashed), dtype) === null ? null : folder;
}

/** Lists the files needed, fetches those that are missing, and only then names the snapshot. */
async function fetchSnapshot(id: string, repo: string, options: HubOptions): Promise<string> {
  const endpoint = (options.env.HF_ENDPOINT || "https://huggingface.co").replace(/\/+$/, "");
  const { revision, paths } = await listRepository(endpoint, id, options.env);
  const onnx = chooseOnnx(paths, options.dtype);
  if (onnx === null) throw noModelFile("environment", id, options.dtype, paths);
  const folder = join(repo, "snapshots", revision);
  const stem = onnx.replace(/\.onnx$/, "");
  const needed = paths.filter((path) => path === onnx || path.startsWith(`${onnx}_data`) || path === `${stem}.data`);
  for (const path of [...COMPANIONS.filter((name) => paths.includes(name)), ...needed]) {
    if (await stat(join(folder, path)).catch(() => null)) continue;
    options.progress?.(`fetching ${id}/${path}`);
    const url = `${endpoint}/${id}/resolve/${revision}/${path}`;
    await fetchFile(url, join(folder, path), id, options.env);
  }
  await recordRevision(repo, revision);
  return folder;
}

async function recordRevision(repo: string, revision: string): Promise<void> {
  try {
    await mkdir(join(repo, "refs"), { recursive: true });
    await writeFile(join(repo, "refs", "main"), revision);
  } catch (error) {
    throw notWritable(repo, error);
  }
}

async function listRepository(endpoint: string, id: string, env: HubOptions["env"]) {
  const response = await request(`${endpoint}/api/models/${id}/revision/main`, id, env);
  const { sha, siblings } = (await response.json().catch(() => ({}))) as { sha?: unknown; siblings?: unknown };
  const files = Array.isArray(siblings) ? siblings : [];
  const paths = files.map((file) => String((file as { rfilename?: unknown }).rfilename)).filter(isPlainPath);
  if (typeof sha !== "string" || !/^[\w]+$/.test(sha)) throw unreachable(id, "it did not answer as a model hub does");
  return { revision: sha, paths };
}

/** A path of a repository that stays inside the snapshot. */
function isPlainPath(path: string): boolean {
  return !path.startsWith("/") && !path.includes("\\") && !path.split("/").includes("..");
}

async function fetchFile(url: string, target: string, id: string, env: HubOptions["env"]): Promise<void> {
  const response = await request(url, id, env);
  const partial = `${target}.part`;
  try {
    await mkdir(dirname(target), { recursive: true });
    await pipeline(Readable.fromWeb(response.body as ReadableStream), createWriteStream(partial));
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw isDiskError(error) ? notWritable(target, error) : unreachable(id, "the transfer broke off", error);
  }
}

async function request(url: string, id: string, env: HubOptions["env"]): Promise<Response> {
  const headers: Record<string, string> = env.HF_TOKEN ? { authorization: `Bearer ${env.HF_TOKEN}` } : {};
  let response: Response;
  try {
    response = await fetch(url, { headers });
  } catch (error) {
    throw unreachable(id, "the hub cannot be reached", error);
  }
  if (response.ok) return response;
  if ([401, 403, 404].includes(response.status)) {
    const remedy = "check the name, or set HF_TOKEN for a private model";
    throw new TokensphereError("environment", `model not found on the hub: ${id}. ${remedy}`);
  }
  throw unreachable(id, `the hub answered ${response.status}`);
}

function unreachable(id: string, what: string, cause?: unknown): TokensphereError {
  const remedy = "check the network, or give a folder or a .onnx file";
  return new TokensphereError("environment", `model not fetched: ${id}: ${what}. ${remedy}`, { cause });
}

function isDiskError(error: unknown): boolean {
  return ["EACCES", "EPERM", "EROFS", "ENOSPC", "ENOTDIR", "EDQUOT"].includes(
    String((error as NodeJS.ErrnoException).code),
  );
}

function notWritable(path: string, cause: unknown): TokensphereError {
  const what = `cannot write ${path}: ${(cause as NodeJS.ErrnoException).code ?? "unknown error"}`;
  return new TokensphereError("disk", `${what}. make room, or set HF_HOME to a folder you can write to`, { cause });
}

function slashed(path: string): string {
  return path.replaceAll("\\", "/");
}

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { architectureOf } from "../checkpoints/architectures.ts";
import { overriddenPlan } from "../checkpoints/override-plan.ts";
import { option, TokensphereError } from "../errors.ts";
import { ADAPTER_CONFIG, adapterAlone, INDEX_FILE } from "../files/checkpoint-files.ts";
import { type Dtype, filesBeside, filesInFolder, isHubId, type ModelFiles } from "../files/model-files.ts";
import { needCheckpoint, type Overrides } from "../files/overrides.ts";
import {
  cachedCommit,
  cachedPaths,
  isKnownAbsent,
  recordAbsent,
  recordRevision,
  repositoryFolder,
  snapshotFolder,
} from "./cache.ts";
import { type HubClient, hubClient, type Listing, type Transfer } from "./client.ts";
import { type HubModel, shownModel } from "./errors.ts";
import { type HubPlan, planFiles, unusable, type Wanted } from "./plan.ts";
import type { Patience } from "./request.ts";
import { type Environment, type HubSettings, hubSettings } from "./settings.ts";

/** What the hub part needs of its surroundings. */
export interface HubOptions {
  /** HF_HOME, HF_HUB_CACHE, HF_TOKEN, HF_ENDPOINT, HF_HUB_OFFLINE are honoured. */
  readonly env: Environment;
  readonly dtype: Dtype;
  /** Branch, tag or commit; default `main`. */
  readonly revision?: string;
  /** Take what the cache holds and ask nobody; default false. */
  readonly localFilesOnly?: boolean;
  /** What is asked of the model: some of it only a checkpoint can serve. */
  readonly overrides?: Overrides;
  /** Told which files were chosen, and why. */
  readonly warn?: (message: string) => void;
  /** Told of each file before it is fetched. */
  readonly progress?: (message: string) => void;
  /** Told of the bytes as they come. */
  readonly transfer?: (transfer: Transfer) => void;
  /** How it waits between tries, and for bytes; default: by the clock, 20 s for bytes, 2 GB where no size is said. */
  readonly patience?: Partial<Patience>;
}

/** A hub that keeps large files says the size of each. */
const PATIENCE: Patience = { delay: (milliseconds) => setTimeout(milliseconds), stall: 20_000, unstated: 2e9 };
const TOKENIZER = ["tokenizer.json", "tokenizer_config.json"];
const COMPANIONS = ["config.json", ...TOKENIZER, "special_tokens_map.json", "preprocessor_config.json"];

/** A snapshot of the cache, and what of it can be used. */
interface Cached {
  readonly commit: string | null;
  readonly plan: HubPlan | null;
  /** Whether the hub need not be asked for more. */
  readonly whole: boolean;
  /** What is not there, for the message. */
  readonly missing: string;
}

/**
 * The files of a model on the hub. What the cache that huggingface_hub shares holds of the revision is taken as it is
 * and nobody is asked; else what is missing is fetched into it: the ONNX file where there is one that serves, else the
 * checkpoint, once config.json has shown that a graph can be built from it.
 *
 * @throws TokensphereError `environment` where the model is not found, gated, not reachable or not in the cache while
 *   offline; `input` for a repository that cannot be used; `disk` where the cache cannot be written.
 */
export async function hubFiles(id: string, options: HubOptions): Promise<ModelFiles> {
  const model = checkedModel(id, options.revision);
  const settings = await hubSettings(options.env);
  const wanted: Wanted = { dtype: options.dtype, need: needCheckpoint(options.overrides ?? {}) };
  const repository = repositoryFolder(settings.cache, id);
  const cached = await lookUp(repository, model, wanted);
  const offline = settings.offline || (options.localFilesOnly ?? false);
  const fromCache = (plan: HubPlan) => chosen(repository, model, cached.commit ?? "", plan, options);
  if (cached.plan && (cached.whole || offline)) return fromCache(cached.plan);
  if (offline) throw notCached(model, settings, cached.missing, options.localFilesOnly ?? false);
  const client = hubClient(model, settings, { ...PATIENCE, ...options.patience });
  try {
    const listing = await client.list();
    const plan = await fetchPlan(client, listing, model, repository, wanted, options);
    return await chosen(repository, model, listing.commit, plan, options);
  } catch (error) {
    if (cached.plan === null || !(error instanceof TokensphereError) || error.kind !== "environment") throw error;
    options.warn?.(`${error.message.split(". ")[0]}: the files in the cache are used`);
    return fromCache(cached.plan);
  }
}

function checkedModel(id: string, revision = "main"): HubModel {
  if (!isHubId(id)) throw new TokensphereError("input", `no model of the hub: ${id}. write owner/name`);
  const plain = /^\w[\w./+-]*$/.test(revision) && revision.split("/").every((part) => !/^\.{0,2}$/.test(part));
  if (plain && !revision.includes("..")) return { id, revision };
  throw new TokensphereError("usage", `revision: ${revision}. use a branch, a tag or a commit of ${id}`);
}

async function lookUp(repository: string, { revision }: HubModel, wanted: Wanted): Promise<Cached> {
  const commit = await cachedCommit(repository, revision);
  if (commit === null) return { commit, plan: null, whole: false, missing: `revision ${revision}` };
  const snapshot = snapshotFolder(repository, commit);
  const paths = await cachedPaths(snapshot);
  const plan = planFiles(paths, wanted, "the cache");
  if (plan === null) return { commit, plan, whole: false, missing: missingFiles(paths, wanted) };
  const gone = (await allFiles(snapshot, plan)).filter((path) => !paths.includes(path));
  if (gone.length > 0) return { commit, plan: null, whole: false, missing: gone.join(", ") };
  const settled = (path: string) =>
    paths.includes(`${plan.home}${path}`) || paths.includes(path) || isKnownAbsent(repository, commit, path);
  const companions = await Promise.all(["config.json", ...TOKENIZER].map(settled));
  const whole = companions.every(Boolean) || paths.includes("preprocessor_config.json");
  return { commit, plan, whole, missing: "" };
}

function missingFiles(paths: readonly string[], { dtype, need }: Wanted): string {
  const config = paths.includes("config.json") ? [] : ["config.json"];
  if (need === "random-init") return "config.json";
  const weights = need === null ? `an ONNX file of ${dtype}${dtype === "fp32" ? " or model.safetensors" : ""}` : "";
  return [...config, weights || "model.safetensors"].join(", ");
}

/** The files of a plan, and the shards that its index names, once that is there. */
async function allFiles(snapshot: string, { main, home, files }: HubPlan): Promise<readonly string[]> {
  if (main !== `${home}${INDEX_FILE}`) return files;
  const text = await readFile(join(snapshot, main), "utf8").catch(() => "");
  return [...files, ...shardsOf(text).map((name) => `${home}${name}`)];
}

/** Names of shards; an index that cannot be used is refused by whoever opens it. */
function shardsOf(index: string): string[] {
  try {
    const { weight_map: map } = JSON.parse(index) as { weight_map?: unknown };
    return [...new Set(Object.values(map as object).map(String))].sort();
  } catch {
    return [];
  }
}

/** Fetches config.json first, and the weights only where they can be used. */
async function fetchPlan(
  client: HubClient,
  { commit, paths }: Listing,
  { id, revision }: HubModel,
  repository: string,
  wanted: Wanted,
  { overrides = {}, progress, transfer }: HubOptions,
): Promise<HubPlan> {
  const plan = planFiles(paths, wanted, "the hub");
  const snapshot = snapshotFolder(repository, commit);
  if (plan === null) {
    if (paths.includes(ADAPTER_CONFIG)) await client.fetchFile(commit, ADAPTER_CONFIG, transfer);
    throw (await adapterAlone(snapshot, id)) ?? unusable(id, paths, wanted);
  }
  const have = new Set(await cachedPaths(snapshot));
  const fetchAll = async (files: readonly string[]) => {
    for (const path of files) {
      if (have.has(path)) continue;
      progress?.(`fetching ${id}/${path}`);
      await client.fetchFile(commit, path, transfer);
      have.add(path);
    }
  };
  const companions = [...new Set(["", plan.home])].flatMap((home) => COMPANIONS.map((name) => `${home}${name}`));
  await fetchAll(companions.filter((name) => paths.includes(name)));
  if (plan.source === "checkpoint") await checkBuildable(join(snapshot, plan.home, "config.json"), id, overrides);
  await fetchAll(plan.files);
  const shards = await allFiles(snapshot, plan);
  const lost = shards.find((path) => !paths.includes(path));
  if (lost !== undefined) {
    throw new TokensphereError("input", `a shard is not on the hub: ${id}: ${lost}. give another model or revision`);
  }
  await fetchAll(shards);
  const absent = COMPANIONS.filter((name) => !paths.includes(name));
  await recordAbsent(repository, commit, absent);
  await recordRevision(repository, revision, commit);
  return plan;
}

/** Refuses before gigabytes are fetched what would be refused after. */
async function checkBuildable(path: string, id: string, overrides: Overrides): Promise<void> {
  let config: Record<string, unknown>;
  try {
    config = { ...(JSON.parse(await readFile(path, "utf8")) as object) };
  } catch {
    throw new TokensphereError("input", `config cannot be used: ${path}: no JSON. give another model or revision`);
  }
  overriddenPlan(architectureOf(String(config.model_type ?? ""), id), config, path, overrides);
}

/** The files on disk; says which were chosen. */
async function chosen(
  repository: string,
  model: HubModel,
  commit: string,
  { source, main, home, why }: HubPlan,
  { dtype, warn }: HubOptions,
): Promise<ModelFiles> {
  warn?.(`${shownModel(model)}: ${source === "onnx" ? main : `the checkpoint, ${main}`} (${why}), commit ${commit}`);
  const snapshot = snapshotFolder(repository, commit);
  const fresh = main === `${home}config.json`;
  const inFolder = fresh || home !== ""; // A tokenizer may lie in the folder above that of the weights.
  const files = inFolder ? await filesInFolder(snapshot, dtype, fresh) : await filesBeside(join(snapshot, main));
  return { ...files, commit };
}

function notCached(model: HubModel, { cache, offline }: HubSettings, missing: string, localOnly: boolean) {
  const switches = [
    ...(offline ? ["unset HF_HUB_OFFLINE"] : []),
    ...(localOnly ? [`leave out ${option("localFilesOnly")}`] : []),
  ];
  const remedy = `${switches.join(" and ")} once to fetch it, or give a folder`;
  const what = `model not on this machine: ${shownModel(model)}: ${cache} has not ${missing}`;
  return new TokensphereError("environment", `${what}. ${remedy}`);
}

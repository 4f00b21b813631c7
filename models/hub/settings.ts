import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** Environment variables, as handed in. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where the hub is, where its files are kept, and who asks. */
export interface HubSettings {
  /** Without a slash at the end. */
  readonly endpoint: string;
  /** The folder that huggingface_hub calls HF_HUB_CACHE. */
  readonly cache: string;
  readonly token: string | null;
  /** Whether requests are forbidden by the environment. */
  readonly offline: boolean;
}

/**
 * The settings that huggingface_hub would read: HF_ENDPOINT; HF_HUB_CACHE, else `hub` in HF_HOME, else in
 * XDG_CACHE_HOME or `~/.cache`; HF_TOKEN, else the file HF_TOKEN_PATH or `token` in HF_HOME, unless
 * HF_HUB_DISABLE_IMPLICIT_TOKEN; HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE.
 */
export async function hubSettings(env: Environment): Promise<HubSettings> {
  const home = expand(env.HF_HOME || join(expand(env.XDG_CACHE_HOME || "~/.cache"), "huggingface"));
  return {
    endpoint: (env.HF_ENDPOINT || "https://huggingface.co").replace(/\/+$/, ""),
    cache: expand(env.HF_HUB_CACHE || env.HUGGINGFACE_HUB_CACHE || join(home, "hub")),
    token: await tokenOf(env, home),
    offline: isOn(env.HF_HUB_OFFLINE) || isOn(env.TRANSFORMERS_OFFLINE),
  };
}

async function tokenOf(env: Environment, home: string): Promise<string | null> {
  if (isOn(env.HF_HUB_DISABLE_IMPLICIT_TOKEN)) return null;
  const named = clean(env.HF_TOKEN || env.HUGGING_FACE_HUB_TOKEN || "");
  if (named !== "") return named;
  const stored = await readFile(expand(env.HF_TOKEN_PATH || join(home, "token")), "utf8").catch(() => "");
  return clean(stored) || null;
}

/** A header must not hold ends of lines, and a file often ends in one. */
function clean(token: string): string {
  return token.replace(/[\r\n]/g, "").trim();
}

function isOn(value: string | undefined): boolean {
  return /^(1|true|yes|on)$/i.test(value ?? "");
}

function expand(path: string): string {
  return path.replace(/^~(?=$|[\\/])/, () => homedir());
}

import { join } from "node:path";
import { TokensphereError } from "../errors.ts";
import { exists, isCommit, linkBlob, repositoryFolder, snapshotFolder } from "./cache.ts";
import { downloadBlob, removePartial } from "./download.ts";
import { type HubModel, refusal, shownModel, unreachable } from "./errors.ts";
import { listBody, type Patience, patientFetch } from "./request.ts";
import type { HubSettings } from "./settings.ts";

/** How far a file has come. */
export interface Transfer {
  /** The hub id. */
  readonly model: string;
  /** Path within the repository. */
  readonly file: string;
  /** Bytes that are there, those of an earlier try included. */
  readonly done: number;
  /** Bytes of the whole; null where the hub does not say. */
  readonly total: number | null;
}

/** A repository of the hub at one commit. */
export interface Listing {
  readonly commit: string;
  readonly paths: readonly string[];
}

/** Bytes of a list of files: a hundred times what any repository has. */
const MOST_LISTED = 32e6;

/** Asks the hub about one model. */
export interface HubClient {
  list(): Promise<Listing>;
  /** Fetches a file of a commit into the cache, if it is not there. */
  fetchFile(commit: string, path: string, transfer?: (transfer: Transfer) => void): Promise<void>;
}

/** The hub's routes for one model. Both functions throw TokensphereError `environment`, fetching also `disk`. */
export function hubClient(model: HubModel, settings: HubSettings, patience: Patience): HubClient {
  const { id, revision } = model;
  const { endpoint, token, cache } = settings;
  // Without identity the hub compresses small files, and their length and ETag are no longer those of the file.
  const headers = {
    "accept-encoding": "identity",
    "user-agent": "tokensphere",
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  };
  const get = (url: string, init: RequestInit): Promise<Response> =>
    patientFetch(url, { headers, ...init }, patience).catch((error) => {
      throw unreachable(model, "the hub cannot be reached", error);
    });
  const noHub = (cause?: unknown) => unreachable(model, "it did not answer as a model hub does", cause);

  /** The answer of the hub itself: a link to where large files lie bears the facts of the file and is not followed. */
  const head = async (url: string): Promise<Response> => {
    let at = url;
    for (let hops = 0; hops < 5; hops++) {
      const response = await get(at, { method: "HEAD", redirect: "manual" });
      const location = response.headers.get("location");
      if (location === null || response.headers.has("x-linked-etag")) return response;
      const next = new URL(location, at);
      if (next.origin !== new URL(at).origin) return response;
      at = next.href; // A model that was renamed.
    }
    throw noHub();
  };

  return {
    async list() {
      const response = await get(`${endpoint}/api/models/${id}/revision/${encodeURIComponent(revision)}`, {});
      if (!response.ok) throw refusal(response, model, settings);
      if (response.body === null) throw noHub();
      const body = await listBody(response.body, patience.stall, MOST_LISTED).catch((error) => {
        throw unreachable(model, `its list of files did not come: ${(error as Error).message}`, error);
      });
      const answer = listingIn(body);
      if (!isCommit(answer?.sha)) throw noHub();
      const siblings: unknown[] = Array.isArray(answer.siblings) ? answer.siblings : [];
      const names = siblings.map((file) => String((file as { rfilename?: unknown } | null)?.rfilename));
      return { commit: answer.sha, paths: names.filter(isPlainPath) };
    },

    async fetchFile(commit, path, transfer) {
      const repository = repositoryFolder(cache, id);
      const target = join(snapshotFolder(repository, commit), path);
      if (await exists(target)) return;
      const url = `${endpoint}/${id}/resolve/${commit}/${path.split("/").map(encodeURIComponent).join("/")}`;
      const facts = await head(url);
      if (facts.status >= 400) throw refusal(facts, model, settings);
      const etag = plainEtag(facts.headers);
      if (etag === null) throw noHub();
      const blob = join(repository, "blobs", etag);
      const size = sizeOf(facts);
      const progress = (done: number) => transfer?.({ model: id, file: path, done, total: size });
      if (!(await exists(blob))) {
        await downloadBlob({
          url,
          headers,
          blob,
          size,
          sha256: /^[0-9a-f]{64}$/.test(etag) ? etag : null,
          patience,
          progress,
          refused: (response) => refusal(response, model, settings),
          brokenOff: (cause) => unreachable(model, `the transfer of ${path} broke off again and again`, cause),
          endless: () => unstated(model, path, patience.unstated),
        });
      } else await removePartial(blob); // Of a try that was killed after it had named the whole.
      await linkBlob(blob, target);
    },
  };
}

function listingIn(body: Uint8Array): { readonly sha?: unknown; readonly siblings?: unknown } | null {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return null;
  }
}

/** The name of a blob: without quotes and the mark of a weak tag; null for what is no name of a file. */
function plainEtag(headers: Headers): string | null {
  const etag = (headers.get("x-linked-etag") ?? headers.get("etag") ?? "").replace(/^W\//, "").replace(/"/g, "");
  return /^\w[\w.-]*$/.test(etag) ? etag : null;
}

function sizeOf({ status, headers }: Response): number | null {
  const said = headers.get("x-linked-size") ?? (status === 200 ? headers.get("content-length") : null);
  return said !== null && /^\d+$/.test(said) ? Number(said) : null;
}

function unstated(model: HubModel, path: string, most: number): TokensphereError {
  const what = `${path} has no stated size and passes ${most} bytes`;
  const remedy = "what came of it is removed: fetch it by hand, and give the folder";
  return new TokensphereError("environment", `model not fetched: ${shownModel(model)}: ${what}. ${remedy}`);
}

/** A path of a repository that stays inside the snapshot. */
function isPlainPath(path: string): boolean {
  return /^[^/\\\0]/.test(path) && !/[\\\0:]/.test(path) && !path.split("/").some((part) => /^\.{0,2}$/.test(part));
}

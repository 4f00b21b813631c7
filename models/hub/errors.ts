import { TokensphereError } from "../errors.ts";
import type { HubSettings } from "./settings.ts";

/** A model of the hub at a revision: branch, tag or commit. */
export interface HubModel {
  readonly id: string;
  readonly revision: string;
}

/** `owner/name`, with the revision where it is not the usual one. */
export function shownModel({ id, revision }: HubModel): string {
  return revision === "main" ? id : `${id} at ${revision}`;
}

/** What to say of an answer that is a refusal; the hub names the reason in X-Error-Code. */
export function refusal(response: Response, model: HubModel, { endpoint, token }: HubSettings): TokensphereError {
  const { status } = response;
  const reason = response.headers.get("x-error-code") ?? "";
  const fail = (what: string, remedy: string) => new TokensphereError("environment", `${what}. ${remedy}`);
  const shown = shownModel(model);
  if (reason === "RevisionNotFound" || (status === 404 && reason === "" && model.revision !== "main")) {
    return fail(`revision not found on the hub: ${shown}`, "check the branch, tag or commit, and the name");
  }
  if (reason === "EntryNotFound") return fail(`file not found on the hub: ${response.url}`, "try again");
  if (reason === "GatedRepo" || status === 403) {
    const remedy = `accept its terms at ${endpoint}/${model.id}, then set HF_TOKEN to a token of that account`;
    return fail(`model is gated, or the token may not read it: ${shown}`, remedy);
  }
  if (status === 401 && token !== null && reason !== "RepoNotFound") {
    return fail(`the hub refused the token: ${shown}`, "set HF_TOKEN to a valid one, or take the old one away");
  }
  if (status === 401) {
    const remedy = "check the name, or set HF_TOKEN to a token that may read it";
    return fail(`model not found on the hub, or private: ${shown}`, remedy);
  }
  if (status === 404) {
    return fail(`model not found on the hub: ${shown}`, "check the name, or set HF_TOKEN for a private model");
  }
  return unreachable(model, answered(response));
}

function answered({ status, headers }: Response): string {
  const later = headers.get("retry-after");
  if (status === 429) return `the hub has had too many requests (429)${later ? `, and asks to wait ${later} s` : ""}`;
  return `the hub answered ${status}`;
}

/** What to say where the hub gives no usable answer. */
export function unreachable(model: HubModel, what: string, cause?: unknown): TokensphereError {
  const remedy = "check the network and try again: what is fetched is kept; or give a folder or a .onnx file";
  return new TokensphereError("environment", `model not fetched: ${shownModel(model)}: ${what}. ${remedy}`, { cause });
}

/** What to say of bytes that are not those the hub names. */
export function wrongBytes(file: string, found: string, expected: string): TokensphereError {
  const what = `wrong bytes fetched: ${file} has sha256 ${found}, the hub says ${expected}`;
  const remedy = "they are removed: try again, and if that fails too, ask what lies between: a mirror or a proxy";
  return new TokensphereError("environment", `${what}. ${remedy}`);
}

export function isDiskError(error: unknown): boolean {
  const codes = ["EACCES", "EPERM", "EROFS", "ENOSPC", "ENOTDIR", "EDQUOT", "EISDIR", "ENAMETOOLONG"];
  return codes.includes(String((error as NodeJS.ErrnoException).code));
}

/** What to say where the cache cannot be written. */
export function notWritable(path: string, cause: unknown): TokensphereError {
  const what = `cannot write ${path}: ${(cause as NodeJS.ErrnoException).code ?? "unknown error"}`;
  return new TokensphereError("disk", `${what}. make room, or set HF_HOME to a folder you can write to`, { cause });
}

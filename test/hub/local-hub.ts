import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A repository as the hub holds it; names of `large` files are kept by their SHA-256 on another server. */
export interface Repository {
  readonly commit: string;
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** Branches and tags besides `main`. */
  readonly refs?: readonly string[];
  readonly large?: readonly string[];
  /** Of large files no size is said. */
  readonly unstated?: boolean;
  /** The ETag of every small file, in the place of git's id. */
  readonly etag?: string;
  /** The id under which it lies now. */
  readonly movedTo?: string;
}

/** One request as it came in. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly range: string;
  readonly token: string;
  /** Whether it came to where large files lie. */
  readonly store: boolean;
}

type Answer = (request: IncomingMessage, response: ServerResponse, bytes: Uint8Array) => void | Promise<void>;

/** The hub's routes on this machine: `endpoint` for its pages and small files, a second port for large ones. */
export interface LocalHub {
  readonly endpoint: string;
  readonly asked: Asked[];
  readonly repositories: Map<string, Repository>;
  /** Answers the next GETs of a path that ends so in another way, each once. */
  misbehave(path: string, ...answers: Answer[]): void;
  close(): Promise<void>;
}

export const sha256 = (bytes: string | Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
/** The id that git gives a file: the ETag of small ones. */
export const gitId = (bytes: string | Uint8Array): string =>
  createHash("sha1")
    .update(`blob ${Buffer.from(bytes).length}\0`)
    .update(bytes)
    .digest("hex");

export async function startHub(): Promise<LocalHub> {
  const asked: Asked[] = [];
  const repositories = new Map<string, Repository>();
  const odd: { readonly path: string; readonly answer: Answer }[] = [];
  const blobs = new Map<string, Uint8Array>();

  const listen = async (
    handle: (request: IncomingMessage, response: ServerResponse, path: string) => void,
    store = false,
  ) => {
    const server = createServer((request, response) => {
      const { method = "", url = "", headers } = request;
      const path = decodeURIComponent(url);
      asked.push({ method, path, range: headers.range ?? "", token: headers.authorization ?? "", store });
      handle(request, response, path);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  };

  /** The bytes asked for, unless a test wants something else. */
  const send = (request: IncomingMessage, response: ServerResponse, file: string, bytes: Uint8Array) => {
    const at = request.method === "GET" ? odd.findIndex(({ path }) => file.endsWith(path)) : -1;
    if (at >= 0) return void odd.splice(at, 1)[0].answer(request, response, bytes);
    sendBytes(request, response, bytes);
  };

  const store = await listen((request, response, path) => {
    const [, digest, name] = /^\/store\/(\w+)\/(.*)$/.exec(path) ?? [];
    const bytes = blobs.get(digest);
    if (bytes) send(request, response, name, bytes);
    else response.writeHead(404).end();
  }, true);

  const pages = await listen((request, response, path) => {
    const api = /^\/api\/models\/(.+)\/revision\/(.+)$/.exec(path);
    const [, id, revision, file] = api ?? /^\/(.+)\/resolve\/(\w+)\/(.+)$/.exec(path) ?? [];
    const repository = repositories.get(id);
    if (!repository) return fail(response, 401, "RepoNotFound");
    if (repository.movedTo !== undefined) {
      return void response.writeHead(307, { Location: path.replace(id, repository.movedTo) }).end();
    }
    if (![repository.commit, "main", ...(repository.refs ?? [])].includes(revision))
      return fail(response, 404, "RevisionNotFound");
    if (api) return send(request, response, path, Buffer.from(listing(repository)));
    const content = repository.files[file];
    if (content === undefined) return fail(response, 404, "EntryNotFound");
    const bytes = Buffer.from(content);
    response.setHeader("X-Repo-Commit", repository.commit);
    if (!repository.large?.includes(file)) {
      response.setHeader("ETag", `"${repository.etag ?? gitId(bytes)}"`);
      return send(request, response, file, bytes);
    }
    const digest = sha256(bytes);
    blobs.set(digest, bytes);
    const size = repository.unstated ? {} : { "X-Linked-Size": bytes.length };
    const headers = { "X-Linked-Etag": `"${digest}"`, ...size, ETag: '"of the link"' };
    response.writeHead(302, { ...headers, Location: `${store.origin}/store/${digest}/${file}` }).end("Found");
  });

  return {
    endpoint: pages.origin,
    asked,
    repositories,
    misbehave: (path, ...answers) => void odd.push(...answers.map((answer) => ({ path, answer }))),
    close: async () => void (await Promise.all([stop(pages.server), stop(store.server)])),
  };
}

/** An answer cut after some bytes: the connection drops. */
export function dropAfter(count: number): Answer {
  return (request, response, bytes) => {
    const from = startOf(request);
    const headers = {
      "Content-Length": bytes.length - from,
      "Content-Range": `bytes ${from}-${bytes.length - 1}/${bytes.length}`,
    };
    response.writeHead(from > 0 ? 206 : 200, headers);
    response.write(bytes.subarray(from, from + count), () => setTimeout(() => response.destroy(), 20));
  };
}

/** An answer that ends in silence after some bytes. */
export function stallAfter(count: number): Answer {
  return (_, response, bytes) => {
    response.writeHead(200, { "Content-Length": bytes.length });
    response.write(bytes.subarray(0, count));
  };
}

/** The same again and again, every so many milliseconds, until nobody listens. */
export function endless(text: string, milliseconds: number): Answer {
  return (_, response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write(text), milliseconds);
    response.once("close", () => clearInterval(timer));
  };
}

/** No answer. */
export const silent: Answer = () => undefined;

/** An answer without content. */
export function status(code: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return (_, response) => void response.writeHead(code, headers).end();
}

/** The right length, the wrong bytes. */
export const damaged: Answer = (request, response, bytes) =>
  sendBytes(
    request,
    response,
    bytes.map((byte) => byte ^ 1),
  );
/** Piece by piece, so that others come in between. */
export const slowly: Answer = async (request, response, bytes) => {
  const from = startOf(request);
  const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
  response.writeHead(from > 0 ? 206 : 200, { "Content-Length": bytes.length - from, "Content-Range": range });
  for (let at = from; at < bytes.length; at += 500) {
    response.write(bytes.subarray(at, at + 500));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  response.end();
};
/** All of it, whatever range was asked for. */
export const ignoreRange: Answer = (_, response, bytes) => void response.writeHead(200).end(bytes);

function sendBytes(request: IncomingMessage, response: ServerResponse, bytes: Uint8Array): void {
  const from = startOf(request);
  const part = { "Content-Range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` };
  const headers = { "Accept-Ranges": "bytes", "Content-Length": bytes.length - from, ...(from > 0 ? part : {}) };
  response.writeHead(from > 0 ? 206 : 200, headers).end(request.method === "HEAD" ? undefined : bytes.subarray(from));
}

function startOf({ headers }: IncomingMessage): number {
  return Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0);
}

function fail(response: ServerResponse, code: number, reason: string): void {
  response.writeHead(code, { "X-Error-Code": reason }).end(JSON.stringify({ error: reason }));
}

function listing({ commit, files }: Repository): string {
  return JSON.stringify({ sha: commit, siblings: Object.keys(files).map((rfilename) => ({ rfilename })) });
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => void server.close(() => resolve()));
}

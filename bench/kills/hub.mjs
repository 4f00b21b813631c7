// A hub of one model, the bundled one, whose files come slowly.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const NAMES = ["config.json", "model.safetensors"];
/** Pieces of a file, and milliseconds between them. */
const [PIECES, PAUSE] = [40, 20];

const read = (name) => readFileSync(fileURLToPath(new URL(`../../models/bundled/${name}`, import.meta.url)));
const hash = (bytes) => createHash("sha256").update(bytes).digest("hex");

export async function startHub() {
  const files = new Map(NAMES.map((name) => [name, read(name)]));
  const server = createServer((request, response) => {
    if (request.url.startsWith("/api/")) {
      const siblings = NAMES.map((rfilename) => ({ rfilename }));
      return void response.end(JSON.stringify({ sha: COMMIT, siblings }));
    }
    const bytes = files.get(NAMES.find((name) => request.url.endsWith(`/${name}`)));
    if (bytes === undefined) return void response.writeHead(404).end();
    sendSlowly(request, response, bytes);
  });
  await new Promise((resolve) => void server.listen(0, "127.0.0.1", () => resolve(null)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { endpoint: `http://127.0.0.1:${port}`, close: () => server.close() };
}

function sendSlowly(request, response, bytes) {
  const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
  response.writeHead(from > 0 ? 206 : 200, {
    ETag: `"${hash(bytes)}"`,
    "Content-Length": bytes.length - from,
    ...(from > 0 ? { "Content-Range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
  });
  if (request.method === "HEAD") return void response.end();
  const step = Math.ceil(bytes.length / PIECES);
  let at = from;
  const timer = setInterval(() => {
    response.write(bytes.subarray(at, at + step));
    at += step;
    if (at < bytes.length) return;
    clearInterval(timer);
    response.end();
  }, PAUSE);
  response.once("close", () => clearInterval(timer));
}

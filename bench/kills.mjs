// Kills compare, sweep and download at random moments, starts the same command again, and looks whether anything half-written stands
// under a whole one's name, anything stays behind, and whether what comes of it is what comes without a kill.
//
//     node bench/kills.mjs [--kills 100] [--seed 1] [--commands compare,sweep,download] [--docs]
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { randomSource } from "../dist/models/random.js";
import { putIntoDocs } from "./put-into-docs.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const CLI = join(ROOT, "dist/src/cli.js");
const { values: options } = parseArgs({
  options: {
    kills: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    commands: { type: "string", default: "compare,sweep,download" },
    docs: { type: "boolean", default: false },
  },
});
const random = randomSource(Number(options.seed));
const work = mkdtempSync(join(tmpdir(), "tokensphere-kills-"));
const HOME = join(work, "hub");

/** A hub of one model, the bundled one's configuration with a large file beside it, which comes slowly. */
async function startHub() {
  const files = {
    "config.json": readFileSync(join(ROOT, "models/bundled/config.json")),
    "model.safetensors": readFileSync(join(ROOT, "models/bundled/model.safetensors")),
  };
  const hash = (bytes) => createHash("sha256").update(bytes).digest("hex");
  const server = createServer((request, response) => {
    const name = Object.keys(files).find((file) => request.url.endsWith(`/${file}`));
    if (request.url.startsWith("/api/")) {
      const siblings = Object.keys(files).map((rfilename) => ({ rfilename }));
      return void response.end(JSON.stringify({ sha: "0123456789abcdef0123456789abcdef01234567", siblings }));
    }
    if (!name) return void response.writeHead(404).end();
    const bytes = files[name];
    const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
    response.writeHead(from > 0 ? 206 : 200, {
      ETag: `"${hash(bytes)}"`,
      "Content-Length": bytes.length - from,
      ...(from > 0 ? { "Content-Range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
    });
    if (request.method === "HEAD") return void response.end();
    const step = Math.ceil(bytes.length / 40);
    let at = from;
    const timer = setInterval(() => {
      response.write(bytes.subarray(at, at + step));
      at += step;
      if (at < bytes.length) return;
      clearInterval(timer);
      response.end();
    }, 20);
    response.once("close", () => clearInterval(timer));
  });
  await new Promise((resolve) => void server.listen(0, "127.0.0.1", () => resolve(null)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { endpoint: `http://127.0.0.1:${port}`, close: () => server.close() };
}

/** What is killed: its command line, where it writes, and what of that says the same whenever it was written. */
const COMMANDS = {
  compare: {
    args: [
      "compare",
      join(ROOT, "examples/states.npz"),
      ..."--bootstrap 0 --families sa --time linear --no-updates --save-states".split(" "),
    ],
    result: (folder) => hashes(folder, (name) => /\.(csv|svg|png|safetensors)$/.test(name)),
  },
  sweep: {
    args: "sweep --dynamics sa --n 6 --d 3 --betas 1,2,3,4,5,6 --times 0,1,2,4 --seeds 60 --workers 2".split(" "),
    result: (folder) => hashes(folder, () => true),
  },
  download: {
    args: ["inspect", "owner/model", "--json"],
    result: () => hashes(HOME, () => true),
  },
};

function hashes(folder, isTold) {
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
  const files = names.filter((name) => isTold(name) && statSync(join(folder, name)).isFile());
  const hash = (name) =>
    createHash("sha256")
      .update(readFileSync(join(folder, name)))
      .digest("hex");
  return Object.fromEntries(files.sort().map((name) => [name, hash(name)]));
}

/** Ends a command after some milliseconds, or lets it come to its end. */
function run(name, out, env, kill) {
  const place = name === "download" ? [] : ["--out", out];
  const child = spawn(process.execPath, [CLI, ...COMMANDS[name].args, ...place, "-q"], {
    cwd: work,
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said = [];
  child.stderr.on("data", (text) => said.push(String(text)));
  const timer = kill && setTimeout(() => child.kill(kill.signal), kill.after);
  const begin = performance.now();
  return new Promise((resolve) => {
    // Once the work too is gone: it holds the other end of its talk.
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code: code ?? signal, ms: performance.now() - begin, said: said.join("").trim() });
    });
  });
}

/** What a kill leaves that no whole run would: by its name. */
function halfWritten(folder, whole) {
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
  return names.filter((name) => statSync(join(folder, name)).isFile() && !(name in whole));
}

const hub = await startHub();
const env = { HF_ENDPOINT: hub.endpoint, HF_HOME: HOME };
const rows = [];
const faults = [];
try {
  const names = options.commands.split(",");
  for (const name of names) {
    const { result } = COMMANDS[name];
    const clean = () => {
      for (const one of readdirSync(work)) rmSync(join(work, one), { recursive: true, force: true });
    };
    const first = await run(name, "whole", env);
    if (first.code !== 0) throw new Error(`${name}: ${first.said}`);
    const wanted = result(join(work, "whole"));
    const every = hashes(name === "download" ? HOME : join(work, "whole"), () => true);
    const row = {
      name,
      seconds: first.ms / 1000,
      files: Object.keys(wanted).length,
      kills: 0,
      late: 0,
      interrupts: 0,
      parts: 0,
      wrong: 0,
      left: 0,
      differ: 0,
      slowest: 0,
    };
    const kills = Math.ceil(Number(options.kills) / names.length);
    clean();
    for (let k = 0; k < kills; k++) {
      const signal = k % 4 === 3 ? "SIGINT" : "SIGKILL";
      const after = random() * first.ms * 1.05;
      const killed = await run(name, "out", env, { signal, after });
      row.kills++;
      if (killed.code === 0) row.late++;
      if (signal === "SIGINT" && killed.code !== 0) {
        row.interrupts++;
        row.slowest = Math.max(row.slowest, killed.ms - after);
      }
      const out = name === "download" ? HOME : join(work, "out");
      // A name that a whole run has stands for a whole file: the tables of a sweep may be shorter, never cut.
      const found = hashes(out, (file) => file in every);
      const cut = Object.entries(found).filter(([file, hash]) => hash !== every[file] && !isWhole(join(out, file)));
      row.wrong += cut.length;
      if (name !== "download" && signal === "SIGINT" && killed.code !== 0) row.left += leftOver().length;
      row.parts += halfWritten(out, every).length;
      // Three kills one on top of the other, then an end: what is left of the first two must not be in the way.
      // A kill after the last write, whatever the exit code says: all is there.
      const isThere = () => Object.entries(wanted).every(([file, hash]) => result(out)[file] === hash);
      const done = isThere();
      if (!done && k % 3 < 2 && k < kills - 1) continue;
      const again = await run(name, "out", env);
      const differs = (again.code !== 0 && !done) || !isThere();
      if (differs) row.differ++;
      const left = [...leftOver(), ...halfWritten(out, every)];
      row.left += left.length;
      if (cut.length > 0 || differs || left.length > 0) {
        const which = Object.keys(wanted).filter((file) => result(out)[file] !== wanted[file]);
        faults.push(
          `${name} ${signal} at ${after.toFixed(0)} ms: cut ${cut.map(([file]) => file)}; left ${left}; differ ${which}; then ${again.code} ${again.said}`,
        );
        process.stderr.write(`${faults.at(-1)}\n`);
      }
      clean();
      process.stderr.write(`${JSON.stringify(row)}\n`);
    }
    rows.push(row);
  }
} finally {
  hub.close();
  rmSync(work, { recursive: true, force: true });
}

/** Drafts and claims beside the folders. */
function leftOver() {
  const names = readdirSync(work, { recursive: true, encoding: "utf8" });
  return names.filter((name) => /\.(draft|old|part|lock)$/.test(name));
}

/** A file of ours that is no beginning of one. */
function isWhole(path) {
  const text = readFileSync(path, "utf8");
  if (path.endsWith(".json")) {
    try {
      return Boolean(JSON.parse(text));
    } catch {
      return false;
    }
  }
  return path.endsWith(".html") ? text.trimEnd().endsWith("</html>") : false;
}

const lines = [
  "| command | seconds | kills | of them Ctrl-C | slowest answer to it, s | after the end | a name with a cut file | left after the next start | result differs |",
  "|---|---|---|---|---|---|---|---|---|",
  ...rows.map(
    (r) =>
      `| ${[r.name, r.seconds.toFixed(1), r.kills, r.interrupts, (r.slowest / 1000).toFixed(2), r.late, r.wrong, r.left, r.differ].join(" | ")} |`,
  ),
];
console.log(lines.join("\n"));
for (const fault of faults) console.log(fault);
if (options.docs) putIntoDocs("kills", lines, "faults.md");
process.exitCode = faults.length > 0 ? 1 : 0;

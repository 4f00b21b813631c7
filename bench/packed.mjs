// Installs the packed file as a user does, in an empty folder with nothing but the package registry, and tries what README promises of it:
// the command line, import and require of every entry, a text through the tokenizers' library; then the same without onnxruntime-web.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "tokensphere-packed-"));
const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip", HF_HUB_OFFLINE: "1" };
const { exports: doors } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const OVERRIDES = overridesInReadme();

/** What README tells users to write, so that it is this that is tried. */
function overridesInReadme() {
  const [, json] = /```json\n(\{ "overrides".*?)\n```/s.exec(readFileSync(join(ROOT, "README.md"), "utf8")) ?? [];
  return JSON.parse(json);
}

/** A program's output; on Windows npm is a script of the shell. */
function call(program, ...args) {
  return execFileSync(program, args, { cwd: folder, env, encoding: "utf8", shell: process.platform === "win32" });
}

function install(more = {}) {
  const own = { private: true, dependencies: { tokensphere: `file:${packed}` }, ...more };
  writeFileSync(join(folder, "package.json"), JSON.stringify(own));
  call("npm", "install", "--no-audit", "--no-fund", "--loglevel=error");
}

/** Tries all of it; each line is a promise that held. */
function tried() {
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  equal(call("npx", "tokensphere", "--version").trim(), version, "npx tokensphere --version");
  for (const door of Object.keys(doors).filter((name) => !name.endsWith(".json"))) {
    const name = `tokensphere${door.slice(1)}`;
    const count = (code) => Number(call(process.execPath, "--input-type=module", "-e", code));
    const imported = count(`console.log(Object.keys(await import("${name}")).length)`);
    const required = `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`;
    // An index that is required has one name more, __esModule, or none.
    const named = count(
      `${required} console.log(Object.keys(require("${name}")).filter((k) => k !== "__esModule").length)`,
    );
    equal(named, imported, `import and require of ${name}`);
  }
  call("npx", "tokensphere", "probe", "--text", "Call me Ishmael.", "--out", "run", "--force", "-q");
  equal(readdirSync(join(folder, "run")).includes("report.html"), true, "a text through the bundled model");
}

function equal(found, wanted, what) {
  if (found !== wanted) throw new Error(`${what}: ${found} in the place of ${wanted}`);
  console.log(`  ${what}`);
}

function megabytes(path) {
  const names = readdirSync(path, { recursive: true, encoding: "utf8" });
  const sizes = names.map((name) => statSync(join(path, name), { throwIfNoEntry: false })?.size ?? 0);
  return Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1e6);
}

let packed = "";
try {
  const told = execFileSync("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], {
    cwd: ROOT,
    encoding: "utf8",
  });
  packed = join(folder, JSON.parse(told.slice(told.indexOf("[")))[0].filename);
  for (const [how, more] of Object.entries({ "as it comes": {}, "with README's overrides": OVERRIDES })) {
    install(more);
    console.log(`${how}: ${megabytes(join(folder, "node_modules"))} MB`);
    tried();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

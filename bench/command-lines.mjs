// Runs every command line of README and the docs as it stands, in a folder of its own: npm run build && node bench/command-lines.mjs [README.md …]
// Prints exit code and seconds. Lines that name their reader's own files or a model of the hub are left out; all of them take an hour or more.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const docs = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md") && name !== "arrivals.md");
const pages = process.argv.length > 2 ? process.argv.slice(2) : ["README.md", ...docs.map((name) => `docs/${name}`)];
const cwd = mkdtempSync(join(tmpdir(), "tokensphere-lines-"));
for (const name of ["examples", "models"]) symlinkSync(join(root, name), join(cwd, name));
let failures = 0;
for (const page of pages) {
  const blocks = [...readFileSync(join(root, page), "utf8").matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(
    ([, block]) => block,
  );
  const lines = blocks.flatMap((block) => block.match(/^tokensphere .*$/gm) ?? []);
  for (const line of lines.map((one) => one.replace(/\s+#.*$/, ""))) {
    if (/^tokensphere probe --preset/.test(line)) continue;
    const start = performance.now();
    const { status } = spawnSync(line.replace(/^tokensphere/, `node ${join(root, "dist/src/cli.js")}`), {
      cwd,
      shell: true,
      stdio: "ignore",
    });
    if (status !== 0) failures++;
    console.log(`${status}  ${((performance.now() - start) / 1000).toFixed(1)} s  ${line}`);
  }
}
rmSync(cwd, { recursive: true });
process.exitCode = failures === 0 ? 0 : 1;

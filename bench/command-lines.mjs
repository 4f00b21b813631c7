// Runs every command line of README and the docs as it stands, in a folder of its own, in the order of the pages.
//
//   npm run build && node bench/command-lines.mjs [--log FILE] [README.md …]
//
// Prints exit code, seconds and line. With --log they are kept: what ended well there is not run again, unless a later line reads what
// it wrote. Lines that name their reader's own files, a model of the hub or a place to fill in are left out, by name. All of them
// take an hour or more.
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

const { values: options, positionals } = parseArgs({ allowPositionals: true, options: { log: { type: "string" } } });
const root = resolve(import.meta.dirname, "..");
/** Their lines are printed from a table whose values a test fills in, or are of their reader's files. */
const OTHERWISE = ["arrivals.md", "commands.md", "theory-values.md"];
const docs = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md") && !OTHERWISE.includes(name));
const pages = positionals.length > 0 ? positionals : ["README.md", ...docs.map((name) => `docs/${name}`)];
const LINE =
  /^ *(?:npx )?tokensphere (?:compare|fit|inspect|mean-field|probe|report|runs|simulate|sweep|theory|updates|view)\b.*$/gm;
/** Of the hub: its model is no part of the repository. */
const FROM_THE_HUB = /^tokensphere probe --preset/;
/** These write what later lines read. */
const READ_LATER = /--out runs\/(essay|ishmael)\b/;

const done = new Set();
if (options.log && existsSync(options.log))
  for (const line of readFileSync(options.log, "utf8").trim().split("\n")) {
    const [status, , ...words] = line.split("\t");
    if (status === "0") done.add(words.join("\t"));
  }
const cwd = options.log ? resolve(`${options.log}.runs`) : mkdtempSync(join(tmpdir(), "tokensphere-lines-"));
mkdirSync(cwd, { recursive: true });
for (const name of ["examples", "models"])
  if (!existsSync(join(cwd, name))) symlinkSync(join(root, name), join(cwd, name));

let failures = 0;
for (const page of pages) {
  const found = readFileSync(join(root, page), "utf8").match(LINE) ?? [];
  for (const line of found.map((one) =>
    one
      .trim()
      .replace(/^npx /, "")
      .replace(/\s+#.*$/, ""),
  )) {
    if (FROM_THE_HUB.test(line) || /\{\w+\}/.test(line)) {
      console.log(`left out: ${line}`);
      continue;
    }
    if (done.has(line) && !READ_LATER.test(line)) continue;
    done.add(line);
    const start = performance.now();
    const again = READ_LATER.test(line) ? `${line} --force` : line;
    const { status } = spawnSync(again.replace(/^tokensphere/, `node ${join(root, "dist/src/cli.js")}`), {
      cwd,
      shell: true,
      stdio: "ignore",
    });
    if (status !== 0) failures++;
    const row = `${status}\t${((performance.now() - start) / 1000).toFixed(1)} s\t${line}`;
    console.log(row);
    if (options.log) appendFileSync(options.log, `${row}\n`);
  }
}
process.exitCode = failures === 0 ? 0 : 1;

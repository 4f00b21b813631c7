// Does the fit find what is there? Clouds of a known family, β and time map, with noise, and what is found: bias, error and coverage of
// β, the family that is named, the ranks of the truth.
//
//   npm run build && node bench/recovery.mjs --out FOLDER [--count 300] [--processes 2] [--any-build] [--done] [--docs]
//
// A cloud is a line of FOLDER/recovery.jsonl as soon as it is fitted: an interrupted run goes on where it was; with --done it stops there
// and tells of those that are fitted. Writes recovery.md,
// recovery.csv and the figure; with --docs also the tables of docs/recovery.md, docs/recovery.svg and docs/recovery.csv. Exit 1 where fewer than 95 % of
// the families are right at |z| ≥ 2, or the coverage of all fits is off by more than two standard errors.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeFigure } from "../dist/src/index.js";
import { jobsThere, runJobs } from "./jobs.mjs";
import { docsPath, putIntoDocs } from "./put-into-docs.mjs";
import { recoveryFigure } from "./recovery/figure.mjs";
import { coverage, csv, isClear, LEVELS, MUST_BE_RIGHT, shareRight, summaryLines } from "./recovery/summary.mjs";

const { values: options } = parseArgs({
  options: {
    out: { type: "string" },
    count: { type: "string", default: "300" },
    processes: { type: "string", default: String(Math.min(2, availableParallelism())) },
    "any-build": { type: "boolean", default: false },
    done: { type: "boolean", default: false },
    docs: { type: "boolean", default: false },
  },
});
if (!options.out) throw new Error("give --out FOLDER");
mkdirSync(options.out, { recursive: true });

const file = join(options.out, "recovery.jsonl");
const all = Array.from({ length: Number(options.count) }, (_, id) => ({ id }));
const jobs = options.done ? jobsThere(all, file) : all;
const done = await runJobs({
  worker: new URL("recovery/worker.mjs", import.meta.url),
  jobs,
  file,
  processes: Number(options.processes),
  anyBuild: options["any-build"],
});
const rows = done.map(({ row, seconds }) => ({ ...row, seconds }));

const lines = summaryLines(rows);
console.log(lines.join("\n"));
writeFileSync(join(options.out, "recovery.md"), `${lines.join("\n")}\n`);
writeFileSync(join(options.out, "recovery.csv"), csv(rows));
const { svg } = await writeFigure(options.out, "recovery", recoveryFigure(rows));
if (options.docs) {
  putIntoDocs("recovery", lines, "recovery.md");
  copyFileSync(svg, docsPath("recovery.svg"));
  copyFileSync(join(options.out, "recovery.csv"), docsPath("recovery.csv"));
}
const right = shareRight(rows.filter(isClear));
const off = LEVELS.filter((level) => !coverage(rows, level).within);
if (right === null || right < MUST_BE_RIGHT) console.log("\nFAILED: families at |z| ≥ 2");
for (const level of off) console.log(`\nFAILED: coverage at ${level} %`);
if (off.length > 0 || right === null || right < MUST_BE_RIGHT) process.exitCode = 1;

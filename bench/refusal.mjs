// Is attention found where it is and refused where it is not? Clouds of known law, given and the bench's own, and what a fit concludes.
//
//   npm run build && node bench/refusal.mjs --out FOLDER [--given FOLDER] [--seeds 1] [--only NAME,…] [--processes 2] [--docs]
//
// --given: states with an expected.json, {name: {attention, family, beta}}. Rows are kept in FOLDER/refusal.jsonl as they come: an
// interrupted run goes on where it was. Writes refusal.md and refusal.csv; with --docs also the tables of docs/refusal.md. Exit 1 where
// attention is refused, or something else is called attention that is not on the list of what one trajectory cannot tell.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CATALOGUE } from "./clouds/catalogue.mjs";
import { NOT_ATTENTION } from "./clouds/kinds.mjs";
import { runJobs } from "./jobs.mjs";
import { putIntoDocs } from "./put-into-docs.mjs";
import { counts, csv, isFailure, isRight, markdownTable, whyTable } from "./refusal/table.mjs";

const { values: options } = parseArgs({
  options: {
    out: { type: "string" },
    given: { type: "string" },
    seeds: { type: "string", default: "1" },
    only: { type: "string" },
    processes: { type: "string", default: String(Math.min(2, availableParallelism())) },
    docs: { type: "boolean", default: false },
  },
});
if (!options.out) throw new Error("give --out FOLDER");
mkdirSync(options.out, { recursive: true });

/**
 * What is known of each cloud, and the job that fits it.
 *
 * @returns {any[]}
 */
function givenClouds(folder) {
  const known = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8"));
  return Object.entries(known).map(([name, { attention, family = null, beta = null }]) => {
    const file = join(folder, `${name}.safetensors`);
    if (!existsSync(file)) throw new Error(`${file}: no such file, though expected.json names it`);
    const truth = attention ? "attention" : "other";
    const why = attention ? `given: ${family.toUpperCase()} at β = ${beta}` : "given: no attention";
    return {
      id: `given ${name}`,
      file,
      seed: null,
      name,
      truth,
      why,
      family,
      beta,
      expected: attention ? ["attention"] : NOT_ATTENTION,
    };
  });
}

/** @returns {any[]} */
function ownClouds(seeds) {
  return CATALOGUE.flatMap(({ clouds, options: _, ...one }) =>
    Array.from({ length: seeds }, (_, s) => ({ ...one, seed: s + 1, id: `${one.name} ${s + 1}` })),
  );
}

const only = options.only?.split(",");
const clouds = [...(options.given ? givenClouds(options.given) : []), ...ownClouds(Number(options.seeds))].filter(
  ({ name }) => !only || only.includes(name),
);
const jobs = clouds.map(({ id, file, name, seed }) => ({ id, file, name, seed }));
const worker = new URL("refusal/worker.mjs", import.meta.url);
const done = await runJobs({
  worker,
  jobs,
  file: join(options.out, "refusal.jsonl"),
  processes: Number(options.processes),
});
const rows = clouds.map((one, i) => ({ ...one, ...done[i].row, seconds: done[i].seconds }));

const table = markdownTable(rows);
const lines = [...counts(rows), "", ...table, "", ...whyTable(rows)];
writeFileSync(join(options.out, "refusal.md"), `${lines.join("\n")}\n`);
writeFileSync(join(options.out, "refusal.csv"), csv(rows));
console.log(lines.join("\n"));
const failures = rows.filter(isFailure);
const unexpected = rows.filter((row) => !isRight(row) && !isFailure(row));
for (const { name, seed, conclusion } of failures)
  console.log(`\nFAILED: ${name}${seed ? `, seed ${seed}` : ""} is called ${conclusion}`);
for (const { name, expected, conclusion } of unexpected)
  console.log(`\nanother word: ${name} is called ${conclusion}, not ${expected.join(" or ")}`);
if (options.docs) putIntoDocs("refusal", lines, "refusal.md");
if (failures.length > 0) process.exitCode = 1;

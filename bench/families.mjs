// Is a law named again? Small clouds that moved by each law of the table, and which family of all is nearest pair by pair.
//
//   npm run build && node bench/families.mjs --out FOLDER [--seeds 2] [--from 1] [--processes 1] [--done] [--docs]
//
// Clouds of each law are numbered by their seeds, from --from to --seeds. A cloud is a line of FOLDER/families.jsonl as soon as it is
// fitted: an interrupted run goes on where it was; with --done it stops there and tells of those that are fitted, by whichever build.
// Writes families.md; with --docs also the table of docs/fit.md.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { proportionInterval } from "../dist/probes/numerics/proportion-interval.js";
import { FAMILIES } from "./families/table.mjs";
import { jobsThere, runJobs } from "./jobs.mjs";
import { putIntoDocs } from "./put-into-docs.mjs";

const { values: options } = parseArgs({
  options: {
    out: { type: "string" },
    seeds: { type: "string", default: "2" },
    from: { type: "string", default: "1" },
    processes: { type: "string", default: "1" },
    done: { type: "boolean", default: false },
    docs: { type: "boolean", default: false },
  },
});
if (!options.out) throw new Error("give --out FOLDER");
mkdirSync(options.out, { recursive: true });
const file = join(options.out, "families.jsonl");

// Seed by seed, so that what is there so far holds every law.
const [from, to] = [Number(options.from), Number(options.seeds)];
const all = Array.from({ length: to - from + 1 }, (_, s) =>
  FAMILIES.map((law) => ({ id: `${law} ${from + s}`, law, seed: from + s })),
).flat();
const jobs = options.done ? jobsThere(all, file) : all;
const done = await runJobs({
  worker: new URL("families/worker.mjs", import.meta.url),
  jobs,
  file,
  processes: Number(options.processes),
  anyBuild: options.done,
});
const rows = done.map(({ row, seconds }, i) => ({ ...jobs[i], ...row, seconds }));

const percent = (share) => `${(100 * share).toFixed(0)} %`;
const counted = (names) => {
  const counts = new Map();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => (count > 1 ? `${name} ${count}×` : name)).join(", ") || "–";
};

function lineOf(label, own) {
  const named = own.filter(({ best, law }) => best === law);
  const held = own.filter(({ best, tie, law }) => best === law || tie.includes(law));
  const [low, high] = proportionInterval(named.length, own.length);
  const others = own.filter(({ best, law }) => best !== law).map(({ best }) => best);
  const w1 = own.filter(({ nearest, law }) => nearest === law).length;
  const cells = [
    label,
    own.length,
    `${named.length} (${percent(low)} to ${percent(high)})`,
    held.length - named.length,
    label === "all" ? others.length : counted(others),
    w1,
  ];
  return `| ${cells.join(" | ")} |`;
}

const table = [
  "| moved by | clouds | named, 95 % (Wilson) | another, tied with it | another is named | named by W1 |",
  "|---|---|---|---|---|---|",
  ...FAMILIES.map((law) => [law, rows.filter((row) => row.law === law)])
    .filter(([, own]) => own.length > 0)
    .map(([law, own]) => lineOf(`\`${law}\``, own)),
  lineOf("all", rows),
];
writeFileSync(join(options.out, "families.md"), `${table.join("\n")}\n`);
console.log(table.join("\n"));
if (options.docs) putIntoDocs("families", table, "fit.md");

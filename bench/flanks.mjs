// Is a better β left out where the coarse search of SA and USA ends beyond the best? The whole profile of layers of a known law, and how
// much of it a search that may end has seen.
//
//   npm run build && node bench/flanks.mjs --out FOLDER [--count 200] [--processes 1] [--done] [--docs]
//
// A truth is a line of FOLDER/flanks.jsonl as soon as it was looked at: an interrupted run goes on where it was; with --done it stops there.
// Writes flanks.md; with --docs also the table of docs/fit.md. Exit 1 where a β was left out that is better than every one that was kept.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { proportionInterval } from "../dist/probes/numerics/proportion-interval.js";
import { NEAR_BEST } from "../dist/src/fit/coarse-search.js";
import { jobsThere, runJobs } from "./jobs.mjs";
import { putIntoDocs } from "./put-into-docs.mjs";

const { values: options } = parseArgs({
  options: {
    out: { type: "string" },
    count: { type: "string", default: "200" },
    processes: { type: "string", default: "1" },
    done: { type: "boolean", default: false },
    docs: { type: "boolean", default: false },
  },
});
if (!options.out) throw new Error("give --out FOLDER");
mkdirSync(options.out, { recursive: true });
const file = join(options.out, "flanks.jsonl");

const all = Array.from({ length: Number(options.count) }, (_, id) => ({ id }));
const done = await runJobs({
  worker: new URL("flanks/worker.mjs", import.meta.url),
  jobs: options.done ? jobsThere(all, file) : all,
  file,
  processes: Number(options.processes),
  anyBuild: options.done,
});

const profiles = done.flatMap(({ row: { truth, profiles } }) =>
  profiles.map((one) => ({ ...one, truth, ...lost(one) })),
);

/** The least W1 among what was left out over the least among what was kept, the smaller of the two time maps. */
function lost({ w1, kept }) {
  const least = (rows, map) => Math.min(...rows.map((row) => row[map]));
  return { over: Math.min(...[0, 1].map((map) => least(w1.slice(kept), map) / least(w1.slice(0, kept), map))) };
}

const sum = (values) => values.reduce((a, b) => a + b, 0);
function lineOf(label, own) {
  const ended = own.filter(({ w1, kept }) => kept < w1.length);
  const better = ended.filter(({ over }) => over < 1);
  const contending = ended.filter(({ over }) => over >= 1 && over < NEAR_BEST);
  const [, high] = proportionInterval(better.length, ended.length);
  const cells = [
    label,
    own.length,
    ended.length,
    `${better.length} (at most ${(100 * high).toFixed(1)} %)`,
    contending.length,
    ended.length === 0 ? "–" : Math.min(...ended.map(({ over }) => over)).toPrecision(3),
    `${sum(own.map(({ w1, kept }) => w1.length - kept))} of ${sum(own.map(({ w1 }) => w1.length))}`,
    (1 - sum(own.map(({ seconds }) => seconds[1])) / sum(own.map(({ seconds }) => seconds[0]))).toFixed(2),
  ];
  return `| ${cells.join(" | ")} |`;
}

const parts = [
  ...["sa", "usa"].flatMap((law) =>
    ["sa", "usa"].map((fitted) => [
      `${law}, fitted ${fitted}`,
      profiles.filter((one) => one.truth.dynamics === law && one.fitted === fitted),
    ]),
  ),
  ...["clustered", "uniform"].map((start) => [start, profiles.filter(({ truth }) => truth.start === start)]),
  ...[0, 0.05, 0.1].map((noise) => [`noise ${noise}`, profiles.filter(({ truth }) => truth.noise === noise)]),
  ...[1, 2].map((texts) => [
    texts === 1 ? "one text" : "two texts",
    profiles.filter(({ truth }) => truth.texts === texts),
  ]),
  ["all", profiles],
];
const table = [
  "| moved by | profiles | ended early | a better β left out, 95 % (Wilson) | one within a quarter left out | least W1 left out / kept | β left out | share of the time saved |",
  "|---|---:|---:|---:|---:|---:|---:|---:|",
  ...parts.filter(([, own]) => own.length > 0).map(([label, own]) => lineOf(label, own)),
];
writeFileSync(join(options.out, "flanks.md"), `${table.join("\n")}\n`);
console.log(table.join("\n"));
if (options.docs) putIntoDocs("flanks", table, "fit.md");
if (profiles.some(({ over }) => over < 1)) process.exitCode = 1;

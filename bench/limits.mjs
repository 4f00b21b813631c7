// Time and memory of the jobs that users wait for, each beside what is aimed at: whole command lines, from start to end.
//
//     npm run build && node bench/limits.mjs [NAME …] [--log FILE] [--docs]
//
// States are of SA at β = 4 from five clusters with fresh noise of .03 in every layer. A line is kept in --log as soon as it is measured, and not
// measured again. Processor time counts all processes of a command: on a machine that others use it says more than the clock.
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { writeHiddenStates } from "../dist/models/index.js";
import { followedStates } from "./clouds/followed.mjs";
import { putIntoDocs } from "./put-into-docs.mjs";
import { timedCommand } from "./timed-command.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { log: { type: "string" }, docs: { type: "boolean", default: false } },
});
const BUILD = resolve(import.meta.dirname, "..");
const ALL =
  "sa,usa,sa_causal,usa_causal,sa_repulsive,usa_repulsive,sa_preln,sa_periln,sa_ngpt,sa_sqrt,sa_noisy,sa_equiangular";
/** Until its end tokens of five clusters have moved most of the way to their own. */
const LAW = { dynamics: "sa", beta: 4, end: 1.5, noise: 0.03 };
const PLAIN = ["--no-updates", "--no-who"];

/** `size`: tokens, width and steps of the states; null: the bundled model. `aim`: what is to be kept. */
const CASES = [
  { name: "npm start", words: ["compare"], size: null, aim: { seconds: 30 } },
  { name: "fit of 13 × 128 × 256", words: ["fit"], size: { n: 128, d: 256, layers: 12 }, aim: { seconds: 10 } },
  { name: "fit of 96 × 32 × 64", words: ["fit"], size: { n: 32, d: 64, layers: 95 }, aim: { seconds: 30 } },
  {
    name: "compare of 9 × 2000 × 64",
    words: ["compare", ...PLAIN],
    size: { n: 2000, d: 64, layers: 8 },
    aim: { seconds: 120, megabytes: 1500 },
  },
  {
    name: "twelve families of 13 × 128 × 256",
    words: ["fit", "--families", ALL],
    size: { n: 128, d: 256, layers: 12 },
    aim: { seconds: 60 },
  },
];

const asked = CASES.filter(({ name }) => positionals.length === 0 || positionals.some((word) => name.includes(word)));
const known = options.log && existsSync(options.log) ? readFileSync(options.log, "utf8").trim().split("\n") : [];
const rows = new Map(
  known
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line))
    .map((row) => [row.name, row]),
);
for (const { name, words, size } of asked) {
  if (rows.has(name)) continue;
  const row = { name, ...(await measured(words, size)) };
  rows.set(name, row);
  if (options.log) appendFileSync(options.log, `${JSON.stringify(row)}\n`);
}

const cell = (value, aim) =>
  `${value.toFixed(value < 100 ? 1 : 0)}${aim ? ` (${value <= aim ? "aim" : "**aim**"}: ${aim})` : ""}`;
const table = [
  `${cpus()[0].model.trim()}, ${cpus().length} cores, Node ${process.version}.`,
  "",
  "| job | command | seconds | processor time, s | first table after, s | peak memory, MB | load at the start |",
  "|---|---|---:|---:|---:|---:|---:|",
  ...CASES.flatMap(({ name, words, size, aim }) => {
    const row = rows.get(name);
    if (!row) return [];
    const line = `\`tokensphere ${[words[0], ...(size ? ["STATES"] : []), ...words.slice(1)].join(" ")}\``;
    const cells = [
      cell(row.seconds, aim.seconds),
      row.processor.toFixed(1),
      row.first.toFixed(1),
      cell(row.megabytes, aim.megabytes),
    ];
    return [`| ${[name, line, ...cells, row.load.toFixed(1)].join(" | ")} |`];
  }),
];
console.log(table.join("\n"));
if (options.docs) putIntoDocs("limits", table);

/** One run, its states made before. */
async function measured(words, size) {
  const folder = mkdtempSync(join(tmpdir(), "tokensphere-limits-"));
  try {
    const given = [];
    if (size) {
      given.push(join(folder, "states.safetensors"));
      await writeHiddenStates(given[0], [await followedStates({ ...LAW, ...size })]);
    }
    const [load] = loadavg();
    const { wall, processor, table: first, stages } = timedCommand(BUILD, [words[0], ...given, ...words.slice(1)]);
    const megabytes = Math.max(...stages.map(({ peak_mb: peak }) => peak));
    return { seconds: wall, processor, first, megabytes, load };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

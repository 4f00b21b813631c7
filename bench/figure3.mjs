// Figure 3 of Rigollet's survey at its published size: SA, n = 32, 90 β to 9, 200 times to 30, 2048 uniform starts, a panel for
// each width. For each: minutes, the ratio to a NumPy program of the published method (Euler steps of 0.1), timed on a part of the
// work in the same run, and the error of the time integration against tight tolerances on some of the same starts.
// Usage: node bench/figure3.mjs --out FOLDER [--seeds 2048] [--dims 2,8,32,128,512,1024] [--workers N] [--check 64] [--docs]
// (after `npm run build`). Panels that the folder has are not computed again. Writes figure3.md, figure3.json and the figure;
// with --docs also the table and the picture of docs/figure3.md.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { clusteringTime, sweep } from "../dist/sim/index.js";
import { phasePanels } from "../dist/src/figures/theory/phasePanels.js";
import { sweepHelpers, writeFigure } from "../dist/src/index.js";

const { values: options } = parseArgs({
  options: {
    out: { type: "string" },
    seeds: { type: "string", default: "2048" },
    dims: { type: "string", default: "2,8,32,128,512,1024" },
    workers: { type: "string", default: String(availableParallelism()) },
    check: { type: "string", default: "64" },
    docs: { type: "boolean", default: false },
  },
});
if (!options.out) throw new Error("give --out FOLDER");
const [seeds, workers, check] = [options.seeds, options.workers, options.check].map(Number);
const dims = options.dims.split(",").map(Number);
const N = 32;
const FIRST_SEED = 1;
const PUBLISHED = { betas: 90, times: 200, seeds: 2048 };
/** β at which errors are measured: every tenth of the 90, and the last. */
const CHECKED = [0, 9, 19, 29, 39, 49, 59, 69, 79, 89];
/** A hundred times below what is needed, so that what differs is the error of the sweep. */
/** @type {Partial<import("../dist/sim/index.js").SweepOptions>} */
const TIGHT = { precision: "float64", rtol: 1e-8, atol: 1e-8 };
const CLI = fileURLToPath(new URL("../dist/src/cli.js", import.meta.url));

/** The published method as a researcher writes it, on `batch` starts and a few β, to the hours of a whole panel. */
const NUMPY = `
import json, sys, time
import numpy as np
d, batch, count = map(int, sys.argv[1:])
n, step, end = ${N}, .1, 30.
times, betas = np.linspace(0, end, ${PUBLISHED.times}), np.linspace(.1, 9, count)
off = ~np.eye(n, dtype=bool); random = np.random.default_rng(0); begin = time.perf_counter()
for beta in betas:
    x = random.standard_normal((batch, n, d)); x /= np.linalg.norm(x, axis=2, keepdims=True); t = 0.; c = 0
    while c < len(times) and t < end:
        s = x @ x.transpose(0, 2, 1); s *= beta; s -= s.max(axis=2, keepdims=True); np.exp(s, out=s); s /= s.sum(axis=2, keepdims=True)
        x = x + step * (s @ x); x /= np.linalg.norm(x, axis=2, keepdims=True); t += step
        if t >= times[c]:
            g = x @ x.transpose(0, 2, 1); p = (g[:, off] > .999).mean()
            while c < len(times) and t >= times[c]: c += 1
print(json.dumps((time.perf_counter() - begin) * ${PUBLISHED.betas} / count * ${PUBLISHED.seeds} / batch / 3600))
`;

/** Hours that NumPy would take for a whole panel; null where there is none. */
function numpyHours(d) {
  const run = spawnSync("python3", ["-c", NUMPY, String(d), "64", d > 256 ? "3" : "9"], { encoding: "utf8" });
  return run.status === 0 ? JSON.parse(run.stdout) : null;
}

/** The panel by the command line, from nothing: seconds, with the start of the program and the figure. */
function runPanel(d) {
  const folder = join(options.out, `d${d}`);
  const size = [
    "--n",
    N,
    "--d",
    d,
    "--betas",
    "0.1..9/90",
    "--times",
    "0..30/200",
    "--seeds",
    seeds,
    "--seed",
    FIRST_SEED,
  ];
  const args = [CLI, "sweep", "--dynamics", "sa", ...size, "--workers", workers, "--out", folder];
  if (existsSync(folder)) args.push("--force");
  const begin = performance.now();
  const run = spawnSync(process.execPath, args.map(String), { encoding: "utf8" });
  if (run.status !== 0) throw new Error(`d = ${d}: ${run.stderr}`);
  return (performance.now() - begin) / 1000;
}

function sweepOf(d) {
  return JSON.parse(readFileSync(join(options.out, `d${d}`, "sweep.json"), "utf8"));
}

/** Largest differences to tight tolerances in float64, over all times and the checked β, on the first starts. */
async function errors(d) {
  const { betas, times } = sweepOf(d);
  const task = {
    dynamics: "sa",
    n: N,
    d,
    betas: CHECKED.map((b) => betas[b]),
    times,
    seeds: check,
    firstSeed: FIRST_SEED,
  };
  const loose = await sweep(task, {}, sweepHelpers(workers));
  const tight = await sweep({ ...task, ...TIGHT }, {}, sweepHelpers(workers));
  const largest = (list) =>
    Math.max(...loose.flatMap((row, b) => row[list].map((value, t) => Math.abs(value - tight[b][list][t]))));
  return { probability: largest("probability"), meanCosine: largest("meanCosine") };
}

/** All that is measured of one panel, from its file where it is there. */
async function panel(d) {
  const path = join(options.out, `d${d}.json`);
  if (existsSync(path)) {
    const known = JSON.parse(readFileSync(path, "utf8"));
    if (known.seeds === seeds && known.workers === workers) return known;
  }
  const load = loadavg()[0];
  const seconds = runPanel(d);
  const failed = sweepOf(d).rows.reduce((sum, row) => sum + row.failed, 0);
  const found = { d, seeds, workers, load, seconds, failed, numpyHours: numpyHours(d), check, errors: await errors(d) };
  writeFileSync(path, `${JSON.stringify(found)}\n`);
  return found;
}

/** One row; NumPy is given as many starts as we had. */
function row({ d, seconds, numpyHours: hours, errors: { probability, meanCosine }, load, failed }) {
  const minutes = seconds / 60;
  const theirs = hours * (seeds / PUBLISHED.seeds);
  const numpy = hours === null ? ["–", "–"] : [theirs.toFixed(2), ((60 * theirs) / minutes).toFixed(0)];
  const cells = [
    d,
    minutes.toFixed(2),
    ...numpy,
    probability.toFixed(5),
    meanCosine.toFixed(5),
    failed,
    load.toFixed(1),
  ];
  return `| ${cells.join(" | ")} |`;
}

/** Puts the table and the picture into the page. */
function updateDocs(table) {
  const docs = fileURLToPath(new URL("../docs/", import.meta.url));
  const page = readFileSync(join(docs, "figure3.md"), "utf8");
  const [begin, end] = ["<!-- table -->\n", "<!-- end of table -->"];
  const [before, after] = [page.slice(0, page.indexOf(begin) + begin.length), page.slice(page.indexOf(end))];
  writeFileSync(join(docs, "figure3.md"), `${before}${table}\n${after}`);
  copyFileSync(join(options.out, "figure3.png"), join(docs, "figure3.png"));
}

async function drawFigure(panels) {
  const { betas } = sweepOf(dims[0]);
  const curve = betas.map((beta) => ({ beta, time: clusteringTime("sa", N, beta, 0, 0.999) }));
  const rowsOf = ({ rows, times }) =>
    rows.flatMap(({ beta, probability }) => times.map((time, t) => ({ beta, time, probability: probability[t] })));
  const drawn = panels.map(({ d }) => ({ name: `d = ${d}`, rows: rowsOf(sweepOf(d)) }));
  await writeFigure(options.out, "figure3", phasePanels(drawn, { about: `SA, n = ${N}, ${seeds} starts`, curve }));
}

mkdirSync(options.out, { recursive: true });
const head = [
  "d",
  "minutes",
  "NumPy, hours",
  "NumPy / ours",
  "error of P",
  "error of mean cosine",
  "failed",
  "load before",
];
const lines = [
  `${cpus()[0].model}, ${workers} processes, Node ${process.version}; ${seeds} starts.`,
  `Errors: largest over ${CHECKED.length} β and ${PUBLISHED.times} times on ${check} of the starts, against tolerances of ${TIGHT.rtol} in float64.`,
  "",
  `| ${head.join(" | ")} |`,
  `|${"---|".repeat(head.length)}`,
];
console.log(lines.join("\n"));
const panels = [];
for (const d of dims) {
  panels.push(await panel(d));
  lines.push(row(panels.at(-1)));
  console.log(lines.at(-1));
}
if (panels.some(({ numpyHours: hours }) => hours === null))
  lines.push("", "skipped: the NumPy anchor (no python3 with numpy)");
writeFileSync(join(options.out, "figure3.json"), `${JSON.stringify(panels, null, 1)}\n`);
writeFileSync(join(options.out, "figure3.md"), `${lines.join("\n")}\n`);
await drawFigure(panels);
if (options.docs) updateDocs(lines.join("\n"));

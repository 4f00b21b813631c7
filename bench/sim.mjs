// One SA velocity in float64: ours against NumPy with OpenBLAS, JAX (jit, CPU) and Numba (parallel), whichever are
// installed.
//
//   npm run build && node bench/sim.mjs [--python PATH] [--out FOLDER] [--docs] [--seconds S] [--rounds R]
//     [--sizes 32x2,256x3]
//
// --python: an interpreter with bench/anchors/requirements.txt. --out: also writes cost.csv and a log-log figure of
// cost against size. --docs: puts tables and figure into docs/speed.md. Ours and the anchors take turns, R rounds of
// S seconds each, so that load on the machine hits all; every number is a median over all rounds (quartiles behind
// it), a ratio the median of the rounds' ratios. Ours runs in min(n, d) coordinates, as `simulate` integrates, on the
// engine that `auto` chooses. Markdown on stdout, progress on stderr.
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import {
  chooseEngine,
  DYNAMICS,
  harmonicEngine,
  liftCoordinates,
  onnxEngine,
  randomSource,
  simdEngine,
  spanCoordinates,
  typescriptEngine,
  uniformCloud,
} from "../dist/sim/index.js";
import { writeFigure } from "../dist/src/draw/render.js";
import { startAnchor } from "./anchors/anchor-process.mjs";
import { costFigure } from "./cost-figure.mjs";
import { docsPath, putIntoDocs } from "./put-into-docs.mjs";

const { values: options } = parseArgs({
  options: {
    python: { type: "string", default: "python3" },
    out: { type: "string" },
    docs: { type: "boolean", default: false },
    seconds: { type: "string", default: "0.1" },
    rounds: { type: "string", default: "4" },
    sizes: { type: "string" },
  },
});
const SECONDS = Number(options.seconds);
const ROUNDS = Number(options.rounds);
const BETA = 4;
const THREADS = availableParallelism();
const NAMES = { numpy: "NumPy", jax: "JAX", numba: "Numba" };
const SIZES = options.sizes?.split(",").map((size) => size.split("x").map(Number)) ?? [
  ...[
    [32, 2],
    [32, 8],
    [32, 128],
    [32, 1024],
    [256, 3],
    [256, 128],
    [1024, 2],
    [1024, 128],
    [1024, 1024],
  ],
  ...[
    [4096, 3],
    [4096, 128],
    [10_000, 2],
  ],
];
const CIRCLES = options.sizes ? [] : [10_000, 100_000, 1_000_000];
/** From here on one system fills the machine: what a batch costs a system is seen in a few. */
const LARGE = 1024;
const batchOf = (n) => (n < LARGE ? 64 : 4);
/** Anchors slower than the best by this after the first round are not asked again. */
const HOPELESS = 4;
/** Threads of the one just measured fall asleep. */
const PAUSE = 25;

/** Everything said, for the docs. */
const lines = [];
function say(text) {
  console.log(text);
  lines.push(text);
}

const folder = mkdtempSync(join(tmpdir(), "tokensphere-bench-"));
const anchors = [];
for (const library of Object.keys(NAMES)) {
  const anchor = await startAnchor(options.python, "velocity.py", library);
  if (anchor) anchors.push({ ...anchor, library });
  else say(`skipped: ${NAMES[library]} (not found by ${options.python})\n`);
}
const quantile = (values, q) => values.toSorted((a, b) => a - b)[Math.floor(q * (values.length - 1))];
const median = (values) => quantile(values, 0.5);
const show = (values) =>
  `${digits(median(values))} (${digits(quantile(values, 0.25))}–${digits(quantile(values, 0.75))})`;
const digits = (us) => (us < 100 ? us.toPrecision(3) : us.toFixed(0));

/** Some systems, the file that holds them, and the coordinates that ours works in. */
function makeCase(n, d, batch) {
  const x = new Float64Array(batch * n * d);
  const spans = Array.from({ length: batch }, (_, b) => {
    const { x: cloud } = uniformCloud(n, d, randomSource(b));
    x.set(cloud, b * n * d);
    return spanCoordinates(cloud, n, d);
  });
  const file = join(folder, `${n}x${d}x${batch}.bin`);
  writeFileSync(file, x);
  return { n, d, k: Math.min(n, d), batch, file, spans };
}

/** Ours on an engine, ready to be called. */
async function makeOurs({ n, k, batch, spans }, choice) {
  const task = { dynamics: DYNAMICS.sa, params: {}, n, d: k, beta: BETA };
  const makers = { ts: typescriptEngine, simd: simdEngine, ort: onnxEngine, harmonic: harmonicEngine };
  const engine =
    choice === "auto" ? await chooseEngine("auto", task, batch, THREADS) : await makers[choice](task, THREADS);
  const y = new Float64Array(batch * n * k);
  for (const [b, span] of spans.entries()) y.set(span.y, b * n * k);
  const velocity = new Float64Array(y.length);
  const [beta, logScale] = [new Float64Array(batch).fill(BETA), new Float64Array(batch)];
  return { engine, velocity, call: () => engine.velocity(y, beta, logScale, batch, velocity) };
}

/** Microseconds of each call, a system. */
async function timeOurs({ call }, batch, seconds) {
  for (let i = 0; i < 2; i++) await call();
  const times = [];
  const end = performance.now() + 1000 * seconds;
  while (times.length === 0 || performance.now() < end) {
    const begin = performance.now();
    const pending = call();
    if (pending) await pending;
    times.push((1000 * (performance.now() - begin)) / batch);
  }
  return times;
}

/** Lets a kernel be compiled for good before it is measured. */
async function warmUp({ call }) {
  const end = performance.now() + 150;
  for (let i = 0; i < 3 || (i < 2000 && performance.now() < end); i++) await call();
  await sleep(50);
}

function variantsOf({ n, batch }, circle) {
  if (circle)
    return anchors.filter(({ library }) => library === "numpy").map((anchor) => ({ anchor, variant: "circle" }));
  return anchors.flatMap((anchor) => {
    const batched = batch > 1 && (n < LARGE || anchor.library === "numba");
    return (batched ? ["loop", "batched"] : ["loop"]).map((variant) => ({ anchor, variant }));
  });
}

async function askAnchor({ anchor, variant }, { n, d, batch, file }, out = null, seconds = SECONDS) {
  await sleep(PAUSE);
  const { us } = await anchor.ask({ variant, n, d, batch, beta: BETA, x: file, out, seconds });
  await sleep(PAUSE);
  return us;
}

/** Largest difference of our velocities, in all d coordinates, from those in a file. */
function largestDifference({ n, d, k, spans }, { velocity }, file) {
  const bytes = readFileSync(file);
  const theirs = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
  let worst = 0;
  for (const [b, span] of spans.entries()) {
    const ours = velocity.subarray(b * n * k, (b + 1) * n * k);
    const full = span.basis ? liftCoordinates(span, ours, new Float64Array(n * d)) : ours;
    for (let e = 0; e < full.length; e++) worst = Math.max(worst, Math.abs(full[e] - theirs[b * n * d + e]));
  }
  return worst;
}

/** Rounds of ours, anchor, ours, anchor … for one size. */
async function compare(item, circle = false) {
  const ours = await makeOurs(item, "auto");
  await warmUp(ours);
  const all = [];
  const measure = async () => {
    const times = await timeOurs(ours, item.batch, SECONDS);
    all.push(...times);
    return median(times);
  };
  let variants = variantsOf(item, circle).map((variant) => ({ ...variant, times: [], ratios: [] }));
  const out = join(folder, "velocity.bin");
  let difference = 0;
  for (let round = 0; round < ROUNDS; round++) {
    if (variants.length === 0) await measure();
    for (const variant of variants) {
      const mine = await measure();
      const times = await askAnchor(variant, item, round === 0 ? out : null);
      variant.times.push(...times);
      variant.ratios.push(median(times) / mine);
      if (round === 0) difference = Math.max(difference, largestDifference(item, ours, out));
    }
    const best = Math.min(...variants.map(({ ratios }) => median(ratios)));
    variants = variants.filter(({ ratios }) => median(ratios) <= HOPELESS * best);
  }
  await ours.engine.release();
  const best = variants.toSorted((a, b) => median(a.ratios) - median(b.ratios))[0];
  return {
    ...item,
    engine: ours.engine.name,
    mine: all,
    best,
    ratio: best ? median(best.ratios) : Number.NaN,
    difference,
  };
}

const anchorName = ({ anchor, variant }) => NAMES[anchor.library] + (variant === "loop" ? "" : `, ${variant}`);

function printRow(result) {
  const { n, d, k, batch, engine, mine, best, ratio, difference } = result;
  const where = k < d ? `${engine}, ${k} coordinates` : engine;
  const theirs = best
    ? [anchorName(best), show(best.times), `**${ratio.toPrecision(3)}**`, difference.toExponential(0)]
    : ["–", "–", "–", "–"];
  say(`| ${[n, d, batch, where, show(mine), ...theirs].join(" | ")} |`);
}

function printHeader(title) {
  say(
    `\n${title}\n\n| n | d | systems | engine | ours, µs a system | best anchor | anchor, µs | anchor/ours | difference |`,
  );
  say("|---:|---:|---:|---|---|---|---|---:|---:|");
}

/** Where the aims are missed: never slower in batches, single calls within 1.5 times, and the named ones. */
function missed({ n, d, batch, ratio, circle }) {
  if (!(ratio > 0) || circle) return null;
  if (n === 32 && d === 1024 && batch > 1 && ratio < 8) return "8 times";
  if (n === 10_000 && d === 2 && ratio < 100) return "100 times";
  if (batch > 1) return ratio < 1 ? "not slower in batches" : null;
  return ratio < 1 / 1.5 ? "within 1.5 times" : null;
}

const REASONS = {
  ort: "ONNX Runtime's float64 exponential takes two numbers at a time, XLA's eight; its threads meet after every operator",
  simd: "WebAssembly has vectors of two float64 and no fused multiply-add; a single call runs on one core",
  harmonic: "sums over harmonics on one core, as the anchor's",
  ts: "plain TypeScript, no vectors",
};

function printMissed(results) {
  const short = results.filter((result) => missed(result) || result.ratio < 1);
  say(short.length > 0 ? "\nSlower than the anchor, or short of the aim:\n" : "\nNothing is slower than its anchor.");
  for (const result of short) {
    const { n, d, batch, engine, ratio } = result;
    const aim = missed(result);
    say(
      `- (${n}, ${d}), ${batch} system${batch > 1 ? "s" : ""}: ${ratio.toPrecision(2)}${aim ? ` (aim: ${aim})` : ""}. ${REASONS[engine]}.`,
    );
  }
}

const FIGURE = { 2: [8, 32, 128, 512, 2048, 10_000], 8: [8, 32, 128, 512, 2048], 128: [8, 32, 128, 512, 2048] };
/** Microseconds above which a larger cloud is not tried. */
const LONGEST = 4e5;

/** Cost of single calls of every engine and anchor along n, each until it takes long. */
async function costRows() {
  const rows = [];
  const tired = new Set();
  const note = (who, engine, { n, d }, times) => {
    if (median(times) > LONGEST / 10) tired.add(`${engine} ${d}`);
    rows.push({ who, engine, n, d, us: median(times), low: quantile(times, 0.25), high: quantile(times, 0.75) });
  };
  for (const [width, counts] of Object.entries(FIGURE)) {
    for (const n of counts) {
      const item = makeCase(n, Number(width), 1);
      process.stderr.write(`figure: n = ${n}, d = ${width}\n`);
      for (const choice of ["ts", "simd", "ort", ...(item.d === 2 ? ["harmonic"] : [])]) {
        if (tired.has(`${choice} ${width}`)) continue;
        const ours = await makeOurs(item, choice);
        await warmUp(ours);
        note("ours", choice, item, await timeOurs(ours, 1, SECONDS));
        await ours.engine.release();
      }
      for (const variant of variantsOf(item)) {
        const name = anchorName(variant);
        if (!tired.has(`${name} ${width}`)) note("anchor", name, item, await askAnchor(variant, item));
      }
    }
  }
  return rows;
}

async function writeCost(path, machine) {
  const rows = await costRows();
  mkdirSync(path, { recursive: true });
  const line = ({ who, engine, n, d, us, low, high }) => [who, engine, n, d, us, low, high].join(",");
  writeFileSync(join(path, "cost.csv"), `${["who,engine,n,d,us,us_low,us_high", ...rows.map(line)].join("\n")}\n`);
  const { png } = await writeFigure(path, "cost", costFigure(rows, { machine }));
  if (options.docs) copyFileSync(png, docsPath("cost.png"));
  console.log(`\nCost against size: ${png}`);
}

try {
  const machine = `${cpus()[0].model.trim()}, ${THREADS} cores, Node ${process.version}`;
  const versions = anchors.map(({ library, version }) => `${NAMES[library]} ${version}`);
  const load = loadavg()[0].toFixed(1);
  say(
    `${[machine, ...versions].join(", ")}; load at the start ${load}. β = ${BETA}, ${ROUNDS} rounds of ${SECONDS} s, medians (quartiles).`,
  );
  const results = [];
  /** @type {[title: string, batches: (n: number) => number][]} */
  const ways = [
    ["One system a call", () => 1],
    ["Many systems a call", batchOf],
  ];
  for (const [title, batches] of ways) {
    printHeader(title);
    for (const [n, d] of SIZES) {
      process.stderr.write(`n = ${n}, d = ${d}, ${batches(n)} systems\n`);
      const result = await compare(makeCase(n, d, batches(n)));
      printRow(result);
      results.push(result);
    }
  }
  if (CIRCLES.length > 0) printHeader("On the circle, against sums over harmonics in NumPy");
  for (const n of CIRCLES) {
    const result = { ...(await compare(makeCase(n, 2, 1), true)), circle: true };
    printRow(result);
    results.push(result);
  }
  if (anchors.length > 0) printMissed(results);
  if (options.docs) putIntoDocs("table", lines);
  if (options.out) await writeCost(options.out, machine);
} finally {
  for (const anchor of anchors) anchor.close();
  rmSync(folder, { recursive: true, force: true });
}

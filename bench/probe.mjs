// What probing costs: states, histograms and all measures of a text, beside a bare run of the same ONNX file and beside what a
// researcher would write today with PyTorch, transformers and NumPy.
//
//   npm run build && node bench/probe.mjs [--python PATH] [--model FOLDER]… [--tokens 128,256,512] [--rounds 5] [--seconds 0.5] [--docs]
//
// --model: folders with onnx/model.onnx and model.safetensors, in the place of a random BERT (12 blocks, 768 wide), which the anchor
// makes; --random adds it to them. --python: an interpreter with bench/anchors/requirements-probe.txt. All take turns, so that load hits
// all; a number is the median over the rounds (quartiles behind it), a ratio the median of the rounds' ratios. "Bare" is
// onnxruntime-node with its defaults on the same file, its own outputs alone. "Histograms" is what the anchor computes of each layer:
// unit vectors, Gram matrix, 200 bins, mean, deviation, three quantiles, mass above .9, in float64 here, in float32 there.
// "Difference" is the largest of a layer's mean cosine from the anchor's.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { openModel } from "../dist/models/index.js";
import { isotropicFloor, MEASURES, openGramEngine, probeLayerWith, randomSource } from "../dist/probes/index.js";
import { anchorPath, startAnchor } from "./anchors/anchor-process.mjs";
import { putIntoDocs } from "./put-into-docs.mjs";

const { values: options } = parseArgs({
  options: {
    python: { type: "string", default: "python3" },
    model: { type: "string", multiple: true, default: [] },
    random: { type: "boolean", default: false },
    tokens: { type: "string", default: "128,256,512" },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "0.5" },
    docs: { type: "boolean", default: false },
  },
});
const [rounds, seconds] = [Number(options.rounds), Number(options.seconds)];
const threads = availableParallelism();
/** Threads of what was measured before fall asleep. */
const PAUSE = 50;
/** Moments, quantiles and masses of the inner products. */
const OF_A_NOTEBOOK = MEASURES.filter(({ name }) => name === "products");

const quantile = (values, q) => values.toSorted((a, b) => a - b)[Math.floor(q * (values.length - 1))];
const median = (values) => quantile(values, 0.5);
const digits = (ms) => (ms < 100 ? ms.toPrecision(3) : ms.toFixed(0));
const show = (values) =>
  `${digits(median(values))} (${digits(quantile(values, 0.25))}–${digits(quantile(values, 0.75))})`;

const lines = [];
const say = (text) => {
  console.log(text);
  lines.push(text);
};

const folder = mkdtempSync(join(tmpdir(), "tokensphere-probe-"));
const engine = await openGramEngine();

/** One text of n random ids, as inputs of ours and as a list. */
function randomText(n, vocabulary) {
  const random = randomSource(n);
  const ids = Array.from({ length: n }, () => 5 + Math.floor(random() * (vocabulary - 5)));
  const row = (values) => ({ dtype: "int64", shape: [1, n], data: BigInt64Array.from(values, BigInt) });
  const inputs = { input_ids: row(ids), attention_mask: row(ids.map(() => 1)), token_type_ids: row(ids.map(() => 0)) };
  return { ids, inputs };
}

/** The file as ONNX Runtime runs it by itself. */
async function openBare(path) {
  const { InferenceSession, Tensor } = await import("onnxruntime-node");
  const session = await InferenceSession.create(path);
  const tensors = (inputs) =>
    Object.entries(inputs).map(([name, { data, shape }]) => [name, new Tensor("int64", data, shape)]);
  return { run: (inputs) => session.run(Object.fromEntries(tensors(inputs))), close: () => session.release() };
}

async function measuresOf(states, measures, more) {
  const probes = [];
  for (let k = 0; k < states.layers.length; k++)
    probes.push(await probeLayerWith(engine, states, 0, k, { measures, ...more }));
  return probes;
}

/** @returns {Promise<number[]>} Milliseconds of each call. */
async function timed(work) {
  await sleep(PAUSE);
  const times = [];
  const end = performance.now() + 1000 * seconds;
  while (times.length === 0 || performance.now() < end) {
    const begin = performance.now();
    await work();
    times.push(performance.now() - begin);
  }
  return times;
}

/** Rounds of all ways on one model at one number of tokens. */
async function compare({ model, bare, anchor, vocabulary }, n) {
  const { ids, inputs } = randomText(n, vocabulary);
  const asked = model.description.inputs.map(({ name }) => name);
  const given = Object.fromEntries(asked.map((name) => [name, inputs[name]]));
  const first = await model.states(given);
  const floor = isotropicFloor(n, first.d);
  const ways = {
    bare: () => bare.run(given),
    states: () => model.states(given),
    histograms: async () => measuresOf(await model.states(given), OF_A_NOTEBOOK, { bins: 200, intervals: false }),
    all: async () => measuresOf(await model.states(given), MEASURES, { floor }),
  };
  const times = { bare: [], states: [], histograms: [], all: [], forward: [], anchor: [] };
  const ratios = { states: [], all: [], anchor: [] };
  for (const work of Object.values(ways)) for (let i = 0; i < 3; i++) await work();
  let means = null;
  for (let round = 0; round < rounds; round++) {
    const now = {};
    for (const [name, work] of Object.entries(ways)) {
      now[name] = await timed(work);
      times[name].push(...now[name]);
    }
    ratios.states.push(median(now.states) / median(now.bare));
    ratios.all.push(median(now.all) / median(now.bare));
    if (!anchor) continue;
    await sleep(PAUSE);
    const { ms, mean } = await anchor.ask({ ids: [ids], seconds, threads });
    means = mean;
    times.forward.push(...ms.forward);
    times.anchor.push(...ms.total);
    ratios.anchor.push(median(ms.total) / median(now.histograms));
  }
  const ours = (await measuresOf(first, OF_A_NOTEBOOK, { bins: 200 })).map(
    ({ measures }) => measures.find(({ measure }) => measure === "mean_cosine").value,
  );
  const difference = means ? Math.max(...ours.map((value, k) => Math.abs(value - means[k]))) : null;
  return { times, ratios, difference };
}

async function measureModel(name, path) {
  const onnx = join(path, "onnx/model.onnx");
  const model = await openModel(onnx);
  const bare = await openBare(onnx);
  const anchor = await startAnchor(options.python, "probe.py", "measure", path);
  if (!anchor) say(`skipped: PyTorch's part (no PyTorch or transformers found by ${options.python})\n`);
  const { vocab_size: vocabulary } = JSON.parse(readFileSync(join(path, "config.json"), "utf8"));
  for (const n of options.tokens.split(",").map(Number)) {
    process.stderr.write(`${name}, ${n} tokens\n`);
    const { times, ratios, difference } = await compare({ model, bare, anchor, vocabulary }, n);
    const theirs = anchor
      ? [
          show(times.forward),
          show(times.anchor),
          `**${median(ratios.anchor).toFixed(2)}**`,
          difference.toExponential(0),
        ]
      : ["–", "–", "–", "–"];
    const mine = [show(times.bare), show(times.states), `**${median(ratios.states).toFixed(2)}**`];
    const more = [show(times.histograms), show(times.all), `**${median(ratios.all).toFixed(2)}**`];
    say(`| ${[name, n, ...mine, ...more, ...theirs].join(" | ")} |`);
  }
  anchor?.close();
  await bare.close();
  await model.close();
}

try {
  const load = loadavg()[0].toFixed(1);
  const machine = `${cpus()[0].model.trim()}, ${threads} cores, Node ${process.version}`;
  say(
    `${machine}; load at the start ${load}. ${rounds} rounds of ${seconds} s, milliseconds a text, medians (quartiles).\n`,
  );
  say(
    "| model | tokens | bare run | states | states/bare | and histograms | all measures | all/bare | PyTorch, forward | and histograms | theirs/ours | difference |",
  );
  say("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
  for (const path of options.model) await measureModel(basename(path), path);
  if (options.random || options.model.length === 0) {
    const { status } = spawnSync(options.python, [anchorPath("probe.py"), "make", folder], {
      stdio: ["ignore", 2, "ignore"],
    });
    if (status === 0) await measureModel("random BERT, 12 × 768", folder);
    else say(`\nskipped: the random BERT (no PyTorch or transformers found by ${options.python})`);
  }
  if (options.docs) putIntoDocs("probe", lines);
} finally {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
}

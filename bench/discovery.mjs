// Hidden states that tokensphere finds by dominators, against references: a Markdown table of every ONNX file below a
// folder that has a reference beside it.
//
//   npm run build && node bench/discovery.mjs [--checkpoints] FOLDER…
//
// With --checkpoints, the graphs that tokensphere writes for every checkpoint (model.safetensors, or a folder whose
// config_overrides.json names weights elsewhere and other depths and heads).
//
// A reference is reference.safetensors (hidden_states.k, last_block_output) with inputs.json, in the file's folder or,
// for DIR/extra/NAME/, in DIR/NAME/; or reference/*.safetensors of 2-D states with their input_ids.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { openModel, openSafetensors, readFloats, readInputs, readTensor } from "../dist/models/index.js";

const filesBelow = (folder) =>
  readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort();

const onnxFiles = (folder) =>
  filesBelow(folder)
    .filter((path) => path.endsWith(".onnx"))
    .map((path) => ({ name: relative(folder, path), path, options: {}, cases: () => cases(path) }));

/** Every checkpoint with a reference: as it is, and at the depths and heads that references exist for. */
const checkpoints = (folder) => filesBelow(folder).flatMap((path) => checkpoint(path).map((found) => named(folder, found)));

const named = (folder, { path, options, home, ...rest }) => {
  const overrides = Object.entries(options).map(([key, value]) => `, ${key} ${value}`);
  const file = basename(path) === "model.safetensors" ? "" : `/${basename(path)}`;
  return { name: `${relative(folder, home)}${file}${overrides.join("")}`, path, options, ...rest };
};

function checkpoint(path) {
  const home = dirname(path);
  if (basename(path) === "config_overrides.json") {
    const { weights, overrides } = JSON.parse(readFileSync(path, "utf8"));
    const options = { depth: overrides.num_hidden_layers, heads: overrides.num_attention_heads };
    return [{ home, path: resolve(home, weights), options, cases: () => cases(path) }];
  }
  if (!/^model.*\.safetensors$/.test(basename(path))) return [];
  if (existsSync(join(home, "inputs.json"))) return [{ home, path, options: {}, cases: () => cases(path) }];
  const references = join(home, "reference");
  const ends = existsSync(references) ? readdirSync(references).map((name) => /\.L(\d+)\.H(\d+)\./.exec(name)) : [];
  const settings = new Map(ends.filter(Boolean).map(([end, depth, heads]) => [end, { depth: +depth, heads: +heads }]));
  return [...settings].map(([end, options]) => ({ home, path, options, cases: () => textCases(references, end) }));
}

async function cases(path) {
  const folder = dirname(path);
  const plain = [folder, resolve(folder).replace(`${sep}extra${sep}`, sep)].find((home) => existsSync(join(home, "inputs.json")));
  if (plain) return [{ reference: join(plain, "reference.safetensors"), inputs: await readInputs(join(plain, "inputs.json")) }];
  const texts = join(dirname(folder), "reference");
  return existsSync(texts) ? textCases(texts, ".L12.H8.") : [];
}

function textCases(texts, end) {
  const names = readdirSync(texts).filter((name) => name.includes(end));
  return Promise.all(names.map(async (name) => textCase(join(texts, name))));
}

async function textCase(reference) {
  const file = await openSafetensors(reference);
  const ids = await readTensor(file, "input_ids");
  await file.close();
  return { reference, inputs: { input_ids: { ...ids, shape: [1, ids.shape.at(-1)] } } };
}

/** Differences over all positions, padding included; rms is relative to the reference. */
function compare(x, y) {
  if (x.length !== y.length) throw new Error(`${x.length} values against ${y.length}`);
  let [max, squares, total] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    max = Math.max(max, Math.abs(x[i] - y[i]));
    squares += (x[i] - y[i]) ** 2;
    total += y[i] ** 2;
  }
  return { max, rms: Math.sqrt(squares / total) };
}

/** The raw last block is `last_block_output` where the reference has it: its hidden_states.L is then already normed. */
function referenceName(file, layer, last) {
  const raw = file.tensors.has("last_block_output");
  if (layer === "final_norm") return file.tensors.has("last_hidden_state") ? "last_hidden_state" : `hidden_states.${last}`;
  return layer === last && raw ? "last_block_output" : `hidden_states.${layer}`;
}

async function measure({ path, options, cases }) {
  const started = performance.now();
  const model = await openModel(path, options);
  const found = performance.now() - started;
  const row = { max: null, rms: null, normMax: null, compared: 0, found };
  for (const { reference, inputs } of await cases()) {
    const known = Object.fromEntries(
      Object.entries(inputs).filter(([name]) => model.description.inputs.some((input) => input.name === name)),
    );
    const states = await model.states(known);
    const file = await openSafetensors(reference);
    for (const { layer, x } of states.layers) {
      const name = referenceName(file, layer, model.description.layers);
      if (!file.tensors.has(name)) continue; // Some references hold a few layers only.
      const y = await readFloats(file, name);
      const { max, rms } = compare(x, y.x);
      if (layer === "final_norm") row.normMax = Math.max(row.normMax ?? 0, max);
      else Object.assign(row, { max: Math.max(row.max ?? 0, max), rms: Math.max(row.rms ?? 0, rms), compared: row.compared + 1 });
    }
    await file.close();
  }
  await model.close();
  return { ...row, ...model.description };
}

const number = (value) => (value === null ? "–" : value.toExponential(1));
console.log("| file | layers | norm | products | states | max difference | relative RMS | final norm | found in ms |");
console.log("|---|---|---|---|---|---|---|---|---|");
const folders = process.argv.slice(2).filter((argument) => argument !== "--checkpoints");
const search = process.argv.includes("--checkpoints") ? checkpoints : onnxFiles;
for (const folder of folders) {
  for (const file of search(folder)) {
    const name = join(basename(folder), file.name);
    const row = await measure(file).catch((error) => ({ error }));
    if (row.error) console.log(`| ${name} | ${row.error.message} |`);
    else {
      const kind = `${row.norm}${row.parallel ? ", parallel" : ""}${row.shared_weights ? ", shared" : ""}`;
      const measures = [number(row.max), number(row.rms), number(row.normMax), row.found.toFixed(0)];
      console.log(`| ${[name, row.layers, kind, row.precision, row.compared, ...measures].join(" | ")} |`);
    }
  }
}

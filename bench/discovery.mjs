// Hidden states that tokensphere finds by dominators, and those of graphs that it writes for checkpoints, against
// references: Markdown tables of every file below some folders that has a reference.
//
//   npm run build && node bench/discovery.mjs [--onnx | --checkpoints] [--float64 FOLDER] FOLDER…
//
// Without a choice both tables. --float64 names states that bench/rounding/albert_float64.py wrote for references of the
// folders: a third table then says how far float32 states, the reference's and ours, are from them.
//
// A reference is reference.safetensors (hidden_states.k, last_block_output) with inputs.json, in the file's folder or,
// for DIR/extra/NAME/, in DIR/NAME/; or reference/*.L12.H8.safetensors of 2-D states with their input_ids, for 12 layers
// and 8 heads; or fixtures/*.safetensors with input_ids and num_hidden_layers in a .json file beside. A folder whose
// config_overrides.json names weights elsewhere is a checkpoint at other depths and heads.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { parseArgs } from "node:util";
import { openModel, openSafetensors, readFloats, readInputs, readTensor } from "../dist/models/index.js";
import { compare, kindOf, measure, scientific } from "./reference-states.mjs";

const filesBelow = (folder) =>
  readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && !path.includes(`${sep}training${sep}`))
    .sort();

const onnxFiles = (folder) =>
  filesBelow(folder)
    .filter((path) => path.endsWith(".onnx"))
    .flatMap((path) =>
      atDepths(path, dirname(dirname(path))).map((found) => ({
        ...found,
        name: `${relative(folder, path)}${found.name}`,
      })),
    );

/**
 * A file with references of texts, once for each depth and number of heads that there are; else once, as it is.
 *
 * @returns {any[]}
 */
function atDepths(path, home, own = "as it is") {
  /** @type {any[]} */
  const settings = [...settingsOf(join(home, "reference")), ...depthsOf(join(home, "fixtures"))];
  if (settings.length === 0) return [{ path, name: "", options: {}, cases: () => plainCases(path) }];
  const isOwn = ({ heads, depth }) => own === "any" || (heads ?? 8) !== 1 || depth === 12;
  return settings
    .filter(isOwn)
    .map(({ cases, ...options }) => ({ path, name: inWords(options), options: whatDiffers(options, own), cases }));
}

/** An ONNX file has its heads, and at its own depth nothing is repeated. */
const whatDiffers = ({ depth, heads }, own) =>
  own === "any" ? { depth, ...(heads ? { heads } : {}) } : depth === 12 ? {} : { depth };
const inWords = (options) =>
  Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `, ${key} ${value}`)
    .join("");

function settingsOf(folder) {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const ends = new Map(
    names
      .map((name) => /\.L(\d+)\.H(\d+)\./.exec(name))
      .filter(Boolean)
      .map(([end, depth, heads]) => [end, { depth: +depth, heads: +heads }]),
  );
  return [...ends].map(([end, options]) => ({
    ...options,
    cases: () =>
      textCases(
        folder,
        names.filter((name) => name.includes(end)),
      ),
  }));
}

function depthsOf(folder) {
  const names = (existsSync(folder) ? readdirSync(folder) : []).filter((name) => name.endsWith(".json"));
  const depthOf = (name) => JSON.parse(readFileSync(join(folder, name), "utf8")).num_hidden_layers;
  return [...new Set(names.map(depthOf))]
    .sort((a, b) => a - b)
    .map((depth) => ({
      depth,
      cases: async () => names.filter((name) => depthOf(name) === depth).map((name) => listedCase(folder, name)),
    }));
}

function listedCase(folder, name) {
  const ids = JSON.parse(readFileSync(join(folder, name), "utf8")).input_ids;
  const input_ids = { dtype: "int64", shape: [1, ids.length], data: BigInt64Array.from(ids, BigInt) };
  return { reference: join(folder, name.replace(/json$/, "safetensors")), inputs: { input_ids } };
}

/** Every checkpoint with a reference: as it is, and at the depths and heads that references exist for. */
const checkpoints = (folder) =>
  filesBelow(folder).flatMap((path) =>
    checkpoint(path).map(({ home, name = "", ...rest }) => {
      const file = basename(rest.path) === "model.safetensors" ? "" : `/${basename(rest.path)}`;
      return { ...rest, name: `${relative(folder, home) || "model.safetensors"}${file}${name}` };
    }),
  );

function checkpoint(path) {
  const home = dirname(path);
  if (basename(path) === "config_overrides.json") {
    const { weights, overrides } = JSON.parse(readFileSync(path, "utf8"));
    const options = { depth: overrides.num_hidden_layers, heads: overrides.num_attention_heads };
    return [{ home, path: resolve(home, weights), name: inWords(options), options, cases: () => plainCases(path) }];
  }
  if (!/^model.*\.safetensors$/.test(basename(path))) return [];
  if (existsSync(join(home, "inputs.json"))) return [{ home, path, options: {}, cases: () => plainCases(path) }];
  const found = atDepths(path, home, "any");
  return found[0].name === "" ? [] : found.map((one) => ({ home, ...one }));
}

async function plainCases(path) {
  const folder = dirname(path);
  const home = [folder, resolve(folder).replace(`${sep}extra${sep}`, sep)].find((one) =>
    existsSync(join(one, "inputs.json")),
  );
  if (!home) throw new Error(`no reference for ${path}`);
  return [{ reference: join(home, "reference.safetensors"), inputs: await readInputs(join(home, "inputs.json")) }];
}

const textCases = (folder, names) => Promise.all(names.map((name) => textCase(join(folder, name))));

async function textCase(reference) {
  const file = await openSafetensors(reference);
  const ids = await readTensor(file, "input_ids");
  await file.close();
  return { reference, inputs: { input_ids: { ...ids, shape: [1, ids.shape.at(-1)] } } };
}

async function table(title, search, folders) {
  console.log(`${title}\n`);
  console.log(
    "| file | layers | norm | products | states | max difference | relative RMS | final norm | found in ms |",
  );
  console.log("|---|---|---|---|---|---|---|---|---|");
  for (const folder of folders) {
    for (const file of search(folder)) {
      const name = join(basename(resolve(folder)), file.name);
      const row = await measure(file).catch((/** @type {Error} */ error) => error);
      if (row instanceof Error) {
        console.log(`| ${name} | ${row.message} |`);
        continue;
      }
      const measures = [scientific(row.max), scientific(row.rms), scientific(row.normMax), row.found.toFixed(0)];
      console.log(`| ${[name, row.layers, kindOf(row), row.precision, row.compared, ...measures].join(" | ")} |`);
    }
  }
  console.log("");
}

/** The mean over all pairs of different positions of the cosine of their states. */
function meanCosine(x, n) {
  const d = x.length / n;
  const sum = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    let square = 0;
    for (let k = 0; k < d; k++) square += x[i * d + k] ** 2;
    for (let k = 0; k < d; k++) sum[k] += x[i * d + k] / Math.sqrt(square);
  }
  return (sum.reduce((total, value) => total + value * value, 0) - n) / (n * (n - 1));
}

/** Three states of each layer that a reference holds: the reference's, ours, and those in float64. */
async function rounding(exact, folders) {
  console.log(
    "Float32 states against float64 ones of the same model: relative RMS, and differences of the mean cosine of pairs\n",
  );
  console.log(
    "| reference | layer | reference to float64 | ours to float64 | ours to reference | mean cosine | reference − float64 | ours − float64 | ours − reference |",
  );
  console.log("|---|---|---|---|---|---|---|---|---|");
  for (const file of folders.flatMap(checkpoints)) {
    for (const { reference, inputs } of await file.cases()) {
      const path = join(exact, basename(reference));
      if (!existsSync(path)) continue;
      const model = await openModel(file.path, file.options);
      const ours = await model.states(inputs);
      const [given, right] = [await openSafetensors(reference), await openSafetensors(path)];
      for (const { layer, x } of ours.layers) {
        const name = `hidden_states.${layer}`;
        if (!given.tensors.has(name) || layer === 0) continue;
        const [y, z] = [(await readFloats(given, name)).x, (await readFloats(right, name)).x];
        const distances = [compare(y, z), compare(x, z), compare(x, y)].map(({ rms }) => scientific(rms));
        const [a, b, c] = [x, y, z].map((states) => meanCosine(states, ours.n));
        const cosines = [c.toFixed(6), ...[b - c, a - c, a - b].map(scientific)];
        console.log(`| ${[basename(reference, ".safetensors"), layer, ...distances, ...cosines].join(" | ")} |`);
      }
      await Promise.all([given.close(), right.close(), model.close()]);
    }
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { onnx: { type: "boolean" }, checkpoints: { type: "boolean" }, float64: { type: "string" } },
});
if (!values.checkpoints) await table("ONNX files", onnxFiles, positionals);
if (!values.onnx) await table("Checkpoints", checkpoints, positionals);
if (values.float64) await rounding(values.float64, positionals);

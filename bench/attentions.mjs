// Attention probabilities and resid_mid that tokensphere finds, against references: a Markdown table of every ONNX file
// and checkpoint below a folder.
//
//   npm run build && node bench/attentions.mjs FOLDER…
//
// In each file's folder (or, for DIR/extra/NAME/, in DIR/NAME/) lie inputs.json and reference.safetensors with
// attentions.k; resid_mid.safetensors with resid_mid.k lies there too, or in test/fixtures/models/NAME.
// config_overrides.json names weights elsewhere and other depths and heads. Rows of padding are not compared.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { openModel, openSafetensors, readFloats, readInputs } from "../dist/models/index.js";

const modelsBelow = (folder) =>
  readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && /(\.onnx|model\w*\.safetensors|config_overrides\.json)$/.test(path))
    .sort();

function setting(path) {
  if (basename(path) !== "config_overrides.json") return { path, options: {} };
  const { weights, overrides } = JSON.parse(readFileSync(path, "utf8"));
  const options = { depth: overrides.num_hidden_layers, heads: overrides.num_attention_heads };
  return { path: resolve(dirname(path), weights), options };
}

const homeOf = (path) =>
  [dirname(path), resolve(dirname(path)).replace(`${sep}extra${sep}`, sep)].find((folder) =>
    existsSync(join(folder, "inputs.json")),
  );

async function readAll(path, stem) {
  const found = new Map();
  if (!existsSync(path)) return found;
  const file = await openSafetensors(path);
  for (const name of file.tensors.keys()) {
    if (name.startsWith(`${stem}.`)) found.set(Number(name.slice(stem.length + 1)), (await readFloats(file, name)).x);
  }
  await file.close();
  return found;
}

/** Beside the model, or beside the fixture of the same name and weights. */
const midFile = (home) =>
  [home, resolve(import.meta.dirname, "../test/fixtures/models", basename(home))]
    .map((folder) => join(folder, "resid_mid.safetensors"))
    .find((path) => existsSync(path)) ?? "";

/** Largest difference over rows of `width` numbers that count; `rowsPerText` of each text, `n` positions in turn. */
function largest(x, y, width, heads, { n, mask }) {
  if (x.length !== y.length) throw new Error(`${x.length} values against ${y.length}`);
  let max = 0;
  for (let row = 0; row < x.length / width; row++) {
    if (mask[Math.floor(row / (heads * n)) * n + (row % n)] === 0) continue;
    for (let k = row * width; k < (row + 1) * width; k++) max = Math.max(max, Math.abs(x[k] - y[k]));
  }
  return max;
}

async function measure(path) {
  const home = homeOf(path);
  const { path: file, options } = setting(path);
  const warnings = [];
  const open = (wanted) =>
    openModel(file, { ...options, ...wanted, warn: (message) => warnings.push(message) }).catch((error) => {
      const lacking = { "no attention": "attentions", "no resid_mid": "residMid" }[error.message.slice(0, 12)];
      if (!lacking) throw error;
      warnings.push(error.message.split(". ")[0]);
      return open({ ...wanted, [lacking]: false });
    });
  const model = await open({ residMid: true, attentions: true });
  const given = await readInputs(join(home, "inputs.json"));
  const known = model.description.inputs.map(({ name }) => name);
  const states = await model.states(Object.fromEntries(Object.entries(given).filter(([name]) => known.includes(name))));
  await model.close();
  const attentions = await readAll(join(home, "reference.safetensors"), "attentions");
  const mids = await readAll(midFile(home), "resid_mid");
  const best = { attentions: null, compared: 0, mid: null, mids: 0, heads: states.attentions?.[0]?.heads ?? null };
  for (const { layer, heads, probabilities } of states.attentions ?? []) {
    if (!attentions.has(layer)) continue;
    best.attentions = Math.max(
      best.attentions ?? 0,
      largest(probabilities, attentions.get(layer), states.n, heads, states),
    );
    best.compared++;
  }
  for (const { layer, x } of states.residMid ?? []) {
    if (!mids.has(layer)) continue;
    best.mid = Math.max(best.mid ?? 0, largest(x, mids.get(layer), states.d, 1, states));
    best.mids++;
  }
  return { ...best, notes: warnings.filter((message) => message.startsWith("no ")).join("; ") };
}

const firstSentence = (error) => error.message.split(/\. |: \//)[0];
const number = (value) => (value === null ? "–" : value.toExponential(1));
console.log("| file | heads | attentions compared | max difference | resid_mid compared | max difference | said |");
console.log("|---|---|---|---|---|---|---|");
for (const folder of process.argv.slice(2)) {
  for (const path of modelsBelow(folder).filter(homeOf)) {
    const name = join(basename(folder), relative(folder, path));
    const row = await measure(path).catch((/** @type {Error} */ error) => error);
    if (row instanceof Error) console.log(`| ${name} | ${firstSentence(row)} |`);
    else
      console.log(
        `| ${[name, row.heads ?? "–", row.compared, number(row.attentions), row.mids, number(row.mid), row.notes].join(" | ")} |`,
      );
  }
}

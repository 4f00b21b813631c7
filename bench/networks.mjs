// What the comparison says of real networks: rivals and families at four levels, beta by layer, and the tool's own sentences.
// Usage: node bench/networks.mjs SHARED [--only NAME] [--out FOLDER] [--done] [--docs]   (after `npm run build`; SHARED holds models/ and fixtures/)
// Every row is one `tokensphere compare … --json`, whose command is printed. Results lie in FOLDER (default runs/networks) and are taken
// from there when run again; with --done only what is there is told of. With --docs docs/networks.md is written between its marks.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { putIntoDocs } from "./put-into-docs.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: "string" },
    out: { type: "string", default: "runs/networks" },
    done: { type: "boolean" },
    docs: { type: "boolean" },
  },
});
const [shared] = positionals;
if (!shared) throw new Error("give the folder that holds models/ and fixtures/");
const CLI = fileURLToPath(new URL("../dist/src/cli.js", import.meta.url));
const rxn = join(shared, "models/rxnmapper-albert");
const llama = join(shared, "models/stories-llama");
const vit = join(shared, "fixtures/vit");
const reactions = JSON.parse(readFileSync(join(rxn, "reference/cosine.json"), "utf8"));
const texts = ["amide-coupling", "suzuki", "pictet-spengler"].flatMap((name) => [
  "--text",
  reactions[`${name}.L12.H8`].text,
]);

/** What is read, by the name of its row. A control of what is itself untrained would be the same again. */
const NETWORKS = [
  ["bundled", []],
  ["bundled, untrained", ["--random-init", "1"]],
  ["bundled, tokens shuffled", ["--shuffle-tokens", "1"]],
  ["rxnmapper-albert", [rxn, ...texts]],
  ["rxnmapper-albert, 1 head", [rxn, ...texts, "--heads", "1"]],
  ["rxnmapper-albert, depth 48", [rxn, ...texts, "--depth", "48"]],
  ["rxnmapper-albert, depth 48, 1 head", [rxn, ...texts, "--depth", "48", "--heads", "1"]],
  ["stories-llama (decoder)", [llama, "--text-file", join(llama, "story.txt")]],
  ["ViT (random weights)", [vit, "--inputs", join(vit, "inputs.json")]],
];
/** Most layers that a table of layers has room for. */
const MOST_COLUMNS = 14;

const folder = options.out;
mkdirSync(folder, { recursive: true });
const asked = NETWORKS.filter(
  ([name]) =>
    (!options.only || name === options.only) && (!options.done || existsSync(join(placeOf(name), "fit.json"))),
);
const fits = asked.map(([name, args]) => [name, compared(name, args)]);

function placeOf(name) {
  return join(folder, name.replace(/[^a-z0-9]+/gi, "-"));
}

/** The fit of one network: from its folder where it is there already. */
function compared(name, args) {
  const out = placeOf(name);
  const file = join(out, "fit.json");
  if (!existsSync(file)) {
    const command = ["compare", ...args, "--seed", "1", "--out", out, "--force"];
    console.error(`tokensphere ${command.map((word) => word.replace(shared, "SHARED")).join(" ")}`);
    const { status, stderr } = spawnSync(process.execPath, [CLI, ...command], { encoding: "utf8" });
    if (status !== 0) throw new Error(`${name}: ${stderr}`);
  }
  return JSON.parse(readFileSync(file, "utf8"));
}

const percent = (share) =>
  share === null || share === undefined ? "–" : `${(100 * share).toFixed(0)}`.replace("-", "−");
const number = (value) => (value === null || value === undefined ? "–" : String(Number(value.toPrecision(2))));
const table = (head, rows) => [
  `| ${head.join(" | ")} |`,
  `| ${head.map((_, i) => (i === 0 ? "---" : "---:")).join(" | ")} |`,
  ...rows.map((row) => `| ${row.join(" | ")} |`),
];

const moving = ({ families }) => families.filter(({ name }) => name !== "frozen");
/** Of a decoder causal SA stands in SA's column. */
const plainName = (name) => name.replace(/_causal$/, "");

/** Every predictor of a fit at one level, by name. */
function skills(fit, key) {
  const own = key === "w1_skill" ? "skill" : key;
  return new Map([
    ...moving(fit).map((family) => [plainName(family.name), family[own]]),
    ["averaging", fit.rivals.find(({ name }) => name === "averaging")?.[key] ?? fit.averaging[own]],
    ...fit.rivals.map((rival) => [rival.name, rival[key]]),
  ]);
}

const COLUMNS = [
  "sa",
  "usa",
  "averaging",
  "common_motion",
  "linear_map",
  "reshape",
  "interpolation",
  "permuted",
  "shuffled",
  "untrained",
];
const level = (key) =>
  table(
    ["", ...COLUMNS.map((name) => name.replace("_", " "))],
    fits.map(([name, fit]) => {
      const by = skills(fit, key);
      return [name, ...COLUMNS.map((column) => percent(by.get(column)))];
    }),
  );

const summary = table(
  ["", "texts", "tokens", "layers", "SA: β", "USA: β", "nearest", "conclusion", "text by text"],
  fits.map(([name, fit]) => {
    const beta = (family) => {
      const one = fit.families.find((f) => plainName(f.name) === family);
      const interval = one?.beta_interval ? ` (${one.beta_interval.map(number).join("–")})` : "";
      return `${number(one?.beta)}${interval}`;
    };
    const each = fit.conclusions.map(({ conclusion }) => conclusion.replace("_", " ")).join(", ");
    const { observed } = fit;
    return [
      name,
      observed.texts,
      observed.n.join(", "),
      observed.layers.length,
      beta("sa"),
      beta("usa"),
      fit.tie.length > 0 ? fit.tie.join(" = ") : fit.best,
      `**${fit.conclusion.replace("_", " ")}**`,
      each,
    ];
  }),
);

/** Layers that are left, thinned evenly to what a table has room for. */
function shownLayers(fit) {
  const layers = [...new Set(fit.updates.map(({ layer }) => layer))].sort((a, b) => a - b);
  const every = Math.ceil(layers.length / MOST_COLUMNS);
  return layers.filter((_, i) => i % every === 0);
}

/** What SA adds in the steps from some layers, beyond its null or not, at which β: the first text. */
function updateTable(layers, some) {
  return table(
    ["leaving layer", ...layers],
    some.map(([name, fit]) => [
      name,
      ...layers.map((layer) => {
        const row = fit.updates.find((r) => r.text === 0 && r.layer === layer && plainName(r.field) === "sa");
        if (!row || row.added === null) return "";
        const beyond = row.null !== null && row.added > row.null;
        return beyond ? `**${percent(row.added)}** at ${number(row.beta)}` : `${percent(row.added)}`;
      }),
    ]),
  );
}

const depths = [...new Set(fits.map(([, fit]) => shownLayers(fit).join()))];
const updates = depths.flatMap((key) => {
  const some = fits.filter(([, fit]) => shownLayers(fit).join() === key);
  return [...updateTable(key.split(",").map(Number), some), ""];
});

const lines = [
  "### What is concluded",
  ...["", ...summary, ""],
  "### Distribution: share of the change of the histograms, %",
  ...["", ...level("w1_skill"), ""],
  "### Pairs: share of the change of each pair's inner product, %",
  ...["", ...level("pair_skill"), ""],
  "### Tokens: share of the way that each token goes, %",
  ...["", ...level("token_skill"), ""],
  "### Updates: what SA adds to the change of inner products in one step (%, bold where beyond its null, with its β; first text)",
  ...["", ...updates],
  "### In the tool's own words",
  ...fits.flatMap(([name, fit]) => ["", `**${name}.** ${fit.verdict}`]),
];
writeFileSync(join(folder, "networks.md"), `${lines.join("\n")}\n`);
if (options.docs) putIntoDocs("networks", lines, "networks.md");
console.log(lines.join("\n"));

// What the comparison says of real networks: rivals and families at four levels, beta by layer, and the tool's own sentences.
// Usage: node bench/networks.mjs SHARED [--only NAME] [--out FOLDER] [--docs]   (after `npm run build`; SHARED holds models/ and fixtures/)
// Every row is one `tokensphere compare … --json`, whose command is printed. Results lie in FOLDER (default runs/networks) and are taken
// from there when run again. With --docs docs/networks.md is written between its marks.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { putIntoDocs } from "./put-into-docs.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: "string" }, out: { type: "string", default: "runs/networks" }, docs: { type: "boolean" } },
});
const [shared] = positionals;
if (!shared) throw new Error("give the folder that holds models/ and fixtures/");
const CLI = fileURLToPath(new URL("../dist/src/cli.js", import.meta.url));
const rxn = join(shared, "models/rxnmapper-albert");
const llama = join(shared, "models/stories-llama");
const vit = join(shared, "fixtures/vit");
const reactions = JSON.parse(readFileSync(join(rxn, "reference/texts.json"), "utf8"));
const texts = Object.values(reactions).flatMap((text) => ["--text", text]);

/** What is read, by the name of its row. */
const NETWORKS = [
  ["bundled", []],
  ["bundled, untrained", ["--random-init", "1"]],
  ["bundled, tokens shuffled", ["--shuffle-tokens", "1"]],
  ["rxnmapper-albert", [rxn, ...texts]],
  ["rxnmapper-albert, 1 head", [rxn, ...texts, "--heads", "1"]],
  ["rxnmapper-albert, depth 48", [rxn, ...texts, "--depth", "48"]],
  ["rxnmapper-albert, depth 48, 1 head", [rxn, ...texts, "--depth", "48", "--heads", "1"]],
  ["stories-llama", [llama, "--text-file", join(llama, "story.txt")]],
  ["ViT (random weights)", [vit, "--inputs", join(vit, "in.json")]],
];

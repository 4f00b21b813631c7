// Hidden states that tokensphere finds, against those of many architectures' own code: a Markdown table, and the refusals
// word by word.
//
//   python bench/architectures/make.py OUT && npm run build && node bench/architectures.mjs OUT [NAME…]
//
// Ends with 1 where a state is further than 2e-5 from the reference or a layer is missing: a wrong answer. A refusal is none.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readInputs } from "../dist/models/index.js";
import { kindOf, measure, scientific } from "./reference-states.mjs";

const TOLERANCE = 2e-5;
const FILES = ["model.onnx", "model_sdpa.onnx", "model_dynamo.onnx", "model_fused.onnx"];
const [out, ...only] = process.argv.slice(2);
const names = readdirSync(out).filter(
  (name) => existsSync(join(out, name, "exports.json")) && (only.length === 0 || only.includes(name)),
);
const refusals = new Map();
let wrong = 0;

async function cellOf(name, file, failure) {
  if (failure !== null)
    return { text: /^(differs|does not)/.test(failure) ? "export unfaithful" : "not exported", row: null };
  const home = join(out, name);
  const cases = async () => [
    { reference: join(home, "reference.safetensors"), inputs: await readInputs(join(home, "inputs.json")) },
  ];
  try {
    const row = await measure({ path: join(home, file), cases });
    const whole = row.compared === row.expected && row.max <= TOLERANCE && (row.normMax ?? 0) <= TOLERANCE;
    if (!whole) wrong++;
    const norm = row.normMax === null ? "" : `, ${scientific(row.normMax)}`;
    return {
      text: `${scientific(row.max)}${norm}${whole ? "" : ` WRONG (${row.compared} of ${row.expected} states)`}`,
      row,
    };
  } catch (error) {
    if (error.name !== "TokensphereError") wrong++;
    const message = error.message.replaceAll(`${out}/`, "");
    refusals.set(message, [...(refusals.get(message) ?? []), `${name}/${file}`]);
    return { text: error.name === "TokensphereError" ? "refused" : `CRASH ${error.message}`, row: null };
  }
}

console.log("| architecture | layers | norm | TorchScript 14 | sdpa 17 | dynamo 18 | fused by ORT |");
console.log("|---|---|---|---|---|---|---|");
for (const name of names) {
  const exported = JSON.parse(readFileSync(join(out, name, "exports.json"), "utf8"));
  const cells = [];
  for (const file of FILES) cells.push(await cellOf(name, file, file in exported ? exported[file] : ""));
  const row = cells.find((cell) => cell.row)?.row;
  console.log(
    `| ${[name, row?.layers ?? "–", row ? kindOf(row) : "–", ...cells.map(({ text }) => text)].join(" | ")} |`,
  );
}
if (refusals.size > 0) console.log("\nRefused:\n");
for (const [message, files] of refusals) console.log(`- ${files.join(", ")}: ${message}`);
process.exitCode = wrong > 0 ? 1 : 0;

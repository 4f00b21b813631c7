// Runs a folder of inputs, one folder a kind, through inspect and probe; one line each: the exit code and what was said.
//
//     npm run build
//     node bench/field.mjs FOLDER
//
// A kind is every folder below FOLDER that holds a model or states. Raw inputs are `in.json`, texts `*.txt` beside them.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const CLI = fileURLToPath(new URL("../dist/src/cli.js", import.meta.url));
const STATES = /\.(npz|npy)$/;
const MODEL = /^(model\.(onnx|safetensors)|tokenizer\.json)$/;

const [home] = process.argv.slice(2);
if (!home) {
  console.error("no folder. give one: node bench/field.mjs FOLDER");
  process.exit(2);
}

const out = mkdtempSync(join(tmpdir(), "tokensphere-field-"));
try {
  for (const { reference, flags } of kindsIn(home)) {
    console.log(line(relative(home, reference), "inspect", ["inspect", reference]));
    console.log(
      line(relative(home, reference), "probe", ["probe", reference, ...flags, "--out", join(out, "run"), "--force"]),
    );
  }
} finally {
  rmSync(out, { recursive: true, force: true });
}

function kindsIn(folder) {
  const entries = readdirSync(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  const text = names.find((name) => name.endsWith(".txt"));
  const inputs = names.includes("in.json") ? ["--inputs", join(folder, "in.json")] : [];
  const texts = text ? ["--text-file", join(folder, text)] : ["--text", "a b c"];
  const flags = inputs.length > 0 ? inputs : texts;
  const found = names.some((name) => MODEL.test(name)) ? [{ reference: folder, flags }] : [];
  const tensors = (name) => name.endsWith(".safetensors") && !MODEL.test(name) && !name.startsWith("ref");
  const states = names.filter((name) => STATES.test(name) || tensors(name));
  return [
    ...found,
    ...states.map((name) => ({ reference: join(folder, name), flags: [] })),
    ...entries.filter((entry) => entry.isDirectory()).flatMap(({ name }) => kindsIn(join(folder, name))),
  ];
}

/** The last layer's row where the run has one, else the first line of what went wrong; notes in front. */
function line(name, command, args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    encoding: "utf8",
    cwd: dirname(CLI),
  });
  const said = stderr.split("\n").filter((text) => text !== "");
  const rows = stdout.split("\n").filter((text) => /^ *\d+ /.test(text));
  const result =
    command === "probe" && rows.length > 0 ? `last layer ${rows.at(-1).trim().split(/ +/).slice(0, 2).join(": ")}` : "";
  return [name, command, `exit ${status}`, ...said, result]
    .filter((part) => part !== "")
    .join(" | ")
    .slice(0, 400);
}

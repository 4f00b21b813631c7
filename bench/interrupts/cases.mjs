// Command lines that work for a very long time, each in another place: in WebAssembly, in JavaScript, in a library that blocks its thread.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encodeModel } from "../../dist/models/index.js";
import { GRAPH, MODEL, NODE } from "../../dist/models/onnx/onnx-proto.js";
import { readFields } from "../../dist/models/onnx/wire-reader.js";
import { bytesField, concatBytes, intField } from "../../dist/models/onnx/wire-writer.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BUNDLED = join(ROOT, "models/bundled");

/** What is started, by what it is at; folders of theirs are made in `home`. */
export function cases(home) {
  const long = "--times 0,1e4 --max-steps 1000000000";
  return {
    "simulate, n = 10⁶": `simulate --dynamics sa --beta 1 --n 1000000 --d 3 --engine simd ${long} --out big`,
    "simulate, d = 4096": `simulate --dynamics sa --beta 1 --n 3000 --d 4096 ${long} --out wide`,
    "simulate --layer-steps": `simulate --dynamics sa --beta 1 --n 20000 --d 64 --layer-steps 10000 --step 0.1 --out layers`,
    "mean-field chaos":
      "mean-field chaos --beta 4 --start uniform:0.1:1 --sizes 100000 --copies 1000 --time 100 --out chaos",
    fit: `fit ${join(ROOT, "examples/states.npz")} --bootstrap 100000 --out fitted`,
    "sweep, two helpers":
      "sweep --dynamics sa --n 64 --d 3 --betas 1,2,3 --times 0,1e3 --seeds 10000 --workers 2 --out swept",
    "an ONNX Loop of 2⁶² rounds": `probe ${loopModel(join(home, "loop"))} --text Hello --out looped`,
    "a tokenizer's pattern that never ends": `probe ${patternModel(join(home, "pattern"))} --text ${"a".repeat(64)}b --out parted`,
  };
}

/** The bundled model with a pattern that tries every way to part a row of letters. */
function patternModel(folder) {
  mkdirSync(folder);
  for (const name of ["config.json", "model.safetensors", "tokenizer_config.json", "special_tokens_map.json"])
    cpSync(join(BUNDLED, name), join(folder, name));
  const tokenizer = JSON.parse(readFileSync(join(BUNDLED, "tokenizer.json"), "utf8"));
  tokenizer.pre_tokenizer = { type: "Split", pattern: { Regex: "^(a+)+$" }, behavior: "Isolated", invert: false };
  writeFileSync(join(folder, "tokenizer.json"), JSON.stringify(tokenizer));
  return folder;
}

/** The bundled model, whose mask goes round a Loop before anything reads it. */
function loopModel(folder) {
  cpSync(BUNDLED, folder, { recursive: true, filter: (path) => !/training|fixtures|model\.safetensors/.test(path) });
  const path = join(folder, "onnx/model.onnx");
  const model = readFileSync(path);
  const [graph] = fieldsOf(model, MODEL.graph);
  const nodes = fieldsOf(graph, GRAPH.node).map((node) => bytesField(GRAPH.node, renamed(node)));
  const rest = withoutField(graph, GRAPH.node);
  const rounds = { name: "rounds", type: "int64", dims: [], data: [2n ** 62n] };
  const constant = fieldsOf(only(encodeModel(spec([], [rounds]))), GRAPH.initializer)[0];
  const added = [bytesField(GRAPH.initializer, constant), bytesField(GRAPH.node, loopNode())];
  writeFileSync(
    path,
    concatBytes([withoutField(model, MODEL.graph), bytesField(MODEL.graph, concatBytes([...added, ...nodes, rest]))]),
  );
  return folder;
}

function loopNode() {
  const body = only(
    encodeModel({
      opset: 17,
      inputs: [scalar("i", "int64"), scalar("go", "bool"), mask("in")],
      outputs: [scalar("goes", "bool"), mask("out")],
      nodes: [
        { op: "Identity", inputs: ["go"], outputs: ["goes"] },
        { op: "Identity", inputs: ["in"], outputs: ["out"] },
      ],
      initializers: [],
    }),
  );
  const fields = [["rounds", ""], ["attention_mask"]].flat().map((name) => bytesField(NODE.input, name));
  const attribute = concatBytes([bytesField(1, "body"), bytesField(6, body), intField(20, 5)]);
  return concatBytes([
    ...fields,
    bytesField(NODE.output, "mask_after"),
    bytesField(NODE.op_type, "Loop"),
    bytesField(NODE.attribute, attribute),
  ]);
}

const scalar = (name, type) => ({ name, type, dims: [] });
const mask = (name) => ({ name, type: "int64", dims: ["b", "n"] });
const spec = (nodes, initializers) => ({ opset: 17, inputs: [], outputs: [], nodes, initializers });
const only = (bytes) => fieldsOf(bytes, MODEL.graph)[0];

/** A node that reads the mask reads what comes of the loop. */
function renamed(node) {
  const parts = piecesOf(node).map(({ number, payload, whole }) =>
    number === NODE.input && String(Buffer.from(payload)) === "attention_mask"
      ? bytesField(NODE.input, "mask_after")
      : whole,
  );
  return concatBytes(parts);
}

/** Fields follow each other without gaps. */
function piecesOf(bytes) {
  let from = 0;
  return [...readFields(bytes)].map(({ field: number, start, end }) => {
    const piece = { number, payload: bytes.subarray(start, end), whole: bytes.subarray(from, end) };
    from = end;
    return piece;
  });
}
const fieldsOf = (bytes, wanted) =>
  piecesOf(bytes).flatMap(({ number, payload }) => (number === wanted ? [payload] : []));
const withoutField = (bytes, other) =>
  concatBytes(piecesOf(bytes).flatMap(({ number, whole }) => (number === other ? [] : [whole])));

// Memory that probing a checkpoint takes, over the size of its file: a Markdown table.
//
//   npm run build && node bench/memory.mjs [--megabytes 1024] [--folder TEMPORARY]
//
// Writes checkpoints of random weights (a BERT in float32, a Llama in float32, in shards, in bfloat16 and float16), probes
// each on 128 tokens in a process of its own and deletes it. `peak` is the largest resident memory of that process; `ratio`
// is the peak without the states that are kept, over the file. Mapped pages of the file count as resident while they are
// used, though the system may drop them.
import { fork } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const TOKENS = 128;
const WIDTH = 1024;
const BYTES = { F32: 4, F16: 2, BF16: 2 };

const linear = (name, out, inside) => ({ [`${name}.weight`]: [out, inside], [`${name}.bias`]: [out] });
const norm = (name) => ({ [`${name}.weight`]: [WIDTH], [`${name}.bias`]: [WIDTH] });

function bert(layers) {
  const config = {
    model_type: "bert",
    vocab_size: 30522,
    hidden_size: WIDTH,
    num_hidden_layers: layers,
    num_attention_heads: 16,
  };
  const tensors = {
    "embeddings.word_embeddings.weight": [30522, WIDTH],
    "embeddings.position_embeddings.weight": [512, WIDTH],
    "embeddings.token_type_embeddings.weight": [2, WIDTH],
    ...norm("embeddings.LayerNorm"),
  };
  for (let k = 0; k < layers; k++) {
    const block = `encoder.layer.${k}.`;
    for (const part of ["self.query", "self.key", "self.value", "output.dense"])
      Object.assign(tensors, linear(`${block}attention.${part}`, WIDTH, WIDTH));
    Object.assign(
      tensors,
      linear(`${block}intermediate.dense`, 4 * WIDTH, WIDTH),
      linear(`${block}output.dense`, WIDTH, 4 * WIDTH),
    );
    Object.assign(tensors, norm(`${block}attention.output.LayerNorm`), norm(`${block}output.LayerNorm`));
  }
  return { config: { ...config, intermediate_size: 4 * WIDTH, max_position_embeddings: 512 }, tensors };
}

function llama(layers) {
  const config = {
    model_type: "llama",
    vocab_size: 32000,
    hidden_size: WIDTH,
    num_hidden_layers: layers,
    num_attention_heads: 16,
  };
  const tensors = { "embed_tokens.weight": [32000, WIDTH], "norm.weight": [WIDTH] };
  for (let k = 0; k < layers; k++) {
    const block = `layers.${k}.`;
    for (const part of ["q", "k", "v", "o"]) tensors[`${block}self_attn.${part}_proj.weight`] = [WIDTH, WIDTH];
    for (const part of ["gate", "up"]) tensors[`${block}mlp.${part}_proj.weight`] = [4 * WIDTH, WIDTH];
    tensors[`${block}mlp.down_proj.weight`] = [WIDTH, 4 * WIDTH];
    for (const part of ["input_layernorm", "post_attention_layernorm"]) tensors[`${block}${part}.weight`] = [WIDTH];
  }
  return {
    config: {
      ...config,
      num_key_value_heads: 16,
      intermediate_size: 4 * WIDTH,
      max_position_embeddings: 512,
      rms_norm_eps: 1e-6,
    },
    tensors,
  };
}

const elements = (shape) => shape.reduce((a, b) => a * b, 1);

/** The deepest model whose weights fit. */
function fill(family, type, budget) {
  const bytesOf = (layers) =>
    Object.values(family(layers).tensors).reduce((sum, shape) => sum + elements(shape) * BYTES[type], 0);
  let layers = 1;
  while (bytesOf(layers + 1) <= budget) layers++;
  return family(layers);
}

/** A megabyte of random numbers about 0.02 in size, over and over: nothing larger is held. */
function randomBlock(type) {
  const x = new Float32Array(1 << 18);
  let state = 1;
  for (let i = 0; i < x.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    x[i] = (state / 2 ** 32 - 0.5) * 0.07;
  }
  if (type === "F32") return new Uint8Array(x.buffer);
  const bits = new Uint32Array(x.buffer);
  const half = (b) =>
    ((b >>> 16) & 0x8000) |
    (((b >>> 23) & 255) - 112 > 0 ? ((((b >>> 23) & 255) - 112) << 10) | ((b >>> 13) & 0x3ff) : 0);
  return new Uint8Array(Uint16Array.from(bits, (b) => (type === "BF16" ? b >>> 16 : half(b))).buffer);
}

function writeSafetensors(path, tensors, type) {
  const header = {};
  let at = 0;
  for (const [name, shape] of Object.entries(tensors)) {
    const end = at + elements(shape) * BYTES[type];
    header[name] = { dtype: type, shape, data_offsets: [at, end] };
    at = end;
  }
  const json = Buffer.from(JSON.stringify(header).padEnd(8 * Math.ceil(JSON.stringify(header).length / 8)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const block = randomBlock(type);
  const file = openSync(path, "w");
  writeSync(file, length);
  writeSync(file, json);
  for (let left = at; left > 0; left -= block.length) writeSync(file, block, 0, Math.min(left, block.length));
  closeSync(file);
}

/** config.json and weights, in two shards where that is asked for; gives the bytes of the weights. */
function writeCheckpoint(folder, { config, tensors }, type, shards) {
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  const ids = Array.from({ length: TOKENS }, (_, i) => (i * 37) % 30000);
  const tensor = (data) => ({ dtype: "int64", shape: [1, TOKENS], data });
  writeFileSync(join(folder, "inputs.json"), JSON.stringify({ input_ids: tensor(ids) }));
  if (!shards) {
    writeSafetensors(join(folder, "model.safetensors"), tensors, type);
    return statSync(join(folder, "model.safetensors")).size;
  }
  const names = Object.keys(tensors);
  const map = {};
  let bytes = 0;
  for (const k of [0, 1]) {
    const name = `model-0000${k + 1}-of-00002.safetensors`;
    const part = names.slice((k * names.length) / 2, ((k + 1) * names.length) / 2);
    writeSafetensors(join(folder, name), Object.fromEntries(part.map((n) => [n, tensors[n]])), type);
    for (const n of part) map[n] = name;
    bytes += statSync(join(folder, name)).size;
  }
  writeFileSync(join(folder, "model.safetensors.index.json"), JSON.stringify({ weight_map: map }));
  return bytes;
}

/** Probes in a process of its own; the largest memory it had, and the largest that was its own rather than the file's. */
async function probe(folder) {
  const child = fork(fileURLToPath(import.meta.url), ["--measure", folder], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  let own = 0;
  const watch = setInterval(() => {
    own = Math.max(own, anonymousBytes(child.pid));
  }, 25);
  const result = await new Promise((resolve) => {
    child.on("message", resolve);
    child.on("exit", (code, signal) => resolve({ code: code ?? signal }));
  });
  clearInterval(watch);
  return { ...result, own };
}

function anonymousBytes(pid) {
  try {
    return 1024 * Number(/RssAnon:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0; // Not on Linux, or it has ended.
  }
}

/** The child's part: the command itself, then what the process needed at most. */
async function measureHere(folder) {
  const { runProgram } = await import("../dist/src/program.js");
  const { processEffects } = await import("../dist/src/effects/process-effects.js");
  const started = performance.now();
  const before = process.resourceUsage().maxRSS * 1024;
  const args = ["probe", folder, "--inputs", join(folder, "inputs.json"), "--out", join(folder, "run"), "--quiet"];
  const code = await runProgram(args, processEffects([...process.argv, "--quiet"]));
  process.send({
    code,
    before,
    peak: process.resourceUsage().maxRSS * 1024,
    seconds: (performance.now() - started) / 1000,
  });
}

async function main({ megabytes, folder: parent }) {
  const budget = Number(megabytes) * 1e6;
  const cases = [
    ["BERT, float32", bert, "F32", false],
    ["Llama, float32", llama, "F32", false],
    ["Llama, float32, two shards", llama, "F32", true],
    ["Llama, bfloat16", llama, "BF16", false],
    ["Llama, float16", llama, "F16", false],
  ];
  const mb = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;
  console.log(
    "| checkpoint | blocks | file | states | peak | of that not the mapped file | Node at the start | ratio | seconds |",
  );
  console.log("|---|---|---|---|---|---|---|---|---|");
  for (const [name, family, type, shards] of cases) {
    const folder = mkdtempSync(join(parent ?? tmpdir(), "tokensphere-memory-"));
    try {
      const model = fill(family, type, budget);
      const file = writeCheckpoint(folder, model, type, shards);
      const layers = model.config.num_hidden_layers;
      const states = (layers + (family === llama ? 2 : 1)) * TOKENS * WIDTH * 4;
      const { code, peak, own, before, seconds } = await probe(folder);
      if (code !== 0) throw new Error(`${name}: ended with ${code}`);
      const ratio = ((peak - states) / file).toFixed(2);
      console.log(
        `| ${[name, layers, mb(file), mb(states), mb(peak), mb(own), mb(before), ratio, seconds.toFixed(1)].join(" | ")} |`,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

const { values } = parseArgs({
  options: { megabytes: { type: "string", default: "1024" }, folder: { type: "string" }, measure: { type: "string" } },
});
if (values.measure === undefined) await main(values);
else await measureHere(values.measure).then(() => process.disconnect());

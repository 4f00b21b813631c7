// What is damaged: a folder of files each, one of which is mutated, and the two commands that read it.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { crc32, deflateRawSync, gunzipSync } from "node:zlib";
import { ANY, JSON_FILE, ONNX, onnxNumbers, SAFETENSORS } from "./mutations.mjs";

const MODELS = fileURLToPath(new URL("../../test/fixtures/models/", import.meta.url));
const read = (path) => {
  const bytes = readFileSync(path);
  return new Uint8Array(path.endsWith(".gz") ? gunzipSync(bytes) : bytes);
};
const fixture = (name) =>
  readdirSync(dirname(join(MODELS, name))).includes(`${name.split("/").pop()}.gz`)
    ? read(join(MODELS, `${name}.gz`))
    : read(join(MODELS, name));
const utf8 = new TextEncoder();

/** The first row of a fixture's inputs, cut to six tokens: states are small and every weight still counts. */
function fewTokens(architecture) {
  const inputs = JSON.parse(new TextDecoder().decode(fixture(`${architecture}/inputs.json`)));
  const cut = ({ dtype, shape, data }) => ({
    dtype,
    shape: [1, 6],
    data: data.flat(Infinity).slice(0, 6),
    ...(shape.length === 2 ? {} : { shape, data }),
  });
  return utf8.encode(
    JSON.stringify(Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, cut(tensor)]))),
  );
}

const without = (mutations, ...names) =>
  Object.fromEntries(Object.entries(mutations).filter(([name]) => !names.includes(name)));
const EXTERNAL = ["elsewhere", "farOffset", "oddLength"];
const inData =
  ({ start }) =>
  (bytes, [from, to]) =>
    from >= start(bytes) && to <= bytes.length;
const inNumbers = (bytes, [from, to]) => onnxNumbers(bytes).numbers.some(([a, b]) => from >= a && to <= b);
const safetensorsData = inData({
  start: (bytes) => 8 + Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true)),
});
const parses = (bytes) => {
  try {
    const value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
};

const onnx = (architecture, file, count) => ({
  name: `${architecture}/${file}`,
  count,
  files: {
    [file]: fixture(`${architecture}/${file}`),
    "config.json": fixture(`${architecture}/config.json`),
    "inputs.json": fewTokens(architecture),
  },
  damaged: file,
  model: file,
  mutations: { ...ANY, ...without(ONNX, ...EXTERNAL) },
  other: fixture("albert/model.onnx"),
  isNumbers: inNumbers,
});

const checkpoint = (architecture, count, damaged, extra) => ({
  name: `${architecture}/${damaged}`,
  count,
  files: {
    "model.safetensors": fixture(`${architecture}/model.safetensors`),
    "config.json": fixture(`${architecture}/config.json`),
    "inputs.json": fewTokens(architecture),
  },
  damaged,
  model: ".",
  ...extra,
});

/** Two shards and their index, from one file. */
function shards(architecture) {
  const bytes = fixture(`${architecture}/model.safetensors`);
  const end = 8 + Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.slice(8, end)));
  const names = Object.keys(header).filter((name) => name !== "__metadata__");
  const files = {};
  const map = {};
  for (const [k, part] of [names.slice(0, names.length / 2), names.slice(names.length / 2)].entries()) {
    const name = `model-0000${k + 1}-of-00002.safetensors`;
    files[name] = safetensors(
      Object.fromEntries(
        part.map((tensor) => [
          tensor,
          { ...header[tensor], data: bytes.slice(...header[tensor].data_offsets.map((n) => n + end)) },
        ]),
      ),
    );
    for (const tensor of part) map[tensor] = name;
  }
  return {
    ...files,
    "model.safetensors.index.json": utf8.encode(
      JSON.stringify({ metadata: { total_size: bytes.length - end }, weight_map: map }),
    ),
  };
}

export function safetensors(tensors) {
  let at = 0;
  const header = {};
  for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
    header[name] = { dtype, shape, data_offsets: [at, at + data.length] };
    at += data.length;
  }
  const json = utf8.encode(JSON.stringify(header));
  const out = new Uint8Array(8 + json.length + at);
  new DataView(out.buffer).setBigUint64(0, BigInt(json.length), true);
  out.set(json, 8);
  for (const [name, { data }] of Object.entries(tensors)) out.set(data, 8 + json.length + header[name].data_offsets[0]);
  return out;
}

/** A random cloud that is the same each time: layers of six tokens of width four. */
function cloud(layers) {
  const x = Float32Array.from({ length: layers * 24 }, (_, i) => Math.sin(1 + i * Math.SQRT2));
  return new Uint8Array(x.buffer);
}

function npy(shape, data) {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(", ")}), }`;
  const header = utf8.encode(`${text.padEnd(117)}\n`);
  return Uint8Array.from([
    0x93,
    ...utf8.encode("NUMPY"),
    1,
    0,
    header.length & 255,
    header.length >> 8,
    ...header,
    ...data,
  ]);
}

/** A zip archive as numpy.savez_compressed writes it. */
function npz(arrays) {
  const parts = [];
  const directory = [];
  let at = 0;
  for (const [name, bytes] of Object.entries(arrays)) {
    const packed = deflateRawSync(bytes);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(crc32(bytes), 14);
    local.writeUInt32LE(packed.length, 18);
    local.writeUInt32LE(bytes.length, 22);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(20, 4);
    local.copy(entry, 6, 4, 30);
    entry.writeUInt32LE(at, 42);
    directory.push(entry, Buffer.from(name));
    parts.push(local, Buffer.from(name), packed);
    at += 30 + name.length + packed.length;
  }
  const listing = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(directory.length / 2, 8);
  end.writeUInt16LE(directory.length / 2, 10);
  end.writeUInt32LE(listing.length, 12);
  end.writeUInt32LE(at, 16);
  return new Uint8Array(Buffer.concat([...parts, listing, end]));
}

const TOKENIZER = {
  version: "1.0",
  truncation: null,
  padding: null,
  added_tokens: ["[PAD]", "[UNK]", "[CLS]", "[SEP]"].map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  })),
  normalizer: { type: "Lowercase" },
  pre_tokenizer: { type: "Whitespace" },
  post_processor: {
    type: "TemplateProcessing",
    single: [
      { SpecialToken: { id: "[CLS]", type_id: 0 } },
      { Sequence: { id: "A", type_id: 0 } },
      { SpecialToken: { id: "[SEP]", type_id: 0 } },
    ],
    pair: [],
    special_tokens: {
      "[CLS]": { id: "[CLS]", ids: [2], tokens: ["[CLS]"] },
      "[SEP]": { id: "[SEP]", ids: [3], tokens: ["[SEP]"] },
    },
  },
  decoder: null,
  model: {
    type: "WordLevel",
    vocab: Object.fromEntries(
      ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "sphere", "and", "a", "token"].map((word, id) => [word, id]),
    ),
    unk_token: "[UNK]",
  },
};

const tokenizer = (count) => ({
  name: "bert/tokenizer.json",
  count,
  files: {
    "model.onnx": fixture("bert/model.onnx"),
    "config.json": fixture("bert/config.json"),
    "tokenizer.json": utf8.encode(JSON.stringify(TOKENIZER)),
    "tokenizer_config.json": utf8.encode(
      JSON.stringify({
        tokenizer_class: "PreTrainedTokenizerFast",
        model_max_length: 32,
        unk_token: "[UNK]",
        pad_token: "[PAD]",
      }),
    ),
  },
  damaged: "tokenizer.json",
  model: "model.onnx",
  given: ["--text", "a token and the sphere"],
  mutations: { ...ANY, ...JSON_FILE },
  other: fixture("bert/config.json"),
  parses,
});

const states = (file, bytes, mutations, count, extra = {}) => ({
  name: `states/${file}`,
  count,
  files: { [file]: bytes },
  damaged: file,
  model: file,
  given: [],
  mutations,
  other: bytes,
  ...extra,
});

export function targets() {
  const json = { mutations: { ...ANY, ...JSON_FILE }, other: fixture("gpt2/config.json"), parses };
  const extdata = {
    ...onnx("bert", "model_extdata.onnx", 180),
    mutations: { ...ANY, ...ONNX },
  };
  extdata.files["model_extdata.onnx_data"] = fixture("bert/model_extdata.onnx_data");
  const weights = {
    ...extdata,
    name: "bert/model_extdata.onnx_data",
    damaged: "model_extdata.onnx_data",
    count: 60,
    mutations: without(ANY, "inserted", "removed"),
    isNumbers: () => true,
  };
  const tensors = {
    mutations: { ...ANY, ...SAFETENSORS },
    other: fixture("deit/model.safetensors"),
    isNumbers: safetensorsData,
  };
  const sharded = {
    ...shards("llama"),
    "config.json": fixture("llama/config.json"),
    "inputs.json": fewTokens("llama"),
  };
  const shardName = "model-00002-of-00002.safetensors";
  const threeLayers = safetensors(
    Object.fromEntries(
      [0, 1, 2].map((k) => [
        `hidden_states.${k}`,
        { dtype: "F32", shape: [1, 6, 4], data: cloud(3).slice(96 * k, 96 * k + 96) },
      ]),
    ),
  );
  return [
    onnx("bert", "model.onnx", 300),
    onnx("albert", "model_ortfused.onnx", 200),
    onnx("albert", "model_int8.onnx", 130),
    onnx("gpt2", "model_with_past.onnx", 130),
    extdata,
    weights,
    checkpoint("albert", 220, "model.safetensors", tensors),
    checkpoint("llama", 110, "model.safetensors", tensors),
    { ...checkpoint("llama", 70, "model.safetensors.index.json", json), files: sharded },
    { ...checkpoint("llama", 40, shardName, tensors), files: sharded },
    checkpoint("albert", 130, "config.json", json),
    {
      ...onnx("bert", "model.onnx", 70),
      name: "bert/config.json beside model.onnx",
      damaged: "config.json",
      ...json,
      isNumbers: undefined,
    },
    tokenizer(110),
    {
      ...onnx("bert", "model.onnx", 40),
      name: "bert/inputs.json",
      damaged: "inputs.json",
      ...json,
      isNumbers: undefined,
    },
    states("states.npy", npy([3, 6, 4], cloud(3)), ANY, 70, { isNumbers: inData({ start: () => 128 }) }),
    states(
      "states.npz",
      npz(
        Object.fromEntries(
          [0, 1, 2].map((k) => [`hidden_states.${k}.npy`, npy([1, 6, 4], cloud(3).slice(96 * k, 96 * k + 96))]),
        ),
      ),
      ANY,
      70,
      { isNumbers: () => false },
    ),
    states("states.safetensors", threeLayers, { ...ANY, ...SAFETENSORS }, 70, {
      isNumbers: safetensorsData,
      other: fixture("albert/reference.safetensors"),
    }),
  ];
}

/** Writes a target's files into a folder, hard copies all. */
export function writeTarget({ files }, folder) {
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
}

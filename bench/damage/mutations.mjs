// Ways to damage a file. Each takes the bytes and a random source and gives the damaged bytes, with `structure`: whether
// what was hit is more than numbers that any model may have (weights, constants, settings). A structure that is damaged
// must be refused, or not matter to the result.
import { readFields } from "../../dist/models/onnx/wire-reader.js";
import { bytesField, concatBytes, intField, varint } from "../../dist/models/onnx/wire-writer.js";

/** A small generator with a seed (mulberry32): the same files every time. */
export function random(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return { below: (n) => Math.floor(next() * n), pick: (list) => list[Math.floor(next() * list.length)] };
}

const utf8 = new TextEncoder();

// ---- any file -------------------------------------------------------------------------------------------------------

const bitFlip = (bytes, r, among) => {
  const out = bytes.slice();
  const at = among ? r.pick(among) : r.below(out.length);
  out[at] ^= 1 << r.below(8);
  return { bytes: out, hit: [at, at + 1] };
};

const byteRun = (bytes, r) => {
  const out = bytes.slice();
  const at = r.below(out.length);
  const end = Math.min(out.length, at + 1 + r.below(24));
  const fill = r.pick([0, 255, -1]);
  for (let i = at; i < end; i++) out[i] = fill < 0 ? r.below(256) : fill;
  return { bytes: out, hit: [at, end] };
};

const truncated = (bytes, r) => {
  const end = r.pick([r.below(64), r.below(bytes.length), bytes.length - 1 - r.below(64)]);
  return { bytes: bytes.slice(0, Math.max(0, end)), structure: true };
};

const inserted = (bytes, r) => {
  const at = r.below(bytes.length);
  const more = Uint8Array.from({ length: 1 + r.below(8) }, () => r.below(256));
  return { bytes: concatBytes([bytes.slice(0, at), more, bytes.slice(at)]), hit: [at, bytes.length] };
};

const removed = (bytes, r) => {
  const at = r.below(bytes.length);
  return { bytes: concatBytes([bytes.slice(0, at), bytes.slice(at + 1 + r.below(8))]), hit: [at, bytes.length] };
};

const spliced = (bytes, r, other) => {
  const at = 1 + r.below(Math.min(bytes.length, other.length) - 1);
  return { bytes: concatBytes([other.slice(0, at), bytes.slice(at)]), hit: [0, bytes.length] };
};

export const ANY = { bitFlip, byteRun, truncated, inserted, removed, spliced };

// ---- ONNX -----------------------------------------------------------------------------------------------------------

const NUMBERS_OF_TENSOR = new Set([4, 5, 7, 9, 10, 11]); // float_data, int32_data, int64_data, raw_data, double_data, uint64_data
const NUMBERS_OF_ATTRIBUTE = new Set([2, 3, 4, 7, 8]); // f, i, s, floats, ints
const NOTES = {
  model: new Set([2, 3, 4, 5, 6, 14]),
  graph: new Set([2, 10, 13]),
  node: new Set([3, 6]),
  tensor: new Set([12]),
  attribute: new Set([13]),
};

/** Byte ranges of a model file that hold numbers, and those that nobody reads: names and notes. */
export function onnxNumbers(bytes) {
  const numbers = [];
  const notes = [];
  const walk = (kind, start, end) => {
    for (const f of readFields(bytes, start, end)) {
      const child = f.wire === 2 ? childKind(kind, f.field) : null;
      if (NOTES[kind]?.has(f.field)) notes.push([f.start, f.end]);
      else if (child) walk(child, f.start, f.end);
      else if (kind === "tensor" && NUMBERS_OF_TENSOR.has(f.field)) numbers.push([f.start, f.end]);
      else if (kind === "attribute" && NUMBERS_OF_ATTRIBUTE.has(f.field)) numbers.push([f.start, f.end]);
    }
  };
  walk("model", 0, bytes.length);
  return { numbers, notes };
}

function childKind(kind, field) {
  if (kind === "model" && field === 7) return "graph";
  if (kind === "graph") return { 1: "node", 5: "tensor" }[field] ?? null;
  if (kind === "node" && field === 5) return "attribute";
  if (kind === "attribute") return { 5: "tensor", 6: "graph" }[field] ?? null;
  return null;
}

/** The model as a list of fields, its graph opened. */
function parts(bytes) {
  const model = [];
  const graph = [];
  for (const f of readFields(bytes)) {
    if (f.field !== 7) model.push(raw(bytes, f));
    else
      for (const g of readFields(bytes, f.start, f.end))
        graph.push({ field: g.field, bytes: bytes.slice(g.start, g.end) });
  }
  return { model, graph };
}

const raw = (bytes, f) =>
  f.wire === 0 ? intField(f.field, f.value) : bytesField(f.field, bytes.slice(f.start, f.end));
const join = ({ model, graph }) =>
  concatBytes([
    ...model,
    bytesField(
      7,
      graph.map((g) => bytesField(g.field, g.bytes)),
    ),
  ]);
const fieldsOf = (bytes) => [...readFields(bytes)].map((f) => ({ ...f, bytes: bytes.slice(f.start, f.end) }));
const rebuild = (fields) =>
  concatBytes(
    fields.map((f) =>
      f.wire === 0
        ? intField(f.field, f.value)
        : f.wire === 5
          ? concatBytes([varint((f.field << 3) | 5), f.bytes])
          : bytesField(f.field, f.bytes),
    ),
  );
const text = (bytes) => new TextDecoder().decode(bytes);

/** Changes one of the graph's fields of a kind (1 node, 5 initializer, 11 input, 12 output). */
const onGraph = (kind, change) => (bytes, r) => {
  const all = parts(bytes);
  const places = all.graph.flatMap((g, i) => (g.field === kind ? [i] : []));
  change(all.graph, r.pick(places), r, places, all);
  return { bytes: join(all), structure: true };
};

/**
 * What makes another model that is whole: without one of its outputs, with an operand in the place of another, or with an
 * operator in the place of another that takes as many.
 */
const whole = (change) => (bytes, r) => ({ ...change(bytes, r), structure: false });

const onFields = (kind, change) =>
  onGraph(kind, (graph, i, r) => {
    const fields = fieldsOf(graph[i].bytes);
    graph[i] = { field: kind, bytes: rebuild(change(fields, r) ?? fields) };
  });

/** An external tensor's place: entries {key, value} of field 13. */
const entry = (key, value) => ({ field: 13, wire: 2, bytes: concatBytes([bytesField(1, key), bytesField(2, value)]) });
const external = (key, values) =>
  onFields(5, (fields, r) => [
    ...fields.filter((f) => !(f.field === 13 && text(f.bytes).includes(key))),
    entry(key, r.pick(values)),
  ]);

export const ONNX = {
  deleteNode: onGraph(1, (graph, i) => void graph.splice(i, 1)),
  duplicateNode: onGraph(1, (graph, i) => void graph.splice(i, 0, graph[i])),
  deleteInitializer: onGraph(5, (graph, i) => void graph.splice(i, 1)),
  secondInitializer: onGraph(5, (graph, i, r) => {
    const fields = fieldsOf(graph[i].bytes);
    const other = fields.map((f) =>
      f.field === 9 ? { ...f, bytes: f.bytes.map((b, k) => (k % 4 === 0 ? b ^ (1 + r.below(255)) : b)) } : f,
    );
    graph.push({ field: 5, bytes: rebuild(other) });
  }),
  deleteOutput: whole(onGraph(12, (graph, i) => void graph.splice(i, 1))),
  renameOutput: onFields(12, (fields) =>
    fields.map((f) => (f.field === 1 ? { ...f, bytes: utf8.encode(`${text(f.bytes)}x`) } : f)),
  ),
  deleteInput: onGraph(11, (graph, i) => void graph.splice(i, 1)),
  cycle: onGraph(1, (graph, i, r, places) => {
    const later = fieldsOf(graph[r.pick(places.filter((k) => k >= i))].bytes).find((f) => f.field === 2);
    graph[i] = { field: 1, bytes: concatBytes([bytesField(1, later.bytes), graph[i].bytes]) };
  }),
  inputFromNowhere: onFields(1, (fields, r) => {
    const inputs = fields.filter((f) => f.field === 1 && f.bytes.length > 0);
    if (inputs.length > 0) r.pick(inputs).bytes = utf8.encode("no/such/tensor");
  }),
  inputFromElsewhere: whole(
    onGraph(1, (graph, i, r, places) => {
      const fields = fieldsOf(graph[i].bytes);
      const inputs = fields.filter((f) => f.field === 1 && f.bytes.length > 0);
      const earlier = fieldsOf(graph[r.pick(places.filter((k) => k <= i))].bytes).filter((f) => f.field === 2);
      if (inputs.length > 0) r.pick(inputs).bytes = earlier[0].bytes;
      graph[i] = { field: 1, bytes: rebuild(fields) };
    }),
  ),
  noOperator: onFields(1, (fields, r) =>
    fields.map((f) => (f.field === 4 ? { ...f, bytes: utf8.encode(r.pick(["Nonsense", "Loop", ""])) } : f)),
  ),
  otherOperator: whole(
    onFields(1, (fields, r) =>
      fields.map((f) => (f.field === 4 ? { ...f, bytes: utf8.encode(r.pick(["Relu", "Add"])) } : f)),
    ),
  ),
  hugeDims: onFields(5, (fields, r) => [
    ...fields.filter((f) => f.field !== 1),
    ...[1, 2].map(() => ({ field: 1, wire: 0, value: r.pick([2 ** 31, 2 ** 40, 2 ** 52, 65536]) })),
  ]),
  negativeDims: onFields(5, (fields) =>
    fields.map((f) => (f.field === 1 ? { ...f, wire: 0, value: -3, bytes: new Uint8Array() } : f)),
  ),
  moreDims: onFields(5, (fields, r) => [...fields, { field: 1, wire: 0, value: 2 + r.below(7) }]),
  shortData: onFields(5, (fields, r) =>
    fields.map((f) => (f.field === 9 ? { ...f, bytes: f.bytes.slice(0, r.below(f.bytes.length)) } : f)),
  ),
  longData: onFields(5, (fields) =>
    fields.map((f) => (f.field === 9 ? { ...f, bytes: concatBytes([f.bytes, f.bytes]) } : f)),
  ),
  otherType: onFields(5, (fields, r) =>
    fields.map((f) => (f.field === 2 ? { ...f, value: r.pick([0, 2, 7, 8, 11, 16, 22, 99]) } : f)),
  ),
  noType: onFields(5, (fields) => fields.filter((f) => f.field !== 2)),
  noOpset: (bytes) => ({ bytes: join({ ...parts(bytes), model: [] }), structure: true }),
  strangeOpset: (bytes, r) => {
    const all = parts(bytes);
    return {
      bytes: join({ ...all, model: [...all.model, bytesField(8, [intField(2, r.pick([0, 1, 999, -1]))])] }),
      structure: true,
    };
  },
  twice: (bytes) => ({ bytes: concatBytes([bytes, bytes]), structure: true }),
  withOther: (bytes, _r, other) => ({ bytes: concatBytes([bytes, other]), structure: true }),
  giantLength: (bytes, r) => {
    const fields = [...readFields(bytes)];
    const at = r.pick(fields.filter((f) => f.wire === 2));
    const tag = concatBytes([
      varint((at.field << 3) | 2),
      varint(r.pick([2n ** 31n, 2n ** 40n, 2n ** 63n, 2n ** 64n - 1n, BigInt(bytes.length)])),
    ]);
    return { bytes: concatBytes([bytes.slice(0, at.start), tag, bytes.slice(at.start)]), structure: true };
  },
  nested: (bytes, r) => {
    let graph = bytesField(1, [bytesField(4, "Identity")]);
    for (let depth = 0; depth < r.pick([20, 500, 5000]); depth++)
      graph = bytesField(1, [bytesField(5, [bytesField(6, graph)])]);
    return { bytes: concatBytes([bytes, bytesField(7, graph)]), structure: true };
  },
  elsewhere: external("location", [
    "../model.onnx_data",
    "/etc/hostname",
    "no-such-file",
    "",
    ".",
    "a/../../b",
    "x\0y",
  ]),
  farOffset: external("offset", ["1e18", "-4", "9007199254740993", "NaN", "99999999", ""]),
  oddLength: external("length", ["-1", "4", "1e12", "x", "0"]),
  swappedWeights: (bytes, r) => {
    const all = parts(bytes);
    const tensors = all.graph.flatMap((g, i) => (g.field === 5 ? [{ i, fields: fieldsOf(g.bytes) }] : []));
    const dataOf = ({ fields }) => fields.find((f) => f.field === 9);
    const first = r.pick(tensors.filter((t) => dataOf(t)));
    const second = tensors.find((t) => t !== first && dataOf(t)?.bytes.length === dataOf(first)?.bytes.length);
    if (second) {
      [dataOf(first).bytes, dataOf(second).bytes] = [dataOf(second).bytes, dataOf(first).bytes];
      for (const t of [first, second]) all.graph[t.i] = { field: 5, bytes: rebuild(t.fields) };
    }
    return { bytes: join(all), structure: false };
  },
  notFinite: onNumbers([0x7f, 0xc0, 0, 0]),
};

/** NaN or infinity in one weight. */
function onNumbers(pattern) {
  return (bytes, r) => {
    const all = parts(bytes);
    const tensors = all.graph.flatMap((g, i) =>
      g.field === 5 && fieldsOf(g.bytes).some((f) => f.field === 9 && f.bytes.length >= 64) ? [i] : [],
    );
    const i = r.pick(tensors);
    const fields = fieldsOf(all.graph[i].bytes);
    const data = fields.find((f) => f.field === 9).bytes;
    data.set([...pattern].reverse(), 4 * r.below(data.length / 4));
    all.graph[i] = { field: 5, bytes: rebuild(fields) };
    return { bytes: join(all), structure: false };
  };
}

// ---- safetensors and JSON -------------------------------------------------------------------------------------------

const headerEnd = (bytes) => 8 + Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));

/** Writes another header before the same data. */
const onHeader =
  (change, structure = true) =>
  (bytes, r) => {
    const end = headerEnd(bytes);
    const header = JSON.parse(text(bytes.slice(8, end)));
    const names = Object.keys(header).filter((name) => name !== "__metadata__");
    const changed = change(header, r.pick(names), r, names) ?? header;
    const json = utf8.encode(typeof changed === "string" ? changed : JSON.stringify(changed));
    const length = new Uint8Array(8);
    new DataView(length.buffer).setBigUint64(0, BigInt(json.length), true);
    return { bytes: concatBytes([length, json, bytes.slice(end)]), structure };
  };

export const SAFETENSORS = {
  headerLength: (bytes, r) => {
    const out = bytes.slice();
    new DataView(out.buffer).setBigUint64(
      0,
      r.pick([0n, 1n, 2n ** 32n, 2n ** 63n, 99_999_999n, BigInt(out.length), BigInt(headerEnd(bytes) - 9)]),
      true,
    );
    return { bytes: out, structure: true };
  },
  dropTensor: onHeader((header, name) => void delete header[name]),
  renameTensor: onHeader((header, name) => {
    header[`${name}x`] = header[name];
    delete header[name];
  }),
  otherType: onHeader((header, name, r) => {
    header[name].dtype = r.pick(["I32", "F64", "F99", null, "BOOL", "constructor"]);
  }),
  otherShape: onHeader((header, name, r) => {
    header[name].shape = r.pick([
      [],
      [2 ** 53],
      [-1],
      [1.5],
      null,
      [2 ** 26, 2 ** 27],
      header[name].shape.map((n) => n + 1),
    ]);
  }),
  turnedShape: onHeader((header, name) => void header[name].shape.reverse().push(1)),
  shiftedRange: onHeader((header, name, r) => {
    header[name].data_offsets = header[name].data_offsets.map((n) => n + 4 * (1 + r.below(64)));
  }),
  strangeRange: onHeader((header, name, r) => {
    header[name].data_offsets = r.pick([[5, 1], [-4, 0], [0], [0, 2 ** 53], "x", [0, null]]);
  }),
  sameRange: onHeader((header, name, r, names) => {
    header[name].data_offsets = header[r.pick(names.filter((n) => n !== name))].data_offsets;
  }),
  noObject: onHeader((header, name, r) =>
    r.pick(["[]", "null", "3", '"x"', "{", `{"__proto__":${JSON.stringify(header[name])}}`]),
  ),
  twiceNamed: onHeader((header, name) =>
    JSON.stringify(header).replace(
      "{",
      `{${JSON.stringify(name)}:${JSON.stringify({ ...header[name], data_offsets: [0, 0], shape: [0] })},`,
    ),
  ),
  longer: (bytes) => ({ bytes: concatBytes([bytes, new Uint8Array(16)]), structure: true }),
};

/** A JSON file with one value changed to another kind: what readers trip over. */
const oddValue = (bytes, r) => {
  const parsed = JSON.parse(text(bytes));
  const spots = [];
  const visit = (node) => {
    for (const key of Object.keys(node)) {
      spots.push([node, key]);
      if (typeof node[key] === "object" && node[key] !== null) visit(node[key]);
    }
  };
  visit(parsed);
  const [node, key] = r.pick(spots);
  node[key] = r.pick([null, [], {}, "x", "", -1, 0, 1e308, 2 ** 40, 1.5, true, [[]], { a: { b: [] } }]);
  return { bytes: utf8.encode(JSON.stringify(parsed)), structure: false };
};

const missingKey = (bytes, r) => {
  const parsed = JSON.parse(text(bytes));
  delete parsed[r.pick(Object.keys(parsed))];
  return { bytes: utf8.encode(JSON.stringify(parsed)), structure: false };
};

const file = (content) => () => ({ bytes: utf8.encode(content), structure: true });

export const JSON_FILE = {
  oddValue,
  missingKey,
  list: file("[]"),
  nothing: file("null"),
  empty: file(""),
  deep: file("[".repeat(100_000)),
  mark: file("\ufeff{"),
};

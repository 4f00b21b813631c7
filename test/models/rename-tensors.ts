import { readOnnxGraph } from "../../models/onnx/graph.ts";
import { readFields } from "../../models/onnx/wire-reader.ts";
import { bytesField, concatBytes } from "../../models/onnx/wire-writer.ts";

/** The same model with every tensor and node renamed (`t0`, `t1` …): inputs and outputs too. No subgraphs. */
export function renameTensors(bytes: Uint8Array): {
  readonly bytes: Uint8Array;
  readonly names: ReadonlyMap<string, string>;
} {
  const graph = readOnnxGraph(bytes);
  const all = [
    ...graph.initializers.keys(),
    ...graph.inputs.map(({ name }) => name),
    ...graph.nodes.flatMap(({ outputs }) => outputs),
  ];
  const names = new Map([...new Set(all)].filter((name) => name !== "").map((name, i) => [name, `t${i}`]));
  const renamed = (name: string) => names.get(name) ?? name;
  const message = (part: Uint8Array, ids: readonly number[], drop: readonly number[] = []): Uint8Array =>
    mapFields(part, (id, payload) =>
      drop.includes(id)
        ? null
        : ids.includes(id)
          ? new TextEncoder().encode(renamed(new TextDecoder().decode(payload)))
          : payload,
    );
  const NODE = { inputs: 1, outputs: 2, name: 3 };
  const inGraph = (part: Uint8Array) =>
    mapFields(part, (id, payload) => {
      if (id === 1) return message(payload, [NODE.inputs, NODE.outputs], [NODE.name]);
      if (id === 5) return message(payload, [8]);
      if (id === 11 || id === 12) return message(payload, [1]);
      return id === 13 ? null : payload;
    });
  return { bytes: mapFields(bytes, (id, payload) => (id === 7 ? inGraph(payload) : payload)), names };
}

/** Rewrites each length-delimited field of a message; null drops it. */
function mapFields(bytes: Uint8Array, rewrite: (id: number, payload: Uint8Array) => Uint8Array | null): Uint8Array {
  const parts: Uint8Array[] = [];
  let before = 0;
  for (const field of readFields(bytes)) {
    if (field.wire === 2) {
      const payload = rewrite(field.field, bytes.subarray(field.start, field.end));
      if (payload) parts.push(bytesField(field.field, payload));
    } else parts.push(bytes.subarray(before, field.end));
    before = field.end;
  }
  return concatBytes(parts);
}

import { sizeOf } from "../arrays/raw-tensor.ts";
import { TokensphereError } from "../errors.ts";
import type { OnnxGraph, OnnxNode, OnnxTensor } from "./graph.ts";

/**
 * Checks what a reader passes over and a runtime says late, or never: every tensor that is read comes from somewhere,
 * under a name of its own; constants have as many bytes as their dimensions ask for; operator sets are named.
 *
 * @throws TokensphereError `input` naming the first thing that is wrong.
 */
export function checkGraph(graph: OnnxGraph): void {
  checkOpsets(graph);
  for (const tensor of graph.initializers.values()) checkTensor(tensor);
  for (const node of graph.nodes) {
    for (const { tensor } of node.attributes.values()) if (tensor) checkTensor(tensor);
  }
  checkNames(graph);
  checkOrigins(graph);
}

/** Newer ones than there are, with room to grow. */
const LAST_OPSET = 100;

function checkOpsets({ opsets, nodes, functions }: OnnxGraph): void {
  for (const [domain, version] of opsets) {
    if (domain === "" && !(version >= 1 && version <= LAST_OPSET)) throw damaged(`operator set ${version}`);
  }
  const own = new Set(functions.map((name) => name.slice(0, name.indexOf(":"))));
  const lost = nodes.find(({ domain }) => !opsets.has(standard(domain)) && !own.has(domain));
  if (lost) throw damaged(`no operator set for ${lost.domain === "" ? "the standard domain" : lost.domain}`);
  const nameless = nodes.find(({ op }) => op === "");
  if (nameless) throw damaged(`a node without an operator: ${nameless.name || nameless.outputs[0]}`);
  // The runtime folds constants before it counts their inputs.
  const fed = nodes.find(({ op, inputs }) => op === "Constant" && inputs.length > 0);
  if (fed) throw damaged(`${shownNode(fed)} reads ${fed.inputs[0]}, but a constant reads nothing`);
}

function standard(domain: string): string {
  return domain === "ai.onnx" ? "" : domain;
}

/** Eighths of a byte that an element takes in raw data. */
const BITS: Readonly<Record<string, number>> = {
  ...{ float32: 32, float64: 64, float16: 16, bfloat16: 16, int8: 8, uint8: 8, bool: 8, int16: 16, uint16: 16 },
  ...{ int32: 32, uint32: 32, int64: 64, uint64: 64, complex64: 64, complex128: 128, int4: 4, uint4: 4 },
  ...{ float8e4m3fn: 8, float8e4m3fnuz: 8, float8e5m2: 8, float8e5m2fnuz: 8, float4e2m1: 4 },
};

/** Bytes of a constant's raw data; null where its type has none. */
export function tensorBytes({ dims, dtype }: OnnxTensor): number | null {
  const bits = BITS[dtype];
  return bits === undefined ? null : Math.ceil((sizeOf(dims) * bits) / 8);
}

function checkTensor(tensor: OnnxTensor): void {
  const { name, dims, dtype, location } = tensor;
  const shown = `constant ${name || "of a node"}`;
  if (dtype === "undefined" || dtype.startsWith("type ")) throw damaged(`${shown} has no known type`);
  if (!dims.every((dim) => Number.isSafeInteger(dim) && dim >= 0) || !Number.isSafeInteger(sizeOf(dims))) {
    throw damaged(`${shown} has dimensions [${dims.join(", ")}]`);
  }
  const bytes = tensorBytes(tensor);
  const found = foundBytes(tensor);
  if (bytes === null || found === null || bytes === found) return;
  if (location.kind === "fields" && found === 0 && bytes > 0) throw damaged(`${shown} has no data`);
  throw damaged(`${shown} has ${found} bytes for ${dtype} [${dims.join(", ")}]`);
}

function foundBytes({ location, dtype, dims }: OnnxTensor): number | null {
  if (location.kind === "raw") return location.end - location.start;
  if (location.kind === "external") return externalBytes(location);
  if (location.elements === null) return null;
  const whole = sizeOf(dims) * (dtype.startsWith("complex") ? 2 : 1);
  const packed = BITS[dtype] === 4 ? Math.ceil(whole / 2) : whole;
  return location.elements === packed ? Math.ceil((sizeOf(dims) * (BITS[dtype] ?? 0)) / 8) : location.elements;
}

/** @throws TokensphereError `input` where the place is no place. */
function externalBytes({ path, offset, length }: Extract<OnnxTensor["location"], { kind: "external" }>): number | null {
  const isPlace = Number.isSafeInteger(offset) && offset >= 0 && (length === null || Number.isSafeInteger(length));
  if (!isPlace) throw damaged(`a constant at ${offset} of ${path}, ${length} bytes long`);
  return length;
}

/** Two nodes that write one tensor are found where the graph is sorted. */
function checkNames({ inputs, outputs }: OnnxGraph): void {
  for (const values of [inputs, outputs]) {
    const names = values.map(({ name }) => name);
    const twice = names.find((name, k) => name === "" || names.indexOf(name) < k);
    if (twice !== undefined) throw damaged(twice === "" ? "an input or output without a name" : `${twice} twice`);
  }
}

function checkOrigins({ nodes, inputs, outputs, initializers }: OnnxGraph): void {
  const known = new Set([...initializers.keys(), ...inputs.map(({ name }) => name)]);
  for (const node of nodes) for (const name of node.outputs) known.add(name);
  for (const node of nodes) {
    const lost = node.inputs.find((name) => name !== "" && !known.has(name));
    if (lost !== undefined) throw damaged(`${shownNode(node)} reads ${lost}, which nothing writes`);
  }
  const lost = outputs.find(({ name }) => !known.has(name));
  if (lost) throw damaged(`nothing writes the output ${lost.name}`);
}

function shownNode({ op, name, outputs }: OnnxNode): string {
  return `${op} node ${name || outputs[0] || "without a name"}`;
}

function damaged(what: string): TokensphereError {
  return new TokensphereError("input", `not a whole ONNX model: ${what}. fetch it again, or export it again`);
}

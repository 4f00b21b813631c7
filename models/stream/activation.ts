import { type GraphIndex, productWeight } from "../onnx/graph-index.ts";

/** Activations in one node, as they are called. */
const NAMED: Readonly<Record<string, string>> = {
  Gelu: "Gelu",
  BiasGelu: "Gelu",
  GemmFastGelu: "Gelu (tanh)",
  FastGelu: "Gelu (tanh)",
  QuickGelu: "Gelu (sigmoid)",
  Relu: "Relu",
  Swish: "Silu",
  ...Object.fromEntries(
    ["LeakyRelu", "PRelu", "Elu", "Selu", "Celu", "Mish", "HardSwish", "Softplus", "ThresholdedRelu"].map((op) => [
      op,
      op,
    ]),
  ),
};

/**
 * The activation among some nodes, in topological order: in one node, or spelt out as exporters do. Gelu by erf, by
 * tanh of a cubic, by a scaled sigmoid; Silu as x·sigmoid(x).
 *
 * @returns null where there is none that is known.
 */
export function activationOf(index: GraphIndex, nodes: readonly number[]): string | null {
  for (const k of nodes) {
    const { op, attributes } = index.nodes[k];
    if (op === "Gelu" && attributes.get("approximate")?.string === "tanh") return "Gelu (tanh)";
    if (op === "QuickGelu" && attributes.get("alpha")?.float === 1) return "Silu";
    if (Object.hasOwn(NAMED, op)) return op === "Relu" && isSquared(index, k) ? "Relu squared" : NAMED[op];
    if (op === "Erf") return "Gelu (erf)";
    if (op === "Tanh") return addsConstant(index, k) ? "Gelu (tanh)" : "Tanh";
    if (op === "Sigmoid") return sigmoidKind(index, k);
  }
  return null;
}

/** Whether two projections of the input are multiplied, entry by entry: an activation and its gate. */
export function isGated(index: GraphIndex, nodes: readonly number[]): boolean {
  return nodes.some((k) => {
    const { op, inputs } = index.nodes[k];
    if (op !== "Mul" || inputs.some((name) => index.constants.has(name))) return false;
    const [a, b] = inputs.map((name) => projectionsBehind(index, name));
    return a.size > 0 && b.size > 0 && [...a].every((name) => !b.has(name));
  });
}

const PARTS = new Set(["Split", "Slice"]);

/** The nearest products, or parts of one, that a tensor is computed from; the scale of a quantized one is no part. */
function projectionsBehind(index: GraphIndex, tensor: string): Set<string> {
  const found = new Set<string>();
  const seen = new Set([tensor]);
  for (const name of seen) {
    const node = index.nodes[index.producer.get(name) ?? -1];
    if (!node || index.constants.has(name) || seen.size > 64 || node.op === "DynamicQuantizeLinear") continue;
    if (PARTS.has(node.op) || productWeight(index, node)) found.add(name);
    else for (const input of node.inputs) seen.add(input);
  }
  return found;
}

function consumersOf(index: GraphIndex, k: number) {
  return index.nodes[k].outputs.flatMap((name) => (index.consumers.get(name) ?? []).map((c) => index.nodes[c]));
}

function isSquared(index: GraphIndex, k: number): boolean {
  const [output] = index.nodes[k].outputs;
  return consumersOf(index, k).some(
    ({ op, inputs }) => op === "Pow" || (op === "Mul" && inputs.every((i) => i === output)),
  );
}

function addsConstant(index: GraphIndex, k: number): boolean {
  return consumersOf(index, k).some(
    ({ op, inputs }) => op === "Add" && inputs.some((name) => index.constants.has(name)),
  );
}

/** x·sigmoid(x), x·sigmoid(1.702 x), or a sigmoid for its own sake. */
function sigmoidKind(index: GraphIndex, k: number): string {
  const [input] = index.nodes[k].inputs;
  const scaled = index.nodes[index.producer.get(input) ?? -1];
  const factors = consumersOf(index, k).flatMap(({ op, inputs }) => (op === "Mul" ? inputs : []));
  if (factors.includes(input)) return "Silu";
  const isScaled = scaled?.op === "Mul" && scaled.inputs.some((name) => factors.includes(name));
  return isScaled ? "Gelu (sigmoid)" : "Sigmoid";
}

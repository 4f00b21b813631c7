import type { ModelSpec } from "../onnx/writer.ts";

/** Whether some weights are stored in half precision. */
export function hasHalves({ initializers }: ModelSpec): boolean {
  return initializers.some(({ type }) => type.endsWith("float16"));
}

/**
 * The same graph with the nodes that widen weights at its beginning. ONNX Runtime works through a graph backwards from its
 * outputs and, among the operands of a node, takes the one that is listed later first: a weight listed before all else is
 * widened just before it is used, and is gone after. In the order of use, more than half of them would be wide at once.
 */
export function widenLate(spec: ModelSpec): ModelSpec {
  const stored = new Set(spec.initializers.map(({ name }) => name));
  const widens = ({ op, inputs }: ModelSpec["nodes"][number]) => op === "Cast" && stored.has(inputs[0]);
  const nodes = [...spec.nodes.filter(widens), ...spec.nodes.filter((node) => !widens(node))];
  return { ...spec, nodes };
}

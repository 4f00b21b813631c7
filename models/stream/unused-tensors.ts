import type { OnnxGraph } from "../onnx/graph.ts";

/**
 * What a graph holds that nothing reads: exporters and optimizers leave nothing behind, so that it is a sign of an
 * operand that was exchanged.
 *
 * @returns a warning, or none.
 */
export function unusedWarnings({ nodes, initializers, outputs }: OnnxGraph): string[] {
  const read = new Set(outputs.map(({ name }) => name));
  for (const { inputs, attributes } of nodes) {
    for (const name of inputs) read.add(name);
    for (const { captures } of attributes.values()) for (const name of captures) read.add(name);
  }
  const idle = nodes.filter((node) => !node.outputs.some((name) => read.has(name))).map(({ outputs: [name] }) => name);
  const unused = [...idle, ...[...initializers.keys()].filter((name) => !read.has(name))];
  if (unused.length === 0) return [];
  const which = unused.length === 1 ? unused[0] : `${unused[0]} and ${unused.length - 1} more`;
  return [`nothing reads ${which}: check that the file is whole`];
}

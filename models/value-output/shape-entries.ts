import type { OnnxNode } from "../onnx/graph.ts";
import type { GraphIndex } from "../onnx/graph-index.ts";
import { shapeVector } from "../onnx/shape-vector.ts";

/** A graph, and the file that its constants are read from. */
export interface GraphFile {
  readonly index: GraphIndex;
  readonly bytes: Uint8Array;
  /** Shapes by tensor for one text of one token, as far as they are known: those of what was followed are added. */
  readonly shapes: Map<string, readonly number[]>;
}

/** A file of which the inputs' shapes are known; what has a name there, or none, is batch or tokens. */
export function graphFile(index: GraphIndex, bytes: Uint8Array): GraphFile {
  const sizes = index.graph.inputs.flatMap(({ name, dims }) =>
    dims === null ? [] : [[name, dims.map((dim) => (typeof dim === "number" ? dim : 1))] as const],
  );
  return { index, bytes, shapes: new Map(sizes) };
}

type Entries = (number | null)[] | null;

/**
 * The numbers of a short vector: constants, and what is computed from shapes that are known. Null where a number is not;
 * the shape of a tensor that is not followed is that of its batch and tokens, of which nobody knows the length.
 */
export function shapeEntries(file: GraphFile, name: string): Entries {
  if (file.index.constants.has(name)) return shapeVector(file.index, file.bytes, name);
  const node = file.index.nodes[file.index.producer.get(name) ?? -1];
  return node && Object.hasOwn(COMPUTED, node.op) ? COMPUTED[node.op](file, node) : null;
}

const first = (file: GraphFile, { inputs }: OnnxNode): Entries => shapeEntries(file, inputs[0]);

/** A vector is as long whatever its shape is called. */
const COMPUTED: Readonly<Record<string, (file: GraphFile, node: OnnxNode) => Entries>> = {
  Cast: first,
  Identity: first,
  Reshape: first,
  Squeeze: first,
  Unsqueeze: first,
  Shape: ({ shapes }, { inputs, attributes }) => {
    const [start, end] = [attributes.get("start")?.int ?? 0, attributes.get("end")?.int ?? null];
    return cut(shapes.get(inputs[0]) ?? null, start, end);
  },
  Concat: (file, { inputs }) => inputs.flatMap((input) => shapeEntries(file, input) ?? [null]),
  Gather: (file, { inputs }) => {
    const [from, at] = inputs.map((input) => shapeEntries(file, input));
    return at?.map((k) => (k === null ? null : (from?.at(k) ?? null))) ?? [null];
  },
  Mul: (file, node) => each(file, node, (a, b) => a * b),
  Div: (file, node) => each(file, node, (a, b) => Math.trunc(a / b)),
  Slice: slice,
  // PyTorch's expand writes 1 where a size is −1, which both keep the axis as it is.
  Where: (file, { inputs }) => shapeEntries(file, inputs[2]),
};

function each(file: GraphFile, { inputs }: OnnxNode, join: (a: number, b: number) => number): Entries {
  const [a, b] = inputs.map((input) => shapeEntries(file, input));
  if (!a || !b || a.length !== b.length) return null;
  return a.map((value, k) => {
    const other = b[k];
    return value === null || other === null ? null : join(value, other);
  });
}

function slice(file: GraphFile, { inputs }: OnnxNode): Entries {
  const [from, starts, ends, , steps = [1]] = inputs.map((input) => shapeEntries(file, input) ?? undefined);
  const start = starts?.[0] ?? null;
  return start === null || steps[0] !== 1 ? null : cut(from ?? null, start, ends?.[0] ?? null);
}

/** Of a shape that is not known the number of entries that are cut out may still be. */
function cut(from: readonly (number | null)[] | null, start: number, end: number | null): Entries {
  if (from) return from.slice(start, end ?? undefined);
  return end !== null && start >= 0 && end > start ? Array.from({ length: end - start }, () => null) : null;
}

import { sizeOf } from "../arrays/raw-tensor.ts";
import type { OnnxNode } from "../onnx/graph.ts";
import type { GraphIndex } from "../onnx/graph-index.ts";
import { type GraphFile, shapeEntries } from "./shape-entries.ts";

/**
 * Where the columns of a projection lie in a tensor made of it, for a batch of one text of one token: each entry is the
 * number of its column.
 */
export interface ColumnNumbers {
  readonly dims: readonly number[];
  readonly columns: Int32Array;
}

type Move = (file: GraphFile, node: OnnxNode, from: ColumnNumbers, output: number) => ColumnNumbers | null;

/** The columns of a product with weights, as it gives them, in a tensor of so many axes. */
export function freshColumns(width: number, rank: number): ColumnNumbers {
  const dims = Array.from({ length: rank }, (_, axis) => (axis === rank - 1 ? width : 1));
  return { dims, columns: Int32Array.from({ length: width }, (_, c) => c) };
}

/**
 * What a node makes of columns that only change their place.
 *
 * @param output which output of the node is asked for.
 * @returns null for a node that computes something, or whose shapes the graph does not tell.
 */
export function moveColumns(
  file: GraphFile,
  node: OnnxNode,
  from: ColumnNumbers,
  output: number,
): ColumnNumbers | null {
  const move = Object.hasOwn(MOVES, node.op) ? MOVES[node.op] : null;
  return move ? move(file, node, from, output) : null;
}

/** Whether a node may be one that only moves columns; a shift by a constant moves none. */
export function movesColumns(op: string): boolean {
  return Object.hasOwn(MOVES, op);
}

const keep: Move = (_, __, from) => from;

const MOVES: Readonly<Record<string, Move>> = {
  Identity: keep,
  Cast: keep,
  Dropout: keep,
  /** A bias. */
  Add: ({ index }, { inputs }, from) => (inputs.some((name) => index.constants.has(name)) ? from : null),
  /** Keys and values of earlier tokens stand before the new ones, on an axis that here has length 1. */
  Concat: (_, { attributes }, from) => (sizeAt(from, attributes.get("axis")?.int) === 1 ? from : null),
  Expand: (file, { inputs }, from) => expanded(from, shapeEntries(file, inputs[1])),
  Gather: gather,
  Reshape: (file, node, from) => reshaped(from, newShape(file, node, from)),
  Slice: slice,
  Split: split,
  Squeeze: (file, node, from) => squeezed(from, axesOf(file, node)),
  Transpose: (_, { attributes }, from) => transposed(from, attributes.get("perm")?.ints ?? []),
  Unsqueeze: (file, node, from) => unsqueezed(from, axesOf(file, node)),
};

function sizeAt({ dims }: ColumnNumbers, axis: number | null | undefined): number | undefined {
  return dims.at(axis ?? 0);
}

/** Entry by entry: `source` gives the place, in the old order, of each new one. */
function picked(from: ColumnNumbers, dims: readonly number[], source: (at: number[]) => number): ColumnNumbers {
  const columns = new Int32Array(sizeOf(dims));
  const at = dims.map(() => 0);
  for (let i = 0; i < columns.length; i++) {
    for (let axis = dims.length - 1, rest = i; axis >= 0; axis--) {
      at[axis] = rest % dims[axis];
      rest = Math.floor(rest / dims[axis]);
    }
    columns[i] = from.columns[source(at)];
  }
  return { dims, columns };
}

/** The place of an entry in row-major order. */
function placeOf(dims: readonly number[], at: readonly number[]): number {
  return at.reduce((place, k, axis) => place * dims[axis] + k, 0);
}

function transposed(from: ColumnNumbers, perm: readonly number[]): ColumnNumbers | null {
  const { dims } = from;
  if (perm.length !== dims.length) return null;
  const to = perm.map((axis) => dims[axis]);
  return picked(from, to, (at) =>
    placeOf(
      dims,
      dims.map((_, axis) => at[perm.indexOf(axis)]),
    ),
  );
}

function reshaped({ columns }: ColumnNumbers, dims: readonly number[] | null): ColumnNumbers | null {
  return dims !== null && sizeOf(dims) === columns.length ? { dims, columns } : null;
}

/** Sizes that are not known are batch or tokens, here 1, but for one where they leave a rest. */
function newShape(file: GraphFile, node: OnnxNode, { dims, columns }: ColumnNumbers): readonly number[] | null {
  const given = shapeEntries(file, node.inputs[1]);
  if (given === null) return null;
  const copies = node.attributes.get("allowzero")?.int !== 1;
  const shape = given.map((size, axis) => (size === 0 && copies ? (dims[axis] ?? 0) : size));
  const known = shape.map((size) => (size === null || size === -1 ? 1 : size));
  const open = shape.includes(-1) ? shape.indexOf(-1) : shape.lastIndexOf(null);
  const left = columns.length / sizeOf(known);
  if (left >= 1) return known.map((size, axis) => (axis === open ? left : size));
  return ofOneToken(known, 1 / left);
}

/** A shape in which batch and tokens have their number, for one text of one token: the first sizes that make it are 1. */
function ofOneToken(shape: readonly number[], number: number): readonly number[] {
  for (let start = 0; start < shape.length; start++) {
    for (let end = start + 1; end <= shape.length; end++) {
      if (sizeOf(shape.slice(start, end)) !== number) continue;
      return shape.map((size, axis) => (axis >= start && axis < end ? 1 : size));
    }
  }
  return shape;
}

function expanded(from: ColumnNumbers, shape: readonly (number | null)[] | null): ColumnNumbers | null {
  if (shape === null || shape.length !== from.dims.length) return null;
  const to = from.dims.map((size, axis) => (size === 1 ? Math.max(shape[axis] ?? 1, 1) : size));
  return picked(from, to, (at) =>
    placeOf(
      from.dims,
      at.map((k, axis) => Math.min(k, from.dims[axis] - 1)),
    ),
  );
}

/** Part of one axis, entry by entry. */
function along(from: ColumnNumbers, axis: number, entries: readonly number[]): ColumnNumbers {
  const to = from.dims.map((size, k) => (k === axis ? entries.length : size));
  return picked(from, to, (at) =>
    placeOf(
      from.dims,
      at.map((k, own) => (own === axis ? entries[k] : k)),
    ),
  );
}

function axisOf({ dims }: ColumnNumbers, axis: number): number {
  return axis < 0 ? axis + dims.length : axis;
}

function gather(file: GraphFile, { inputs, attributes }: OnnxNode, from: ColumnNumbers) {
  const axis = axisOf(from, attributes.get("axis")?.int ?? 0);
  const entries = shapeEntries(file, inputs[1]);
  if (!entries || inputs[0] === inputs[1]) return null;
  const size = from.dims[axis];
  const known = entries.flatMap((k) => (k !== null && k < size && k >= -size ? [k < 0 ? k + size : k] : []));
  if (known.length !== entries.length) return null;
  const part = along(from, axis, known);
  return isScalar(file.index, inputs[1]) ? squeezed(part, [axis]) : part;
}

function isScalar(index: GraphIndex, name: string): boolean {
  const node = index.nodes[index.producer.get(name) ?? -1];
  const tensor = index.graph.initializers.get(name) ?? node?.attributes.get("value")?.tensor;
  return tensor ? tensor.dims.length === 0 : (node?.attributes.has("value_int") ?? false);
}

function slice(file: GraphFile, { inputs }: OnnxNode, from: ColumnNumbers): ColumnNumbers | null {
  const [starts, ends, axes, steps = [1]] = [1, 2, 3, 4].map((k) =>
    inputs[k] ? (shapeEntries(file, inputs[k]) ?? []) : undefined,
  );
  if (axes?.length !== 1 || axes[0] === null) return null;
  const axis = axisOf(from, axes[0]);
  const size = from.dims[axis];
  if (size === 1) return from; // A cut along tokens.
  const [start, end] = [starts?.[0] ?? null, ends?.[0] ?? null];
  if (start === null || end === null || steps[0] !== 1) return null;
  const place = (k: number) => Math.min(Math.max(k < 0 ? k + size : k, 0), size);
  return along(from, axis, range(place(start), place(end)));
}

function split(
  file: GraphFile,
  { inputs, outputs, attributes }: OnnxNode,
  from: ColumnNumbers,
  output: number,
): ColumnNumbers | null {
  const axis = axisOf(from, attributes.get("axis")?.int ?? 0);
  const even = outputs.map(() => from.dims[axis] / outputs.length);
  const own = attributes.get("split")?.ints ?? [];
  const sizes = inputs[1] ? shapeEntries(file, inputs[1]) : own.length > 0 ? own : even;
  const known = (sizes ?? []).flatMap((size) => (size !== null && Number.isInteger(size) ? [size] : []));
  if (known.length !== outputs.length) return null;
  const start = known.slice(0, output).reduce((sum, size) => sum + size, 0);
  return along(from, axis, range(start, start + known[output]));
}

function axesOf(file: GraphFile, { inputs, attributes }: OnnxNode): readonly number[] | null {
  const given = inputs[1] ? shapeEntries(file, inputs[1]) : attributes.get("axes")?.ints;
  return given?.flatMap((axis) => axis ?? []) ?? null;
}

function squeezed({ dims, columns }: ColumnNumbers, axes: readonly number[] | null): ColumnNumbers | null {
  const gone = new Set(axes?.map((axis) => (axis < 0 ? axis + dims.length : axis)));
  if (axes === null || [...gone].some((axis) => dims[axis] !== 1)) return null;
  return { dims: dims.filter((_, axis) => !gone.has(axis)), columns };
}

function unsqueezed({ dims, columns }: ColumnNumbers, axes: readonly number[] | null): ColumnNumbers | null {
  if (axes === null) return null;
  const rank = dims.length + axes.length;
  const more = new Set(axes.map((axis) => (axis < 0 ? axis + rank : axis)));
  const rest = [...dims];
  return { dims: Array.from({ length: rank }, (_, axis) => (more.has(axis) ? 1 : (rest.shift() ?? 1))), columns };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(to - from, 0) }, (_, k) => from + k);
}

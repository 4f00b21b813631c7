import type { RawTensor, TensorData } from "../arrays/raw-tensor.ts";
import type { LiveGraph } from "./live-graph.ts";
import { chainPlace } from "./live-graph.ts";

/** For each axis of a tensor which of `[batch, n, d]` it is, as 0, 1, 2. */
export type AxisOrder = readonly [number, number, number];

const PLAIN: AxisOrder = [0, 1, 2];

/**
 * How the axes of a chain tensor lie, from the transpositions that lead to it: one pass over the chain for all tensors.
 *
 * @param first how the axes of the source lie.
 */
export function axisOrders(graph: LiveGraph, first: AxisOrder = PLAIN): (tensor: string) => AxisOrder {
  let order = first;
  const after = graph.chain.map((k) => {
    const node = graph.index.nodes[k];
    const perm = node.op === "Transpose" ? (node.attributes.get("perm")?.ints ?? []) : [];
    if (perm.length === 3) order = [order[perm[0]], order[perm[1]], order[perm[2]]];
    return order;
  });
  return (tensor) => after[chainPlace(graph, tensor) ?? -1] ?? first;
}

/** Whether the axes lie as `[batch, n, d]` already. */
export function isPlainOrder(order: AxisOrder): boolean {
  return order.every((axis, k) => axis === k);
}

/** How axes lie where the tokens come before the batch. */
export function turnedOrder([a, b, c]: AxisOrder = PLAIN): AxisOrder {
  const swapped = [1, 0, 2] as const;
  return [swapped[a], swapped[b], swapped[c]];
}

/** `[n, batch]` as `[batch, n]`, `[n, batch, d]` as `[batch, n, d]`; any other shape as it is. */
export function batchFirst(tensor: RawTensor): RawTensor {
  if (tensor.shape.length === 3) return inPlainOrder(tensor, turnedOrder());
  if (tensor.shape.length !== 2) return tensor;
  const [n, batch] = tensor.shape;
  const data = tensor.data.slice() as Float32Array; // Of any kind: entries are moved, not read.
  for (let i = 0; i < n * batch; i++) data[(i % batch) * n + Math.floor(i / batch)] = (tensor.data as Float32Array)[i];
  return { ...tensor, shape: [batch, n], data };
}

/** A tensor of three axes as `[batch, n, d]`; one of another rank as it is. */
export function inPlainOrder(tensor: RawTensor, order: AxisOrder | undefined): RawTensor {
  if (order === undefined || tensor.shape.length !== 3) return tensor;
  const at = [0, 1, 2].map((axis) => order.indexOf(axis));
  const strides = [tensor.shape[1] * tensor.shape[2], tensor.shape[2], 1];
  const shape = at.map((k) => tensor.shape[k]);
  const [across, down, along] = at.map((k) => strides[k]);
  const data = tensor.data.slice() as Exclude<TensorData, BigInt64Array | BigUint64Array>;
  const source = tensor.data as typeof data;
  for (let b = 0, to = 0; b < shape[0]; b++) {
    for (let i = 0; i < shape[1]; i++) {
      for (let k = 0; k < shape[2]; k++) data[to++] = source[b * across + i * down + k * along];
    }
  }
  return { ...tensor, shape, data };
}

/** Tokens of a leaf, whose pairs are looked at one by one. */
const LEAF = 16;
/** Squared distances of boxes may be off by this. */
const ROUNDING = 1e-13;

/** A tree of boxes: node k has the tokens `order[from[k]]` … `order[to[k] − 1]` and the children 2k + 1 and 2k + 2. */
interface BoxTree {
  readonly d: number;
  /** Rows in the order of the tree. */
  readonly rows: Float64Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/**
 * Makes a function that counts the pairs i < j with ⟨x_i, x_j⟩ ≥ t, in far fewer than n² steps at small d: two boxes of tokens that
 * lie wholly within or beyond the distance √(2 − 2t) are counted at once.
 *
 * @param x - Unit rows `[n, d]`. Not changed.
 */
export function nearPairs(x: Float64Array, n: number, d: number): (threshold: number) => number {
  const tree = boxTree(x, n, d);
  return (threshold) => countWithin(tree, 0, threshold, 2 - 2 * threshold);
}

function boxTree(x: Float64Array, n: number, d: number): BoxTree {
  const depth = Math.max(0, Math.ceil(Math.log2(n / LEAF)));
  const nodes = 2 ** (depth + 1) - 1;
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const [from, to] = [new Int32Array(nodes), new Int32Array(nodes)];
  const [low, high] = [new Float64Array(nodes * d), new Float64Array(nodes * d)];
  to[0] = n;
  for (let node = 0; node < nodes; node++) {
    const axis = boundBox(x, d, order.subarray(from[node], to[node]), low, high, node);
    const [left, right] = [2 * node + 1, 2 * node + 2];
    if (right >= nodes) continue;
    // Of typed arrays a sort by numbers is native; halves need no more than their order along one axis.
    order.subarray(from[node], to[node]).sort((a, b) => x[a * d + axis] - x[b * d + axis]);
    const middle = (from[node] + to[node]) >> 1;
    [from[left], to[left], from[right], to[right]] = [from[node], middle, middle, to[node]];
  }
  const rows = new Float64Array(n * d);
  order.forEach((i, at) => {
    for (let k = 0; k < d; k++) rows[at * d + k] = x[i * d + k];
  });
  return { d, rows, from, to, low, high };
}

/** Writes the box of some tokens; returns its longest axis. */
function boundBox(
  x: Float64Array,
  d: number,
  tokens: Int32Array,
  low: Float64Array,
  high: Float64Array,
  node: number,
): number {
  let [longest, length] = [0, -1];
  for (let k = 0; k < d; k++) {
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const i of tokens) {
      const value = x[i * d + k];
      if (value < least) least = value;
      if (value > most) most = value;
    }
    low[node * d + k] = least;
    high[node * d + k] = most;
    if (most - least > length) [longest, length] = [k, most - least];
  }
  return longest;
}

/** Pairs within one node. */
function countWithin(tree: BoxTree, node: number, threshold: number, squared: number): number {
  const { from, to } = tree;
  const count = to[node] - from[node];
  if (count < 2) return 0;
  if (largest(tree, node, node) <= squared - ROUNDING) return (count * (count - 1)) / 2;
  const [left, right] = [2 * node + 1, 2 * node + 2];
  if (right >= from.length) return nearWithin(tree, node, threshold);
  return (
    countWithin(tree, left, threshold, squared) +
    countWithin(tree, right, threshold, squared) +
    countBetween(tree, left, right, threshold, squared)
  );
}

/** Pairs of one token of each of two nodes. */
function countBetween(tree: BoxTree, a: number, b: number, threshold: number, squared: number): number {
  const { from, to } = tree;
  if (smallest(tree, a, b) > squared + ROUNDING) return 0;
  const [sizeA, sizeB] = [to[a] - from[a], to[b] - from[b]];
  if (largest(tree, a, b) <= squared - ROUNDING) return sizeA * sizeB;
  // Nodes of a level are of one size but for one token, and all leaves lie on one level.
  const [split, other] = sizeA >= sizeB ? [a, b] : [b, a];
  const right = 2 * split + 2;
  if (right < from.length)
    return (
      countBetween(tree, right - 1, other, threshold, squared) + countBetween(tree, right, other, threshold, squared)
    );
  if (2 * other + 2 < from.length)
    return (
      countBetween(tree, 2 * other + 1, split, threshold, squared) +
      countBetween(tree, 2 * other + 2, split, threshold, squared)
    );
  return nearBetween(tree, a, b, threshold);
}

function nearWithin(tree: BoxTree, node: number, threshold: number): number {
  let near = 0;
  for (let i = tree.from[node]; i < tree.to[node]; i++)
    for (let j = i + 1; j < tree.to[node]; j++) if (product(tree, i, j) >= threshold) near++;
  return near;
}

function nearBetween(tree: BoxTree, a: number, b: number, threshold: number): number {
  let near = 0;
  for (let i = tree.from[a]; i < tree.to[a]; i++)
    for (let j = tree.from[b]; j < tree.to[b]; j++) if (product(tree, i, j) >= threshold) near++;
  return near;
}

function product({ d, rows }: BoxTree, i: number, j: number): number {
  let dot = 0;
  for (let k = 0; k < d; k++) dot += rows[i * d + k] * rows[j * d + k];
  return dot;
}

/** Squared distance of the nearest points of two boxes. */
function smallest({ d, low, high }: BoxTree, a: number, b: number): number {
  let sum = 0;
  for (let k = 0; k < d; k++) {
    const gap = Math.max(low[a * d + k] - high[b * d + k], low[b * d + k] - high[a * d + k]);
    if (gap > 0) sum += gap * gap;
  }
  return sum;
}

/** Squared distance of the farthest points of two boxes. */
function largest({ d, low, high }: BoxTree, a: number, b: number): number {
  let sum = 0;
  for (let k = 0; k < d; k++) {
    const reach = Math.max(high[a * d + k] - low[b * d + k], high[b * d + k] - low[a * d + k]);
    sum += reach * reach;
  }
  return sum;
}

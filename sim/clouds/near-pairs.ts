/** Tokens of a leaf, whose pairs are looked at one by one. */
const LEAF = 8;
/** Squared distances of boxes may be off by this. */
const ROUNDING = 1e-13;

/** A tree of boxes: node k has the tokens `order[from[k]]` … `order[to[k] − 1]` and the children 2k + 1 and 2k + 2. */
interface BoxTree {
  /** Rows of three coordinates, zeros behind the last, in the order of the tree; `low` and `high` alike. */
  readonly rows: Float64Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/**
 * Makes a function that counts the pairs i < j with ⟨x_i, x_j⟩ ≥ t, in far fewer than n² steps: two boxes of tokens that
 * lie wholly within or beyond the distance √(2 − 2t) are counted at once.
 *
 * @param x - Unit rows `[n, d]`, d ≤ 3. Not changed.
 */
export function nearPairs(x: Float64Array, n: number, d: number): (threshold: number) => number {
  const tree = boxTree(x, n, d);
  return (threshold) => countWithin(tree, 0, threshold, 2 - 2 * threshold);
}

function boxTree(x: Float64Array, n: number, d: number): BoxTree {
  const depth = Math.max(0, Math.ceil(Math.log2(n / LEAF)));
  const nodes = 2 ** (depth + 1) - 1;
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const keys = new Float64Array(n);
  const [from, to] = [new Int32Array(nodes), new Int32Array(nodes)];
  const [low, high] = [new Float64Array(3 * nodes), new Float64Array(3 * nodes)];
  to[0] = n;
  for (let node = 0; node < nodes; node++) {
    const axis = boundBox(x, d, order.subarray(from[node], to[node]), low, high, node);
    const [left, right] = [2 * node + 1, 2 * node + 2];
    if (right >= nodes) continue;
    const middle = (from[node] + to[node]) >> 1;
    for (let at = from[node]; at < to[node]; at++) keys[at] = x[order[at] * d + axis];
    halve(keys, order, from[node], to[node], middle);
    [from[left], to[left], from[right], to[right]] = [from[node], middle, middle, to[node]];
  }
  const rows = new Float64Array(3 * n);
  for (let at = 0; at < n; at++) for (let k = 0; k < d; k++) rows[3 * at + k] = x[order[at] * d + k];
  return { rows, from, to, low, high };
}

/** Orders keys `from` … `to` − 1, and tokens with them, so that none before `middle` is above one after it (Hoare 1961). */
function halve(keys: Float64Array, order: Int32Array, from: number, to: number, middle: number): void {
  let low = from;
  let high = to - 1;
  while (low < high) {
    const pivot = keys[(low + high) >> 1];
    let i = low;
    let j = high;
    while (i <= j) {
      while (keys[i] < pivot) i++;
      while (keys[j] > pivot) j--;
      if (i > j) break;
      const [key, token] = [keys[i], order[i]];
      keys[i] = keys[j];
      order[i++] = order[j];
      keys[j] = key;
      order[j--] = token;
    }
    if (middle <= j) high = j;
    else if (middle >= i) low = i;
    else return;
  }
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
    low[3 * node + k] = least;
    high[3 * node + k] = most;
    if (most - least > length) [longest, length] = [k, most - least];
  }
  return longest;
}

/** Pairs within one node. */
function countWithin(tree: BoxTree, node: number, threshold: number, squared: number): number {
  const { from, to } = tree;
  const count = to[node] - from[node];
  if (count < 2) return 0;
  if (compare(tree, node, node, squared) === WITHIN) return (count * (count - 1)) / 2;
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
  const where = compare(tree, a, b, squared);
  if (where === BEYOND) return 0;
  const sizeA = to[a] - from[a];
  const sizeB = to[b] - from[b];
  if (where === WITHIN) return sizeA * sizeB;
  // Nodes of a level are of one size but for one token, and all leaves lie on one level.
  const split = sizeA >= sizeB ? a : b;
  const other = a + b - split;
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
  for (let i = tree.from[node]; i < tree.to[node]; i++) near += nearTo(tree, i, i + 1, tree.to[node], threshold);
  return near;
}

function nearBetween(tree: BoxTree, a: number, b: number, threshold: number): number {
  let near = 0;
  for (let i = tree.from[a]; i < tree.to[a]; i++) near += nearTo(tree, i, tree.from[b], tree.to[b], threshold);
  return near;
}

/** Tokens `from` … `to` − 1 that are near token i. */
function nearTo({ rows }: BoxTree, i: number, from: number, to: number, threshold: number): number {
  const [x, y, z] = [rows[3 * i], rows[3 * i + 1], rows[3 * i + 2]];
  let near = 0;
  for (let at = 3 * from; at < 3 * to; at += 3)
    if (x * rows[at] + y * rows[at + 1] + z * rows[at + 2] >= threshold) near++;
  return near;
}

/** All pairs of points of two boxes lie beyond a distance, or within it, or on both sides. */
const BEYOND = 1;
const WITHIN = -1;
const ACROSS = 0;

function compare({ low, high }: BoxTree, a: number, b: number, squared: number): number {
  let least = 0;
  let greatest = 0;
  for (let k = 0; k < 3; k++) {
    const ahead = low[3 * a + k] - high[3 * b + k];
    const behind = low[3 * b + k] - high[3 * a + k];
    const gap = Math.max(ahead, behind, 0);
    const reach = Math.min(ahead, behind);
    least += gap * gap;
    greatest += reach * reach;
  }
  if (least > squared + ROUNDING) return BEYOND;
  return greatest <= squared - ROUNDING ? WITHIN : ACROSS;
}

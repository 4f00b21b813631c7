/** Something that happens to the clusters from one layer to the next. Clusters are of two tokens and more. */
export interface ClusterEvent {
  /** Place of the layer at which it has happened. */
  readonly layer: number;
  /**
   * `birth`: of tokens that mostly were alone. `split`: of tokens of `other`, which goes on. `merge`: the cluster is part of `other`
   * now. `death`: its tokens have parted.
   */
  readonly event: "birth" | "split" | "merge" | "death";
  readonly cluster: number;
  readonly other: number | null;
  /** Tokens of the cluster: of one that is gone, at the layer before. */
  readonly size: number;
}

/** Layers in a row over which the clusters rest. */
export interface ClusterPlateau {
  readonly from: number;
  readonly to: number;
  /** Connected components at its first layer, single tokens included. */
  readonly components: number;
  /** Clusters of two tokens and more, there. */
  readonly clusters: number;
}

/** Clusters that keep their number from layer to layer. Plain data. */
export interface ClusterHistory {
  /** By layer and token: the number of the token's cluster, in order of birth; −1 where it is alone. */
  readonly ids: readonly Int32Array[];
  /** Connected components of each layer, single tokens included. */
  readonly components: readonly number[];
  /** In order of layers. */
  readonly events: readonly ClusterEvent[];
  /** Longest runs, in order of layers. */
  readonly plateaus: readonly ClusterPlateau[];
}

/** Fewer layers at rest are no plateau. */
const LEAST_PLATEAU = 3;

/** At rest the number of components changes from layer to layer by no more than this part of the tokens. */
const LARGEST_CHANGE = 0.01;

/**
 * Follows clusters over layers. A cluster goes on in the component that holds most of its tokens, two at least. Where several go on in
 * one, that which brings most tokens (of equal ones the older) keeps its number and the others end in a merge. A component in which
 * none goes on is born: by a split where most of its tokens come from one cluster that goes on elsewhere. A plateau is a longest run
 * of three layers and more over which the number of components changes by no more than 1 % of the tokens a layer, with a cluster.
 *
 * @param labels - By layer, the component of each token as `connectedComponents` numbers them; the same tokens in every layer.
 */
export function trackClusters(labels: readonly ArrayLike<number>[]): ClusterHistory {
  const ids: Int32Array[] = [];
  const components: number[] = [];
  const events: ClusterEvent[] = [];
  let next = 0;
  const fresh = () => next++;
  for (const [layer, label] of labels.entries()) {
    const members = componentsOf(label);
    components.push(members.length);
    const before = layer === 0 ? new Int32Array(label.length).fill(-1) : ids[layer - 1];
    ids.push(step(before, members, layer, fresh, events));
  }
  return { ids, components, events, plateaus: plateausOf(ids, components) };
}

type Members = readonly number[];

function componentsOf(labels: ArrayLike<number>): Members[] {
  const found = new Map<number, number[]>();
  for (let i = 0; i < labels.length; i++) {
    const members = found.get(labels[i]);
    if (members) members.push(i);
    else found.set(labels[i], [i]);
  }
  return [...found.values()];
}

/** What becomes of the clusters `before` in these components. */
function step(
  before: Int32Array,
  components: readonly Members[],
  layer: number,
  fresh: () => number,
  events: ClusterEvent[],
): Int32Array {
  const clusters = components.filter(({ length }) => length > 1);
  const sizes = countOf(before, [...before.keys()]);
  const shared = clusters.map((members) => countOf(before, members));
  const heirs = new Map<number, number>();
  for (const id of [...sizes.keys()].sort((a, b) => a - b)) {
    const heir = indexOfMost(shared.map((counts) => counts.get(id) ?? 0));
    if (heir >= 0 && (shared[heir].get(id) ?? 0) > 1) heirs.set(id, heir);
  }
  const ids = new Int32Array(before.length).fill(-1);
  const named = clusters.map((_, c) => {
    const candidates = [...heirs].filter(([, heir]) => heir === c).map(([id]) => id);
    return candidates[indexOfMost(candidates.map((id) => shared[c].get(id) ?? 0))] ?? null;
  });
  for (const [id, size] of sizes) {
    const heir = heirs.get(id);
    if (heir === undefined) events.push({ layer, event: "death", cluster: id, other: null, size });
    else if (named[heir] !== id) events.push({ layer, event: "merge", cluster: id, other: named[heir], size });
  }
  for (const [c, members] of clusters.entries()) {
    const id = named[c] ?? fresh();
    for (const i of members) ids[i] = id;
    if (named[c] !== null) continue;
    const parent = parentOf(shared[c], members.length, heirs);
    const event = parent === null ? "birth" : "split";
    events.push({ layer, event, cluster: id, other: parent, size: members.length });
  }
  return ids;
}

/** The cluster that most of so many tokens come from, if it goes on. */
function parentOf(
  shared: ReadonlyMap<number, number>,
  size: number,
  heirs: ReadonlyMap<number, number>,
): number | null {
  const [parent] = [...shared].find(([id, count]) => 2 * count > size && heirs.has(id)) ?? [null];
  return parent;
}

/** How many of some tokens each cluster holds. */
function countOf(ids: Int32Array, tokens: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const i of tokens) if (ids[i] >= 0) counts.set(ids[i], (counts.get(ids[i]) ?? 0) + 1);
  return counts;
}

/** Of equal ones the first; −1 of none. */
function indexOfMost(values: readonly number[]): number {
  return values.reduce((most, value, i) => (most < 0 || value > values[most] ? i : most), -1);
}

function plateausOf(ids: readonly Int32Array[], components: readonly number[]): ClusterPlateau[] {
  const plateaus: ClusterPlateau[] = [];
  for (let from = 0; from < ids.length; ) {
    const most = LARGEST_CHANGE * ids[from].length;
    let to = from;
    while (to + 1 < ids.length && Math.abs(components[to + 1] - components[to]) <= most) to++;
    const clusters = new Set(ids[from].filter((id) => id >= 0)).size;
    if (to - from + 1 >= LEAST_PLATEAU && clusters > 0)
      plateaus.push({ from, to, components: components[from], clusters });
    from = to + 1;
  }
  return plateaus;
}
